"""Histories that come from another system: stages with dates, written as reconstructed."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import Refused, sift, store, work_leads
from leads.actions.audit import audited
from leads.models import User
from pipeline.actions.outcomes import leave_stages
from pipeline.actions.scores import fill_scores
from pipeline.actions.settling import SETTLED, existing, load_stages, lock_deals, settle
from pipeline.models import ConfidenceChange, Deal, Stage, StageChange

PLACED = ("stage", "entered_at", "stage_entered_at", "imported_at", "entry_score", "entry_band")

Interval = tuple[int, datetime, datetime | None]


class HistoryWrong(Refusal):
    """Stages that no deal can have passed like this."""


class MovedHere(Refusal):
    """The deal has been moved since it was imported, and that history stays."""


@dataclass(frozen=True)
class DealHistory:
    """The stages of one deal in order: id, entered, left (None: it stands there, or closing ends it)."""

    lead_id: int
    intervals: Sequence[Interval]


@audited
def record_histories(rows: Sequence[DealHistory], *, by: User | None) -> list[Refused]:
    """Write what another system knows, in place of what was imported before; new leads are being worked.

    Both confidences of every interval are the base of its stage: nobody knows what they were.
    """
    deals = lock_deals(row.lead_id for row in rows)
    stages = load_stages(deals.values(), *(stage_id for row in rows for stage_id, _, _ in row.intervals))
    moved_here = _moved_here(deals)

    def judge(row: DealHistory) -> DealHistory:
        deal = existing(deals, row.lead_id)
        if deal.pk in moved_here:
            raise MovedHere(f"{deal.lead} has been moved here since; its history stays.")
        check_history(row, stages)
        return row

    histories, refused = sift(rows, judge)
    for history in histories:
        _place(deals[history.lead_id], history, stages)
    _write([deals[history.lead_id] for history in histories], histories, stages, by=by)
    return refused


def check_history(row: DealHistory, stages: Mapping[int, Stage]) -> None:
    """Refuse an empty history, a foreign stage, and whatever happens before what it follows."""
    if not row.intervals or any(stage_id not in stages for stage_id, _, _ in row.intervals):
        raise HistoryWrong("A history needs stages that there are.")
    if len({stages[stage_id].pipeline_id for stage_id, _, _ in row.intervals}) > 1:
        raise HistoryWrong("All stages of a history belong to one pipeline.")
    for stage_id, entered_at, left_at in row.intervals:
        if left_at and left_at < entered_at:
            raise HistoryWrong(
                f"{stages[stage_id]} was left on {left_at:%d %b %Y}, but entered on {entered_at:%d %b %Y}."
            )
    for (stage_id, _, left_at), (next_id, entered_at, _) in pairwise(row.intervals):
        if left_at is None or entered_at < left_at:
            raise HistoryWrong(f"{stages[next_id]} was entered before {stages[stage_id]} was left.")
    if row.intervals[-1][1] > timezone.now():
        raise HistoryWrong("A stage cannot have been entered on a day still to come.")


def _moved_here(ids: Iterable[int]) -> set[int]:
    moves = StageChange.objects.filter(deal__in=list(ids), reconstructed=False).exclude(from_stage=None)
    return set(moves.values_list("deal", flat=True))


def _place(deal: Deal, history: DealHistory, stages: Mapping[int, Stage]) -> None:
    """Have the deal stand at the end of its history; an entry on another day had another score."""
    stage_id, stage_entered_at, _ = history.intervals[-1]
    entered_at = history.intervals[0][1]
    if deal.entered_at != entered_at:
        deal.entry_score = deal.entry_band = None
    deal.stage, deal.entered_at, deal.stage_entered_at = stages[stage_id], entered_at, stage_entered_at
    deal.imported_at = timezone.now()


def _write(
    deals: Collection[Deal], histories: Sequence[DealHistory], stages: Mapping[int, Stage], *, by: User | None
) -> None:
    ids = [deal.pk for deal in deals]
    changes = settle([deal for deal in deals if not deal.lead.is_closed], by=by)
    store(deals, *PLACED, *SETTLED)
    StageChange.objects.filter(deal__in=ids).delete()
    StageChange.objects.bulk_create(
        change for history in histories for change in stage_changes(history, stages, by=by)
    )
    ConfidenceChange.objects.bulk_create(changes)
    work_leads(ids, by=by)
    leave_stages([deal.pk for deal in deals if deal.lead.is_closed])
    fill_scores(ids)


def stage_changes(
    history: DealHistory, stages: Mapping[int, Stage], *, by: User | None
) -> Iterator[StageChange]:
    """The unsaved rows of a history."""
    before = None
    for stage_id, entered_at, left_at in history.intervals:
        stage = stages[stage_id]
        yield StageChange(
            deal_id=history.lead_id,
            from_stage=before,
            to_stage=stage,
            entered_at=entered_at,
            left_at=left_at,
            confidence=stage.confidence,
            automatic_confidence=stage.confidence,
            reconstructed=True,
            by=by,
        )
        before = stage
