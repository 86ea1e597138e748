"""Where leads stand that are here already: opened again, moved, restated and closed, as the file now says."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from leads.actions import Closing, NewStatus, close_leads, set_statuses
from leads.models import Lead
from leads.models.leads import Outcome, Status
from pipeline.actions import (
    DealClosing,
    DealHistory,
    Move,
    Reopening,
    move_deals,
    record_closings,
    record_histories,
    reopen_deals,
)
from pipeline.imports.refusing import refuse
from pipeline.imports.rows import LeadRow, closing_moment, intervals_of, status_of
from pipeline.models import StageChange

Pairs = Sequence[tuple[LeadRow, Lead]]
"""Rows with their leads as they were before."""


def place_leads(pairs: Pairs, *, at: datetime) -> set[int]:
    """Open again, move, restate and close, in this order, whatever stands elsewhere in the file."""
    closing = [(row, lead) for row, lead in pairs if _is_closing(row, lead)]
    opening = [(row, lead) for row, lead in pairs if lead.is_closed and row.outcome == Outcome.OPEN]
    moving = [(row, lead) for row, lead in pairs if _is_moving(row, lead)]
    restated = [(row, lead) for row, lead in pairs if _is_restated(row, lead)]
    _reopen(opening, None)
    _reopen_to_correct([(row, lead) for row, lead in closing if lead.is_closed])
    _move(moving, at=at)
    _restate(restated)
    _close(closing)
    return {lead.pk for _, lead in [*closing, *opening, *moving, *restated]}


def _is_closing(row: LeadRow, lead: Lead) -> bool:
    """The lead closed, or closed otherwise or on another day than is known here."""
    is_another_day = row.closed_on is not None and row.closed_on != lead.closed_on
    return row.is_closed and (row.outcome != lead.outcome or is_another_day)


def _is_moving(row: LeadRow, lead: Lead) -> bool:
    if row.stage is None or lead.is_closed:
        return False
    return lead.deal.entered_at is None or lead.deal.stage_id != row.stage.pk


def _is_restated(row: LeadRow, lead: Lead) -> bool:
    """An open lead that closes gets the status of closed ones; else only what a column says."""
    says_status = row.is_closed or "status" in row.record.values
    return says_status and not lead.is_closed and status_of(row) != lead.status


def _reopen(pairs: Pairs, at: datetime | None) -> None:
    reopenings = [Reopening(lead.pk, (row.stage or lead.deal.stage).pk) for row, lead in pairs]
    refuse(reopen_deals(reopenings, by=None, at=at), [row for row, _ in pairs])


def _reopen_to_correct(pairs: Pairs) -> None:
    """On the day of the closing that follows: a deal cannot close before it was opened again."""
    by_moment: dict[datetime | None, list[tuple[LeadRow, Lead]]] = defaultdict(list)
    for row, lead in pairs:
        by_moment[closing_moment(row)].append((row, lead))
    for moment, several in by_moment.items():
        _reopen(several, moment)


def _move(pairs: Pairs, *, at: datetime) -> None:
    """Rebuild the history of a deal that nobody has moved here; move the others now."""
    own = StageChange.objects.filter(deal__in=[lead.pk for _, lead in pairs], reconstructed=False)
    moved_here = set(own.exclude(from_stage=None).values_list("deal", flat=True))
    rebuilt = [
        (row, DealHistory(lead.pk, intervals_of(row, at))) for row, lead in pairs if lead.pk not in moved_here
    ]
    refuse(record_histories([history for _, history in rebuilt], by=None), [row for row, _ in rebuilt])
    moves = [(row, Move(lead.pk, row.stage.pk)) for row, lead in pairs if row.stage and lead.pk in moved_here]
    refuse(move_deals([move for _, move in moves], by=None), [row for row, _ in moves])


def _restate(pairs: Pairs) -> None:
    """Being new is no status to go back to."""
    stated = [
        (row, NewStatus(lead.pk, status_of(row))) for row, lead in pairs if status_of(row) != Status.NEW
    ]
    refuse(set_statuses([status for _, status in stated], by=None), [row for row, _ in stated])


def _close(pairs: Pairs) -> None:
    """Win, lose or disqualify; a day that the file does not know stays unknown."""
    dropped = [(row, lead) for row, lead in pairs if row.outcome == Outcome.DISQUALIFIED]
    closed = [(row, lead) for row, lead in pairs if row.outcome != Outcome.DISQUALIFIED]
    closings = [
        DealClosing(
            lead.pk,
            row.outcome,
            row.closed_on,
            row.lost_reason.key if row.lost_reason else "",
            row.note,
            closing_moment(row),
            row.lost_to.name if row.lost_to else "",
        )
        for row, lead in closed
    ]
    refuse(record_closings(closings, by=None), [row for row, _ in closed])
    refuse(
        close_leads([_disqualification(row, lead) for row, lead in dropped], by=None, date_unknown=True),
        [row for row, _ in dropped],
    )


def _disqualification(row: LeadRow, lead: Lead) -> Closing:
    return Closing(lead.pk, row.outcome, row.closed_on, row.reason, row.note, closing_moment(row))
