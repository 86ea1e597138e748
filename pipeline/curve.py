"""A lead's score over the last 90 days, for the chart and the table beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Q

from leads.models import Lead
from pipeline.bands import BandStart
from scoring.marks import score_curve
from scoring.models import ScoreDay

SPAN, DAY = timedelta(days=90), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the score changed; numbers are None where there was none."""

    day: date
    total: int | None
    fit: int | None
    engagement: int | None
    difference: int | None


@dataclass(frozen=True, slots=True)
class Curve:
    """What the chart draws, the days on which something changed, and the finding in a sentence."""

    figures: dict[str, Any]
    changes: list[Change]
    finding: str


def curve_of(lead: Lead, bands: Sequence[BandStart], today: date) -> Curve | None:
    """The last 90 days; nothing before the first scoring. One query."""
    days = _days(lead, today - SPAN)
    if not days:
        return None
    since = today - SPAN
    drawn = score_curve(((row.day, row.fit, row.engagement) for row in days), since=since, until=today + DAY)
    figures = {"days": drawn, "bands": [(band.name, band.enter) for band in bands]}
    return Curve(figures, list(_changes(days, since)), _finding(days))


def _days(lead: Lead, since: date) -> list[ScoreDay]:
    """Those in the span, and the last one before it, from which the span starts."""
    history = ScoreDay.objects.filter(lead=lead)
    before = history.filter(day__lte=since).values("lead").annotate(last=Max("day")).values("last")
    return list(history.filter(Q(day__gt=since) | Q(day__in=before)).order_by("day"))


def _changes(days: list[ScoreDay], since: date) -> Iterator[Change]:
    """The newest first."""
    for before, row in zip([None, *days[:-1]][::-1], days[::-1], strict=True):
        if row.day >= since:
            difference = _difference(before.total if before else None, row.total)
            yield Change(row.day, row.total, row.fit, row.engagement, difference)


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _finding(days: list[ScoreDay]) -> str:
    totals = [row.total for row in days if row.total is not None]
    if not totals:
        return "No score in the last 90 days."
    return f"Score over 90 days: from {totals[0]} to {totals[-1]}, between {min(totals)} and {max(totals)}."
