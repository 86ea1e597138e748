"""What happened to a lead, the newest first: activities, moves, values, confidences, statuses, owners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Concat, JSONObject, Trim

from config.prepared import Parameter, PreparedQuery
from leads.models import Activity, ActivityReview, Lead, StatusChange
from leads.models.activities import Doer
from leads.organisation import local_date, zone
from pipeline.models import Assignment, ConfidenceChange, DealChange, NurtureEvent, StageChange
from pipeline.names import name_of
from pipeline.wording import Entry, Facts, tell
from scoring.models import BandCrossing

SIZE = 20
ALL, SIGNALS, SALES, CHANGES, BANDS = "all", "signals", "sales", "changes", "bands"
LIFE = "life"
LONGEST_LIFE = 1_000  # changes of one deal
LEAD = Parameter("lead", "bigint", BigIntegerField())
Whose = int | Parameter
"""The number of a lead, or what stands for it until the query is asked."""
SHOWN = {ALL: "All", SIGNALS: "Signals", SALES: "Sales", CHANGES: "Changes", BANDS: "Bands"}


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The newest part of it; `next` is the number of the page that reaches further back, if there is more."""

    days: list[Day]
    shown: str
    next: int | None


def timeline(lead: Lead, *, shown: str = ALL, page: int = 1) -> Timeline:
    """As many pages as were asked for, by day; one query, whatever there is."""
    rows = _rows(lead, shown, page * SIZE + 1)
    return Timeline(
        list(_by_day(_told(rows[: page * SIZE]))), shown, page + 1 if len(rows) > page * SIZE else None
    )


def latest(lead: Lead, count: int) -> list[Entry]:
    """The newest things; one query."""
    return list(_told(_rows(lead, ALL, count)))


def steps_of(lead: Lead) -> list[tuple[Entry, str, Facts]]:
    """All changes of a deal's stage, confidence, facts and status, the oldest first; one query."""
    rows = _rows(lead, LIFE, LONGEST_LIFE)[::-1]
    return [(tell(source, at.astimezone(zone()), facts), source, facts) for at, source, _, facts in rows]


def _rows(lead: Lead, shown: str, limit: int) -> list[Any]:
    """First pages are prepared; further ones are rare, and each has a limit of its own."""
    if limit <= SIZE + 1:
        return FIRST_ROWS[shown].read(lead=lead.pk)[:limit]
    return list(_newest(lead.pk, shown, limit))


def _newest(lead: Whose, shown: str, limit: int) -> QuerySet[Any, Any]:
    parts = [part(lead)[:limit] for part in PARTS[shown]]
    if len(parts) == 1:
        return parts[0]
    together = parts[0].union(*parts[1:], all=True)
    return together.order_by(F("told_at").desc(), F("told_from"), F("number").desc())[:limit]


def _told(rows: Iterable[Any]) -> Iterable[Entry]:
    return (tell(source, at.astimezone(zone()), facts) for at, source, _, facts in rows)


def _by_day(entries: Iterable[Entry]) -> Iterable[Day]:
    for day, some in groupby(entries, key=lambda entry: local_date(entry.at)):
        yield Day(day, list(some))


# ---- the rows, all of one shape


def _part(rows: QuerySet[Any], source: str, at: str, facts: JSONObject) -> QuerySet[Any, Any]:
    told: QuerySet[Any] = rows.annotate(
        told_at=F(at), told_from=Value(source, CharField()), number=F("pk"), told=facts
    )
    newest = told.order_by(F("told_at").desc(), F("number").desc())
    return newest.values_list("told_at", "told_from", "number", "told")


def _activities(lead: Whose, **which: object) -> QuerySet[Any, Any]:
    review = ActivityReview.objects.filter(activity_id=OuterRef("pk")).order_by("-at", "-pk")
    facts = JSONObject(
        pk="pk",
        review=Subquery(review.values("note")[:1]),
        kind="kind__key",
        label="kind__label",
        url="url",
        seconds="duration_seconds",
        properties="properties",
        trust="trust",
        by=name_of("actor"),
        doer="kind__by",
        who=Trim(Concat("contact__first_name", Value(" "), "contact__last_name")),
    )
    shown = Activity.objects.filter(lead=lead, **which).exclude(kind__key="stage_entered")
    return _part(shown, "activity", "occurred_at", facts)


def _signals(lead: Whose) -> QuerySet[Any, Any]:
    return _activities(lead, kind__by=Doer.PROSPECT)


def _sales(lead: Whose) -> QuerySet[Any, Any]:
    return _activities(lead, kind__by=Doer.REP)


def _moves(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(
        before="from_stage__name",
        after="to_stage__name",
        by=name_of("by"),
        reconstructed="reconstructed",
        left_at="left_at",
        confidence="confidence",
        automatic="automatic_confidence",
        waived="waived",
        waiver="waiver",
    )
    return _part(StageChange.objects.filter(deal=lead), "move", "entered_at", facts)


def _confidences(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(
        before="before",
        after="after",
        automatic="automatic",
        source="source",
        reason="reason",
        by=name_of("by"),
    )
    changed = ConfidenceChange.objects.filter(deal=lead, before__isnull=False)
    return _part(changed, "confidence", "at", facts)


def _deal_changes(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(
        field="field", before="before", after="after", currency="deal__currency", by=name_of("by")
    )
    return _part(DealChange.objects.filter(deal=lead), "deal", "at", facts)


def _statuses(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(
        before="before",
        after="after",
        outcome_before="outcome_before",
        outcome_after="outcome_after",
        reason="reason",
        note="note",
        by=name_of("by"),
    )
    return _part(StatusChange.objects.filter(lead=lead), "status", "at", facts)


def _assignments(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(before=name_of("before"), after=name_of("after"), why="why", by=name_of("by"))
    return _part(Assignment.objects.filter(lead=lead), "assignment", "at", facts)


def _crossings(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(
        before="before__name", after="after__name", total="total", rank="after__order", was="before__order"
    )
    return _part(BandCrossing.objects.filter(lead=lead), "crossing", "at", facts)


def _nurture(lead: Whose) -> QuerySet[Any, Any]:
    facts = JSONObject(text="text", detail="detail")
    return _part(NurtureEvent.objects.filter(lead=lead), "nurture", "at", facts)


PARTS: dict[str, list[Callable[[Whose], QuerySet[Any, Any]]]] = {
    ALL: [_activities, _moves, _confidences, _deal_changes, _statuses, _assignments, _crossings, _nurture],
    SIGNALS: [_signals],
    SALES: [_sales, _moves],
    LIFE: [_moves, _confidences, _deal_changes, _statuses],
    CHANGES: [_moves, _confidences, _deal_changes, _statuses, _assignments, _crossings, _nurture],
    BANDS: [_crossings],
}
FIRST_ROWS = {shown: PreparedQuery(partial(_newest, LEAD, shown, SIZE + 1)) for shown in SHOWN}
