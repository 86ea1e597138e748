"""What sales decides of a lead: qualified, rejected, recycled, qualified again; each with its history."""

from datetime import date

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.closing import reopen_lead
from leads.actions.statuses import set_status
from leads.models import Lead, User
from leads.models.leads import REJECTED, Outcome, Status

BY_HAND = "By hand"


class NoteMissing(Refusal):
    """Marketing learns from a rejection only when it says what was wrong."""


class NotToRequalify(Refusal):
    """The lead neither waits in nurturing nor was disqualified."""


def qualify_lead(lead: Lead, *, by: User | None, note: str = "") -> Lead:
    """Sales takes the lead on, whatever its score says."""
    return set_status(lead, Status.QUALIFIED, by=by, reason=BY_HAND, note=note)


def reject_lead(lead: Lead, *, by: User | None, note: str) -> Lead:
    """Give the lead back to marketing, with what was wrong with it; backtests count it as lost."""
    if not note.strip():
        raise NoteMissing(f"Say to marketing what is wrong with {lead}.")
    return set_status(lead, Status.NURTURING, by=by, reason=REJECTED, note=note)


def recycle_lead(lead: Lead, *, by: User | None, returns_on: date, reason: str = "", note: str = "") -> Lead:
    """Not now: nurtured until the day on which it returns to work."""
    return set_status(lead, Status.NURTURING, by=by, reason=reason, note=note, returns_on=returns_on)


@audited
def requalify_lead(lead: Lead, *, by: User | None, note: str = "") -> Lead:
    """Take on a lead that was nurtured or disqualified; a disqualified one is opened again."""
    lead = Lead.objects.with_names().locked([lead.pk]).get()
    if lead.outcome == Outcome.DISQUALIFIED:
        reopen_lead(lead, by=by)
    elif lead.status != Status.NURTURING or lead.is_closed:
        raise NotToRequalify(f"{lead} neither waits in nurturing nor was disqualified.")
    return set_status(lead, Status.QUALIFIED, by=by, reason="Qualified again", note=note)
