"""Rows that are new: leads with their deals, born where the file says they stand, and with their past."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.utils import timezone

from leads.actions import NewLead, NewStatus, PastStep, add_leads, set_statuses
from leads.models.leads import Outcome, Status
from pipeline.actions import DealHistory, DealStart, set_initial_confidence, start_deals
from pipeline.imports.pasts import DealPast, record_pasts
from pipeline.imports.refusing import refuse
from pipeline.imports.rows import LeadRow, closing_moment, intervals_of, status_of
from pipeline.models import Deal

Pairs = Sequence[tuple[LeadRow, int]]
"""Rows with the ids of their leads."""


def add_rows(rows: Sequence[LeadRow], *, system: str, at: datetime) -> set[int]:
    """Add leads, some with a past in a pipeline and some who wait in triage; their ids."""
    leads = add_leads([_new_lead(row, system, at) for row in rows], by=None, at=at)
    pairs = [(row, lead.pk) for row, lead in zip(rows, leads, strict=True)]
    _record_pasts([(row, lead_id) for row, lead_id in pairs if row.stage], at)
    _start([(row, lead_id) for row, lead_id in pairs if not row.stage])
    return {lead_id for _, lead_id in pairs}


def _new_lead(row: LeadRow, system: str, at: datetime) -> NewLead:
    role = row.record.text("contact.role")
    return NewLead(
        **row.facts,
        people=[(row.contact_id, role)] if row.contact_id else [],
        created_at=row.created_at,
        external=(system, row.record.key),
        past=list(_steps(row, at)) if row.stage else (),
    )


def _steps(row: LeadRow, at: datetime) -> Iterator[PastStep]:
    """The status from the beginning on, and the closing."""
    yield PastStep(row.entered_at or at, status_of(row))
    if row.is_closed:
        is_dropped = row.outcome == Outcome.DISQUALIFIED
        yield PastStep(
            closing_moment(row) or at,
            Status.DISQUALIFIED if is_dropped else status_of(row),
            row.outcome,
            row.closed_on,
            row.reason,
            row.note,
        )


def _record_pasts(pairs: Pairs, at: datetime) -> None:
    pasts = [
        DealPast(
            DealHistory(lead_id, intervals_of(row, at)), row.money, row.lost_reason, row.note, row.lost_to
        )
        for row, lead_id in pairs
    ]
    refuse(record_pasts(pasts, by=None), [row for row, _ in pairs])
    guesses = {
        lead_id: row.confidence for row, lead_id in pairs if row.confidence is not None and not row.is_closed
    }
    refuse(set_initial_confidence(guesses, by=None), [row for row, lead_id in pairs if lead_id in guesses])


def _start(pairs: Pairs) -> None:
    """Those of whom no stage is known: a value or confidence makes them working, a status is given."""
    Deal.objects.filter(pk__in=[lead_id for _, lead_id in pairs]).update(imported_at=timezone.now())
    starts = [(row, DealStart(lead_id, **row.money, confidence=row.confidence)) for row, lead_id in pairs]
    refuse(start_deals([start for _, start in starts], by=None), [row for row, _ in starts])
    stated = [(row, NewStatus(lead_id, row.status)) for row, lead_id in pairs if row.status]
    stated = [(row, status) for row, status in stated if status.status != Status.NEW]
    refuse(set_statuses([status for _, status in stated], by=None), [row for row, _ in stated])
