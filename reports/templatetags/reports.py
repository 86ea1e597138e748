"""What only the templates of reports need: whole money, stays, and the chips of the filter bar."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import reverse
from django.utils.safestring import SafeString

from leads import formats
from leads.organisation import organisation, today
from leads.templatetags.plumbline import short_date
from pipeline.models import Category
from reports.chance import Chance
from reports.findings import comparison, words
from reports.findings import distribution as findings_of_distribution
from reports.findings import profile as findings_of_profile
from reports.findings.effectiveness import changes_besides, version_finding
from reports.likeness import Trait
from reports.movement import Bar
from reports.periods import Span, presets
from scoring.statistics import Interval

register = template.Library()

register.filter("whole_money", words.whole_money)
register.filter("signed_share", words.signed_share)
register.filter("signed_whole_money", words.signed_whole_money)
register.filter("in_points", comparison.in_points)
register.filter("likelihood", comparison.likelihood)
register.filter("share_range", words.share_range)
register.filter("days_range", words.days_range)
register.filter("changes_besides", changes_besides)
register.filter("version_finding", version_finding)
register.filter("part_leads", words.part_leads)
register.filter("signed_leads", words.signed_leads)


@register.filter
def in_days(stay: timedelta | None) -> str:
    """6 days; an en dash for none."""
    return words.in_days(stay) if stay else "–"


@register.filter
def days(figure: float | None) -> str:
    """57, 51.8; an en dash for none."""
    return formats.NONE if figure is None else f"{figure:,.1f}".removesuffix(".0")


@register.filter
def of_key(figures: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has for a key, 0 where it has nothing."""
    return figures.get(key, 0)


@register.filter
def in_hours(stay: timedelta | None) -> str:
    """3.4 h; an en dash for none."""
    return "–" if stay is None else words.in_hours(stay)


@register.filter
def gap_in_words(gap: float | None) -> str:
    """Too low by 12 points."""
    by = 0 if gap is None else round(abs(gap) * 100)
    way = "low" if gap and gap > 0 else "high"
    return f"too {way} by {words.counted(by, 'point')}" if by else "as it came"


@register.filter
def score(figure: float | None) -> str:
    """A Brier score or a part of it, with four decimals."""
    return formats.NONE if figure is None else f"{figure:.4f}"


@register.filter
def score_change(figure: float) -> str:
    """−0.0123, +0.0040."""
    sign = "" if abs(figure) < 0.00005 else formats.MINUS if figure < 0 else "+"
    return f"{sign}{abs(figure):.4f}"


@register.filter
def category_label(key: str) -> str:
    """The name of a category of the forecast."""
    return Category(key).label


@register.filter
def amount(value: Decimal | int, currency: str) -> str:
    """Money where there is a currency, else a count."""
    return words.whole_money(Decimal(value), currency) if currency else formats.count(int(value))


@register.inclusion_tag("reports/filter_chip.html", takes_context=True)
def filter_chip(context: RequestContext, name: str, everything: str = "") -> dict[str, Any]:
    """A field of the form as a chip with its rows to choose from; `everything` names the choice of none."""
    form, request = context["form"], context["request"]
    field, chosen = form.fields[name], form.cleaned_data.get(name)
    options = [(str(row), _address(request, **{name: key}), row == chosen) for key, row in field.rows.items()]
    return {
        "name": field.noun.capitalize(),
        "value": chosen or everything,
        "options": options,
        "everything": everything and (everything, _address(request, **{name: ""}), chosen is None),
        "remove_url": _address(request, **{name: ""}) if chosen and everything else "",
    }


@register.inclusion_tag("reports/period_chip.html", takes_context=True)
def period_chip(
    context: RequestContext, name: str, start: date | None, end: date | None, everything: str = ""
) -> dict[str, Any]:
    """The days of a report as a chip with usual spans and a form for any other; none is `everything`."""
    request: HttpRequest = context["request"]
    usual = presets(today(), organisation().fiscal_year_start)
    options = [
        (label, _address(request, start=span.start, end=span.end), (span.start, span.end) == (start, end))
        for label, span in usual.items()
    ]
    if everything:
        options.insert(0, (everything, _address(request, start="", end=""), not start and not end))
    return {
        "name": name,
        "value": _days(start, end) or everything,
        "start": start,
        "end": end,
        "options": options,
        "page": request.path,
        "kept": _kept(request, "start", "end"),
    }


@register.inclusion_tag("reports/against_chip.html", takes_context=True)
def against_chip(context: RequestContext) -> dict[str, Any]:
    """What the report of an AgainstForm is compared with, as a chip; a form in it takes any other period."""
    form, request = context["form"], context["request"]
    cleared: dict[str, Any] = dict.fromkeys(("against", "against_start", "against_end"), "")
    return {
        "rival": form.rival,
        "choices": [
            (choice.label, _address(request, **cleared | choice.changes), choice.is_current)
            for choice in form.choices
        ],
        "remove_url": _address(request, **cleared),
        "start": form.cleaned_data["against_start"],
        "end": form.cleaned_data["against_end"],
        "has_period": form.query().start and form.query().end,
        "page": request.path,
        "kept": _kept(request, *cleared),
    }


