"""Tags that draw a score: the mark in lists, the scale on a lead, the bars of a group and of confidence."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import template

from leads.formats import NONE, tenths
from leads.organisation import organisation
from scoring.marks import scale_notches, score_bar, shown_as
from scoring.nights import nights

register = template.Library()

SIGNS = ("hot", "warm", "cold", "dead", "excluded")


@register.inclusion_tag("components/score_mark.html")
def score_mark(
    *,
    total: int | None,
    fit: int | None,
    engagement: int | None,
    sign: str = "",
    band: str = "",
    grade: str = "",
    state: str = "scored",
    notches: Iterable[int] = (10, 40, 70),
    display: str = "",
) -> dict[str, Any]:
    """A lead's score in a list; fit and engagement in tenths; sign is the band's colour, band its name.

    Without `display` it is shown as the organisation has chosen.
    """
    if total is None or state != "scored":
        return {"off": state, "sign": "excluded" if state == "excluded" else ""}
    display = display or organisation().score_display
    return {
        "sign": sign,
        "shown": shown_as(display, total, grade=grade, band=band),
        "is_word": display == "words",
        "label": f"{band}, {total} of 100: fit {_spoken(fit)}, engagement {_spoken(engagement)}",
        "bar": score_bar(fit or 0, engagement or 0, gap=1),
        "notches": [notch for notch in notches if 0 < notch < 100],
    }


@register.simple_tag
def shown_score(*, total: int | None, grade: str = "", band: str = "") -> str:
    """A score in the form that the organisation has chosen; a dash for none."""
    return NONE if total is None else shown_as(organisation().score_display, total, grade=grade, band=band)


@register.inclusion_tag("components/score_scale.html")
def score_scale(
    *,
    total: int,
    fit: int,
    engagement: int,
    bands: Iterable[tuple[str, int]],
    grade: str = "",
    band: str = "",
) -> dict[str, Any]:
    """The large form, with a plumb line at the total; bands are (name, enter), band the lead's own."""
    bands = list(bands)
    bar = score_bar(fit, engagement, gap=0.25)
    starts = ", ".join(f"{name} starts at {enter}" for name, enter in bands if enter)
    return {
        "total": total,
        "shown": shown_as(organisation().score_display, total, grade=grade, band=band),
        "fit": fit,
        "engagement": engagement,
        "bar": bar,
        # clear of the label of fit and of the end
        "engagement_label": min(max(bar.engagement.start, 20), 62),
        "notches": scale_notches(bands),
        "label": f"Score {total} of 100: fit {_spoken(fit)}, engagement {_spoken(engagement)}. {starts}.",
    }


@register.inclusion_tag("components/cap_bar.html")
def cap_bar(*, points: int, maximum: int | Decimal, kind: str) -> dict[str, Any]:
    """How much of a group's maximum, in points, is reached; points in tenths, kind fit or engagement."""
    length = 72 * min(abs(points) / 10 / float(maximum), 1) if maximum else 0
    return {
        "length": round(length, 1),
        "tone": "is-neg" if points < 0 else "pl-m-fit" if kind == "fit" else "pl-m-eng",
    }


@register.inclusion_tag("components/confidence.html")
def confidence(
    *, value: int | None, automatic: int | None, source: str, wide: bool = False
) -> dict[str, Any]:
    """The bar of confidence; source is automatic, initial or manual; wide leaves out the figure."""
    by_hand = source == "manual"
    label = {
        "manual": f"set by hand; automatic would be {automatic} percent",
        "initial": "given when the lead was added",
    }.get(source, "automatic")
    return {
        "value": value,
        "automatic": automatic,
        "source": source,
        "by_hand": by_hand,
        "wide": wide,
        "label": f"Confidence {value} percent, {label}",
    }


@register.simple_tag
def decay_warning() -> str:
    """What an administrator should know of nights on which decay did not run; empty when all is well."""
    return nights().sentence


def _spoken(value: int | None) -> str:
    """Tenths in words for a screen reader: minus 12.0."""
    return tenths(value).replace("−", "minus ")
