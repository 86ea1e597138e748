"""Geometry of the score mark, the scale and the confidence bar: pure, in hundredths of the full length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from leads.formats import percent

FULL = 1000  # tenths


def shown_as(display: str, total: int, *, grade: str = "", band: str = "") -> str:
    """A score as the team wants it: 63, 63 %, B2 or Warm; the figure where grade or band is unknown."""
    return {"percent": percent(total), "grade": grade, "words": band}.get(display) or str(total)


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the bar; start and length run from 0 to 100."""

    start: float
    length: float


@dataclass(frozen=True, slots=True)
class ScoreBar:
    """Fit first, then engagement, then what was taken away; the filled parts end at the total."""

    fit: Segment
    engagement: Segment
    lost: Segment
    total: float


def score_bar(fit: int, engagement: int, gap: float = 0) -> ScoreBar:
    """Lay out fit and engagement, given in tenths; a negative half shortens the other from its end."""
    total = min(max(fit + engagement, 0), FULL)
    gained = min(max(fit, 0) + max(engagement, 0), FULL)
    dark = min(max(fit, 0), total)
    light_from = dark + (gap * 10 if 0 < dark < total else 0)
    return ScoreBar(
        fit=_segment(0, dark),
        engagement=_segment(light_from, total),
        lost=_segment(total, gained),
        total=total / 10,
    )


def _segment(start: float, end: float) -> Segment:
    return Segment(round(start / 10, 2), round(max(end - start, 0) / 10, 2))


def score_curve(
    days: Iterable[tuple[date, int | None, int | None]], *, since: date, until: date
) -> list[tuple[str, float, float]]:
    """Steps of a score over time, as (ISO date, fit, engagement) in drawn lengths.

    The days are those on which it changed, rising, with fit and engagement in tenths, none while excluded;
    the last one before `since` says where the curve starts, and the last one lasts until `until`.
    """
    drawn: dict[date, tuple[float, float]] = {}
    for day, fit, engagement in days:
        bar = score_bar(fit or 0, engagement or 0)
        drawn[max(day, since)] = drawn[until] = (bar.fit.length, bar.engagement.length)
    return [(day.isoformat(), *lengths) for day, lengths in sorted(drawn.items())]


@dataclass(frozen=True, slots=True)
class Notch:
    """Where a band starts; its label stands right or left of the line, or nowhere for want of room."""

    at: int
    label: str
    side: str


def scale_notches(bands: Iterable[tuple[str, int]], room: int = 18) -> list[Notch]:
    """Notches of (name, enter), rising; `room` is a label's width in hundredths of the narrowest scale."""
    steps = sorted((enter, name) for name, enter in bands if 0 < enter < 100)
    limits = [enter for enter, _ in steps[1:]] + [100]
    notches: list[Notch] = []
    free = 0
    for (enter, name), limit in zip(steps, limits, strict=True):
        side = "right" if enter + room <= limit else "left" if enter - room >= free else "none"
        free = {"right": enter + room, "left": enter, "none": free}[side]
        notches.append(Notch(enter, name, side))
    return notches