@register.simple_tag(takes_context=True)
def address_of_part(context: RequestContext, dimension: str, name: str) -> str:
    """The page's address, filtered for one part of its split."""
    return _address(context["request"], **{dimension: name})


@register.inclusion_tag("reports/tools.html", takes_context=True)
def report_tools(context: RequestContext, name: str) -> dict[str, Any]:
    """Saved views and files of the report whose addresses are `name`, `name`_csv and `name`_xlsx."""
    asked = context["request"].GET.urlencode()
    files = [(kind, f"{reverse(f'reports:{name}_{kind}')}?{asked}") for kind in ("csv", "xlsx")]
    kept = ("request", "csrf_token")
    return {"page": f"reports:{name}", "files": files, "asked": asked} | {key: context[key] for key in kept}


@register.inclusion_tag("reports/table_files.html", takes_context=True)
def table_files(context: RequestContext, name: str, table: str) -> dict[str, Any]:
    """The files of one table of the report whose addresses are `name`_csv and `name`_xlsx."""
    asked = _address(context["request"], table=table)
    return {"files": [(kind, f"{reverse(f'reports:{name}_{kind}')}{asked}") for kind in ("csv", "xlsx")]}


@register.inclusion_tag("reports/foot.html")
def report_foot(name: str, source: str = "the deals as they are now") -> dict[str, Any]:
    """How fresh a report is, and its definitions: the template reports/definitions/`name`.html."""
    return {"definitions": f"reports/definitions/{name}.html", "source": source}


@register.inclusion_tag("reports/waterfall_bar.html")
def waterfall_bar(bar: Bar, highest: Decimal) -> dict[str, Any]:
    """A bar of a waterfall; `highest` is what its whole width stands for."""
    low, high = sorted((bar.since, bar.until))
    x, width = (round(float(100 * figure / highest), 2) for figure in (low, high - low))
    tone = "level" if not bar.is_step else "gain" if bar.change >= 0 else "drop"
    return {"x": x, "width": width, "tone": tone}


@register.inclusion_tag("reports/interval_bar.html")
def interval_bar(interval: Interval | None) -> dict[str, Any]:
    """A share with its interval, as a dot and a line on a scale from 0 to 100 %."""
    if interval is None:
        return {}
    low, value, high = (round(100 * share, 1) for share in (interval.low, interval.value, interval.high))
    return {"low": low, "value": value, "high": high}


@register.inclusion_tag("reports/difference_bar.html")
def difference_bar(difference: Decimal, largest: Decimal) -> dict[str, Any]:
    """A bar to the left or right of the middle; half the width is `largest`, and at least one lead."""
    scale = float(max(largest, Decimal(1)))
    length, lead = 50 * abs(float(difference)) / scale, 50 / scale
    tone = "level" if abs(difference) <= 1 else "gain" if difference > 0 else "drop"
    return {
        "x": round(50 - (length if difference < 0 else 0), 2),
        "width": round(length, 2),
        "left": round(50 - lead, 2),
        "lead": round(2 * lead, 2),
        "tone": tone,
    }


@register.filter
def lot_sentence(chance: Chance | None) -> str:
    """How likely differences as large are when leads are dealt out by lot."""
    return findings_of_distribution.lot_sentence(chance)


@register.filter
def trait_sentence(trait: Trait) -> SafeString:
    """A trait in words."""
    return findings_of_profile.trait_sentence(trait)


@register.inclusion_tag("reports/trait_bars.html")
def trait_bars(trait: Trait) -> dict[str, float]:
    """The share of won leads with a trait, and of lost ones, in per cent of the width."""
    return {"won": 100 * trait.of_won, "lost": 100 * trait.of_lost}


@register.inclusion_tag("reports/kept_fields.html", takes_context=True)
def kept_fields(context: RequestContext, *but: str) -> dict[str, Any]:
    """What stands in the address, as hidden fields of a form that changes only a part of it."""
    return {"kept": _kept(context["request"], *but)}


def _days(start: date | None, end: date | None) -> str:
    if start and end:
        return Span(start, end).label
    return f"from {short_date(start)}" if start else f"until {short_date(end)}" if end else ""


def _kept(request: HttpRequest, *but: str) -> list[tuple[str, Any]]:
    return [(name, request.GET[name]) for name in request.GET if name not in but]


def _address(request: HttpRequest, **changes: str | date) -> str:
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = str(value)
    return f"?{query.urlencode()}"
