"""What the triage list shows: a page of leads in the order asked for, by band, and how many there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

from leads.models import Lead
from leads.querysets import LeadQuerySet
from pipeline.bands import LANES, Ladder
from pipeline.filters import CLOSED, Chip, TriageFilter
from pipeline.paging import Cursor, Order, Page, Segment, turn
from pipeline.rows import Row, rows_of
from scoring.models import LeadScore

SIZE = 50
COUNTED = 10_000  # beyond this a count would cost more than it tells

ORDERS = {
    "score": Order("score__total", int),
    "value": Order("deal__value", Decimal),
    "confidence": Order("deal__confidence", int),
    "close": Order("deal__expected_close_on", date.fromisoformat, descending=False),
    "contact": Order("last_contact_at", datetime.fromisoformat),
    "added": Order("created_at", datetime.fromisoformat),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; without a name when the order is not by score."""

    rows: list[Row]
    name: str = ""
    sign: str = ""
    note: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many leads match, by state and band; None where there are more than are counted."""

    by_band: dict[tuple[str, int | None], int] | None

    @property
    def total(self) -> int | None:
        return None if self.by_band is None else sum(self.by_band.values())

    @property
    def text(self) -> str:
        return f"{COUNTED:,}+" if self.total is None else f"{self.total:,}"

    def of(self, state: str, band_id: int | None) -> int | None:
        return None if self.by_band is None else self.by_band.get((state, band_id), 0)


@dataclass(frozen=True, slots=True)
class Nothing:
    """An empty list: its filters, the closed leads that match, the filter to drop and what that brings."""

    filters: int
    closed: int
    drop: Chip | None
    brings: int

    @property
    def title(self) -> str:
        return (
            "No lead matches this filter"
            if self.filters == 1
            else f"No lead matches these {self.filters} filters"
        )

    @property
    def text(self) -> str:
        if not self.drop or not self.brings:
            return "Dropping one of them brings none back."
        leads = "1 lead matches" if self.brings == 1 else f"{self.brings:,} leads match"
        return f"{leads} without “{self.drop.label}: {self.drop.value}”."

    @property
    def closed_text(self) -> str:
        closed = "1 closed lead matches" if self.closed == 1 else f"{self.closed:,} closed leads match"
        return f"{closed}, and none that is open."


@dataclass(frozen=True, slots=True)
class TriageList:
    groups: list[Group]
    page: Page
    tally: Tally

    @property
    def range(self) -> str:
        return f"{self.page.first:,}–{self.page.last:,} of {self.tally.text}"


def triage_list(
    leads: LeadQuerySet, ladder: Ladder, *, sort: str, cursor: str, today: date, size: int = SIZE
) -> TriageList:
    """A page of these leads; four queries."""
    order = ORDERS[sort]
    tally = count_leads(leads)
    segments = list(_score_segments(ladder, tally)) if sort == "score" else _segments(order)
    page = turn(leads.filter(score__isnull=False), segments, order, Cursor.parse(cursor, order), size=size)
    rows = list(rows_of(page.ids, ladder, today))
    return TriageList(_grouped(rows, ladder, tally) if sort == "score" else [Group(rows)], page, tally)


def nothing_found(filters: TriageFilter) -> Nothing:
    """Why the list is empty: closed leads that match, and the filter whose drop brings most. One query."""
    chips = filters.chips()
    others = [_counted("", filters.changed(status=CLOSED))]
    others += [_counted(chip.name, filters.changed(**{chip.name: ""})) for chip in chips]
    counts = dict(others[0].union(*others[1:], all=True) if chips else others[0])
    best = max(chips, key=lambda chip: counts.get(chip.name, 0), default=None)
    return Nothing(len(chips), counts.get("", 0), best, counts.get(best.name, 0) if best else 0)


def _counted(name: str, filters: TriageFilter) -> QuerySet[Lead, Any]:
    named: LeadQuerySet = filters.qs.order_by().annotate(dropped=Value(name, CharField())).values("dropped")
    return named.annotate(Count("pk")).values_list("dropped", "pk__count")


def count_leads(leads: LeadQuerySet) -> Tally:
    """How many there are in each band, unless there are too many to count."""
    leads = leads.order_by()
    if leads[: COUNTED + 1].count() > COUNTED:
        return Tally(None)
    counts = LeadScore.objects.filter(lead__in=leads).values_list("state", "band").annotate(Count("pk"))
    return Tally({(state, band_id): count for state, band_id, count in counts})


def _score_segments(ladder: Ladder, tally: Tally) -> Iterator[Segment]:
    """Band by band: a band is left below where it is entered, so bands overlap in their totals."""
    for step in ladder.steps:
        yield Segment(Q(score__band=step.pk), size=tally.of("scored", step.pk))
    for state in ("unscored", "excluded"):
        yield Segment(Q(score__band=None, score__state=state), has_key=False, size=tally.of(state, None))


def _segments(order: Order) -> list[Segment]:
    unknown = Q(**{f"{order.key}__isnull": True})
    return [Segment(~unknown), Segment(unknown, has_key=False)]


def _grouped(rows: Iterable[Row], ladder: Ladder, tally: Tally) -> list[Group]:
    return [_group(list(some), ladder, tally) for _, some in groupby(rows, key=_heading)]


def _heading(row: Row) -> tuple[str, int | None]:
    return row.lead.score.state, row.lead.score.band_id


def _group(rows: list[Row], ladder: Ladder, tally: Tally) -> Group:
    state, band_id = _heading(rows[0])
    count = tally.of(state, band_id)
    if band_id is None:
        name, note = (
            ("Excluded", "not scored") if state == "excluded" else ("Not scored yet", "within seconds")
        )
        return Group(rows, name, "excluded" if state == "excluded" else "", note, count)
    step = next(step for step in ladder.steps if step.pk == band_id)
    span = ladder.spans().get(band_id)
    return Group(rows, step.name, step.sign, " · ".join(filter(None, [span, LANES[step.lane]])), count)
