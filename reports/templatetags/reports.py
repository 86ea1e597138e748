"""What only the templates of reports need: whole money, stays, and the chips of the filter bar."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import RequestContext

from leads import formats
from leads.organisation import organisation, today
from leads.templatetags.plumbline import short_date
from reports import findings
from reports.periods import Span, presets

register = template.Library()

register.filter("whole_money", findings.whole_money)
register.filter("signed_whole_money", findings.signed_whole_money)


@register.filter
def in_days(stay: timedelta | None) -> str:
    """6 days; an en dash for none."""
    return findings.in_days(stay) if stay else "–"


@register.filter
def amount(value: Decimal | int, currency: str) -> str:
    """Money where there is a currency, else a count."""
    return findings.whole_money(Decimal(value), currency) if currency else formats.count(int(value))


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
