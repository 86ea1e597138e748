"""Confidence given by people: the first guess, a value set by hand, and its release."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import Refused, sift, store, work_leads
from leads.actions.audit import audited
from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import today
from pipeline.actions.settling import SETTLED, change_of, existing, load_stages, lock_deals, refuse_closed
from pipeline.confidence import total
from pipeline.models import ConfidenceChange, Deal
from pipeline.models.deals import ConfidenceSource
from pipeline.terms import lines_of


class NotAPercentage(Refusal):
    """A confidence is a whole number from 0 to 100."""


class ConfidenceNeedsReason(Refusal):
    """Who sets a confidence by hand says why."""


class ReturnInThePast(Refusal):
    """A value set by hand returns to automatic on a day to come."""


@audited
def set_initial_confidence(
    percents: Mapping[int, int], *, by: User | None, at: datetime | None = None
) -> list[Refused]:
    """Take the guess given while adding, by lead; it holds until the first move or key activity."""
    deals = lock_deals(percents)
    load_stages(deals.values())
    lines = lines_of(deals.values())
    moment = at or timezone.now()

    def judge(lead_id: int) -> ConfidenceChange:
        deal = existing(deals, lead_id)
        refuse_closed(deal)
        check_percent(percents[lead_id])
        before, deal.confidence = deal.confidence, percents[lead_id]
        deal.confidence_source = ConfidenceSource.INITIAL
        return change_of(deal, before, lines[lead_id], by=by, at=moment)

    changes, refused = sift(percents, judge)
    _record(changes)
    work_leads([change.deal_id for change in changes], by=by, at=at)
    return refused


@audited
def set_confidence(
    deal: Deal, percent: int, *, reason: str, by: User | None, until: date | None = None
) -> Deal:
    """Set it by hand; it stays until released, or until that day, with the automatic value beside it."""
    deal = _lock_open(deal)
    check_percent(percent)
    if not reason.strip():
        raise ConfidenceNeedsReason("Say why you set the confidence by hand.")
    if until and until <= today():
        raise ReturnInThePast("It returns to automatic on a day to come.")
    lines = lines_of([deal])[deal.pk]
    before, deal.confidence, deal.automatic_confidence = deal.confidence, percent, total(lines)
    deal.confidence_source, deal.manual_until = ConfidenceSource.MANUAL, until
    _record([change_of(deal, before, lines, by=by, at=timezone.now(), reason=reason.strip())])
    return deal


@audited
def release_confidence(deal: Deal, *, by: User | None) -> Deal:
    """Have it follow stage and activities again; one that does already is left alone."""
    deal = _lock_open(deal)
    _record(_release([deal], by=by))
    return deal


@audited
def release_due_confidences(*, by: User | None) -> None:
    """Release the values set by hand whose day has come."""
    due = Deal.objects.manual_until_past(today()).filter(lead__outcome=Outcome.OPEN)
    deals = lock_deals(due.values_list("pk", flat=True))
    still_due = [deal for deal in deals.values() if _is_due(deal)]  # not changed while this waited
    load_stages(still_due)
    _record(_release(still_due, by=by, reason="Its day has come."))


def check_percent(percent: int) -> None:
    """Refuse what is no whole per cent."""
    if not 0 <= percent <= 100:
        raise NotAPercentage(f"A confidence is between 0 and 100 %, not {percent}.")


def _lock_open(deal: Deal) -> Deal:
    locked = existing(lock_deals([deal.pk]), deal.pk)
    refuse_closed(locked)
    load_stages([locked])
    return locked


def _is_due(deal: Deal) -> bool:
    return deal.manual_until is not None and deal.manual_until <= today() and not deal.lead.is_closed


def _release(deals: Collection[Deal], *, by: User | None, reason: str = "") -> list[ConfidenceChange]:
    held = [deal for deal in deals if deal.confidence_source != ConfidenceSource.AUTOMATIC]
    lines = lines_of(held)
    now = timezone.now()
    changes = []
    for deal in held:
        before, deal.manual_until = deal.confidence, None
        deal.confidence_source = ConfidenceSource.AUTOMATIC
        deal.confidence = deal.automatic_confidence = total(lines[deal.pk])
        changes.append(change_of(deal, before, lines[deal.pk], by=by, at=now, reason=reason))
    return changes


def _record(changes: Collection[ConfidenceChange]) -> None:
    store([change.deal for change in changes], *SETTLED, "manual_until")
    ConfidenceChange.objects.bulk_create(changes)
