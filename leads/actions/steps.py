"""The steps of a lead's life: how every change of status or outcome is recorded and announced."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from leads.actions.refused import LeadGone
from leads.actions.rows import store
from leads.models import Lead, StatusChange, User
from leads.models.leads import Outcome
from leads.signals import leads_closed, leads_reopened, statuses_changed


def lock_leads(ids: Iterable[int]) -> dict[int, Lead]:
    """These leads by id, with their names, locked in id order: two clicks, one winner."""
    return {lead.pk: lead for lead in Lead.objects.with_names().locked(ids)}


def existing(leads: Mapping[int, Lead], lead_id: int) -> Lead:
    """The locked lead, or the refusal that it is gone."""
    if lead_id not in leads:
        raise LeadGone("This lead is no longer there.")
    return leads[lead_id]


def take_step(
    lead: Lead,
    *,
    by: User | None,
    at: datetime,
    status: str | None = None,
    outcome: str | None = None,
    closed_on: date | None = None,
    reason: str = "",
    note: str = "",
    returns_on: date | None = None,
) -> StatusChange:
    """Change a locked lead in memory; what comes back goes to `record_steps`."""
    step = StatusChange(
        lead=lead,
        before=lead.status,
        after=status or lead.status,
        outcome_before=lead.outcome,
        outcome_after=outcome or lead.outcome,
        reason=reason,
        note=note,
        returns_on=returns_on,
        by=by,
        at=at,
    )
    if step.after != step.before:
        lead.status_since = at
    lead.status, lead.outcome, lead.closed_on = step.after, step.outcome_after, closed_on
    return step


def record_steps(steps: Sequence[StatusChange], *, by: User | None, at: datetime | None) -> None:
    """Store the leads and their steps, and send the news: closed, open again, or another status."""
    store(
        {step.lead_id: step.lead for step in steps}.values(), "status", "status_since", "outcome", "closed_on"
    )
    StatusChange.objects.bulk_create(steps)
    _send_outcomes(steps, by=by, at=at)
    _send_statuses(steps, by=by, at=at)


def _send_outcomes(steps: Sequence[StatusChange], *, by: User | None, at: datetime | None) -> None:
    ids: dict[str, list[int]] = defaultdict(list)
    for step in steps:
        if step.outcome_before != step.outcome_after:
            ids[step.outcome_after].append(step.lead_id)
    if reopened := ids.pop(Outcome.OPEN, []):
        leads_reopened.send(sender=Lead, lead_ids=reopened, by=by, at=at)
    for outcome, closed in ids.items():
        leads_closed.send(sender=Lead, lead_ids=closed, outcome=outcome, by=by, at=at)


def _send_statuses(steps: Sequence[StatusChange], *, by: User | None, at: datetime | None) -> None:
    before: dict[str, dict[int, str]] = defaultdict(dict)
    for step in steps:
        if step.before != step.after and step.outcome_after == Outcome.OPEN:
            before[step.after][step.lead_id] = step.before
    for after, statuses in before.items():
        statuses_changed.send(
            sender=Lead, lead_ids=list(statuses), before=statuses, after=after, by=by, at=at
        )
