"""How a lead ends and begins again: won, lost, disqualified, reopened."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.refused import LeadClosed, Refused, raise_refused, sift
from leads.actions.statuses import ReasonMissing
from leads.actions.steps import existing, lock_leads, record_steps, take_step
from leads.models import Lead, StatusChange, User
from leads.models.leads import Outcome, Status
from leads.organisation import local_date, today

EARLIEST_CLOSING = date(1990, 1, 1)


class UnknownOutcome(Refusal):
    """A lead closes as won, lost or disqualified."""


class ClosingDateWrong(Refusal):
    """A lead closes today or on a day that has been, after 1989."""


class LeadOpen(Refusal):
    """The lead is open already."""


@dataclass(frozen=True)
class Closing:
    """How one lead ends; `at` dates this row's history, where the whole batch has no one date."""

    lead_id: int
    outcome: str
    closed_on: date | None = None
    reason: str = ""
    note: str = ""
    at: datetime | None = None


@audited
def close_leads(
    rows: Sequence[Closing], *, by: User | None, at: datetime | None = None, date_unknown: bool = False
) -> list[Refused]:
    """Close open leads. Without a day it is that of `at`; with `date_unknown` (an import) it stays empty."""
    leads = lock_leads(row.lead_id for row in rows)
    now = at or timezone.now()

    def judge(row: Closing) -> StatusChange:
        lead = existing(leads, row.lead_id)
        check_closing(lead, row)
        moment = row.at or now
        closed_on = row.closed_on if row.closed_on or date_unknown else local_date(moment)
        return _close(lead, row, closed_on, by=by, at=moment)

    steps, refused = sift(rows, judge)
    record_steps(steps, by=by, at=at)
    return refused


def close_lead(
    lead: Lead,
    outcome: str,
    *,
    by: User | None,
    closed_on: date | None = None,
    reason: str = "",
    note: str = "",
    at: datetime | None = None,
) -> Lead:
    """Close one lead; raises the refusal."""
    raise_refused(close_leads([Closing(lead.pk, outcome, closed_on, reason, note)], by=by, at=at))
    return Lead.objects.get(pk=lead.pk)


@audited
def reopen_leads(lead_ids: Iterable[int], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Open closed leads again; one that was disqualified is working."""
    ids = list(lead_ids)
    leads = lock_leads(ids)
    moment = at or timezone.now()
    steps, refused = sift(ids, lambda lead_id: _reopen(existing(leads, lead_id), by=by, at=moment))
    record_steps(steps, by=by, at=at)
    return refused


def reopen_lead(lead: Lead, *, by: User | None, at: datetime | None = None) -> Lead:
    """Open one lead again; raises the refusal."""
    raise_refused(reopen_leads([lead.pk], by=by, at=at))
    return Lead.objects.get(pk=lead.pk)


def check_closing(lead: Lead, row: Closing) -> None:
    """Refuse what cannot be: closed already, no such outcome, no reason, a day to come or long before us."""
    if lead.is_closed:
        raise LeadClosed(f"{lead} is already {lead.get_outcome_display().lower()}.")
    if row.outcome not in Outcome.values or row.outcome == Outcome.OPEN:
        raise UnknownOutcome(f"A lead closes as won, lost or disqualified, not as “{row.outcome}”.")
    if row.outcome == Outcome.DISQUALIFIED and not row.reason.strip():
        raise ReasonMissing(f"Say why {lead} is disqualified.")
    if row.closed_on and row.closed_on > today():
        raise ClosingDateWrong(f"{lead} cannot close on {row.closed_on:%d %b %Y}, a day still to come.")
    if row.closed_on and row.closed_on < EARLIEST_CLOSING:
        raise ClosingDateWrong(f"{lead} cannot have closed on {row.closed_on:%d %b %Y}, before 1990.")


def _close(
    lead: Lead, row: Closing, closed_on: date | None, *, by: User | None, at: datetime
) -> StatusChange:
    return take_step(
        lead,
        by=by,
        at=at,
        status=Status.DISQUALIFIED if row.outcome == Outcome.DISQUALIFIED else None,
        outcome=row.outcome,
        closed_on=closed_on,
        reason=row.reason.strip(),
        note=row.note,
    )


def _reopen(lead: Lead, *, by: User | None, at: datetime) -> StatusChange:
    if not lead.is_closed:
        raise LeadOpen(f"{lead} is open already.")
    status = Status.WORKING if lead.status == Status.DISQUALIFIED else None
    return take_step(lead, by=by, at=at, status=status, outcome=Outcome.OPEN)
