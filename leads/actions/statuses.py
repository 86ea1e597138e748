"""Where an open lead stands: new, working, nurturing, qualified, or disqualified, which closes it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.refused import LeadClosed, Refused, raise_refused, sift
from leads.actions.steps import existing, lock_leads, record_steps, take_step
from leads.models import Lead, StatusChange, User
from leads.models.leads import Outcome, Status
from leads.organisation import local_date


class UnknownStatus(Refusal):
    """There is no such status."""


class ReasonMissing(Refusal):
    """A lead is only disqualified with a reason."""


class ReturnDateWrong(Refusal):
    """A lead returns from nurturing on a day to come, and only from nurturing."""


@dataclass(frozen=True)
class NewStatus:
    """A lead's next status; `at` dates this row's history, where the whole batch has no one date."""

    lead_id: int
    status: str
    reason: str = ""
    note: str = ""
    returns_on: date | None = None
    at: datetime | None = None


@audited
def set_statuses(rows: Sequence[NewStatus], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Set the status of open leads; one that has it already is left alone. Disqualifying also closes."""
    leads = lock_leads(row.lead_id for row in rows)
    now = at or timezone.now()

    def judge(row: NewStatus) -> StatusChange | None:
        lead = existing(leads, row.lead_id)
        moment = row.at or now
        check_status(lead, row, local_date(moment))
        return None if is_settled(lead, row) else _step(lead, row, by=by, at=moment)

    steps, refused = sift(rows, judge)
    record_steps([step for step in steps if step], by=by, at=at)
    return refused


def set_status(
    lead: Lead,
    status: str,
    *,
    by: User | None,
    reason: str = "",
    note: str = "",
    returns_on: date | None = None,
    at: datetime | None = None,
) -> Lead:
    """Set one lead's status; raises the refusal."""
    raise_refused(set_statuses([NewStatus(lead.pk, status, reason, note, returns_on)], by=by, at=at))
    return Lead.objects.get(pk=lead.pk)


@audited
def work_leads(lead_ids: Iterable[int], *, by: User | None, at: datetime | None = None) -> None:
    """Somebody has begun with these leads: those that are open and new become working, the others stay."""
    new = Lead.objects.open().filter(status=Status.NEW).locked(lead_ids)
    moment = at or timezone.now()
    steps = [take_step(lead, by=by, at=moment, status=Status.WORKING) for lead in new]
    record_steps(steps, by=by, at=at)


def check_status(lead: Lead, row: NewStatus, today: date) -> None:
    """Refuse what cannot be: a closed lead, an unknown status, no reason, a return in the past."""
    if lead.is_closed:
        raise LeadClosed(f"{lead} is already {lead.get_outcome_display().lower()}. Reopen it first.")
    if row.status not in Status.values:
        raise UnknownStatus(f"There is no status “{row.status}”.")
    if row.status == Status.DISQUALIFIED and not row.reason.strip():
        raise ReasonMissing(f"Say why {lead} is disqualified.")
    if row.returns_on and row.status != Status.NURTURING:
        raise ReturnDateWrong("Only a lead in nurturing has a day on which it returns.")
    if row.returns_on and row.returns_on <= today:
        raise ReturnDateWrong("A lead returns from nurturing on a day to come.")


def is_settled(lead: Lead, row: NewStatus) -> bool:
    """The lead stands there already; only nurturing again may say something new, a day of return."""
    return lead.status == row.status and row.status != Status.NURTURING


def _step(lead: Lead, row: NewStatus, *, by: User | None, at: datetime) -> StatusChange:
    is_closing = row.status == Status.DISQUALIFIED
    return take_step(
        lead,
        by=by,
        at=at,
        status=row.status,
        outcome=Outcome.DISQUALIFIED if is_closing else None,
        closed_on=local_date(at) if is_closing else None,
        reason=row.reason.strip(),
        note=row.note,
        returns_on=row.returns_on,
    )
