"""A lead's score over the last 90 days and what moved it, for the chart and the table beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from leads.formats import signed
from leads.models import Activity, ActivityReview, Lead
from pipeline.bands import BandStart
from scoring.marks import score_curve
from scoring.models import BandCrossing, ScoreDay, ScoreState

SPAN, DAY = timedelta(days=90), timedelta(days=1)
MOST_SIGNALS = 20  # of one day


@dataclass(frozen=True, slots=True)
class Change:
    """A day on which the score changed, and what moved it; numbers are None where there was none."""

    day: date
    total: int | None
    fit: int | None
    engagement: int | None
    difference: int | None
    causes: str
    is_event: bool  # something happened; it is not only time that passed

    @property
    def eve(self) -> date:
        """The day before it."""
        return self.day - DAY

    @property
    def told(self) -> str:
        """“+15: Webinar attended”."""
        return f"{signed(self.difference)}: {self.causes}" if self.difference else self.causes


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
    changes = list(_changes(days, since))
    figures = {
        "days": score_curve(
            ((row.day, row.fit, row.engagement) for row in days), since=since, until=today + DAY
        ),
        "bands": [(band.name, band.enter) for band in bands],
        "events": [
            (change.day.isoformat(), change.total, change.told)
            for change in reversed(changes)
            if change.total is not None and change.is_event
        ],
    }
    return Curve(figures, changes, _finding(days))


def _days(lead: Lead, since: date) -> list[Any]:
    """Those in the span, and the last one before it, from which the span starts; with what happened then."""
    history = ScoreDay.objects.filter(lead=lead)
    before = history.filter(day__lte=since).values("lead").annotate(last=Max("day")).values("last")
    return list(_with_events(history).filter(Q(day__gt=since) | Q(day__in=before)).order_by("day"))


def _with_events(history: QuerySet[ScoreDay]) -> QuerySet[ScoreDay]:
    """The kinds of the day's signals, whether one was reviewed, and the band that was entered last."""
    of_day: Any = {"lead": OuterRef("lead"), "occurred_on": OuterRef("day")}
    signals = Activity.objects.signals().filter(**of_day).order_by("kind__label")
    of_lead = Q(lead_before=OuterRef("lead")) | Q(lead_after=OuterRef("lead"))
    # In the organisation's time zone, which rules while a request is answered.
    reviews = ActivityReview.objects.filter(of_lead, at__date=OuterRef("day")).exclude(by=None)
    crossings = BandCrossing.objects.filter(lead=OuterRef("lead"), day=OuterRef("day")).order_by("-at", "-pk")
    return history.annotate(
        signals=ArraySubquery(signals.values_list("kind__label", flat=True)[:MOST_SIGNALS]),
        was_reviewed=Exists(reviews),
        band_entered=Subquery(crossings.values("after__name")[:1]),
    )


def _changes(days: list[Any], since: date) -> Iterator[Change]:
    """The newest first."""
    for before, row in zip([None, *days[:-1]][::-1], days[::-1], strict=True):
        if row.day >= since:
            difference = _difference(before.total if before else None, row.total)
            known = list(_causes(before, row))
            rises = (difference or 0) > 0
            causes = ", ".join(known) or ("facts or answers changed" if rises else "time passed")
            is_event = bool(known) or rises
            yield Change(row.day, row.total, row.fit, row.engagement, difference, causes, is_event)


def _causes(before: Any, row: Any) -> Iterator[str]:
    """What is recorded of the day."""
    for label, count in Counter(row.signals).items():
        yield f"{count} × {label}" if count > 1 else label
    if before and before.model_id != row.model_id:
        yield "another version of the scoring model"
    if row.was_reviewed:
        yield "a signal reviewed"
    if row.state == ScoreState.EXCLUDED:
        yield "excluded from scoring"
    if before is None:
        yield "first score"
    if row.band_entered:
        yield f"became {row.band_entered.lower()}"


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else after - before


def _finding(days: list[Any]) -> str:
    totals = [row.total for row in days if row.total is not None]
    if not totals:
        return "No score in the last 90 days."
    return f"Score over 90 days: from {totals[0]} to {totals[-1]}, between {min(totals)} and {max(totals)}."
