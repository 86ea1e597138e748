"""How a deal is won or lost, and the facts that stay of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator

from config.refusals import Refusal
from leads.actions import Closing, Refused, close_leads, get_or_create_names, raise_refused, sift, store
from leads.actions.audit import audited
from leads.actions.closing import UnknownOutcome, check_closing
from leads.models import User
from leads.models.leads import REASON_LENGTH, Outcome
from leads.organisation import local_date, local_midnight
from pipeline.actions.entering import Entry, enter_stages
from pipeline.actions.moves import begin_work
from pipeline.actions.settling import existing, load_stages, lock_deals
from pipeline.models import Competitor, Deal, LostReason


class ReasonNeeded(Refusal):
    """A deal is lost for a reason, and some reasons need a note."""


class ClosedBeforeOpening(Refusal):
    """A deal cannot close before it began."""


@dataclass(frozen=True)
class DealClosing:
    """How one deal ends: won, or lost with the key of a reason and, if known, the name of a competitor.

    `at` dates this row's history.
    """

    lead_id: int
    outcome: str
    closed_on: date | None = None
    reason_key: str = ""
    note: str = ""
    at: datetime | None = None
    competitor: str = ""


Check = Callable[[Deal, DealClosing, LostReason | None], None]


@audited
def close_deals(rows: Sequence[DealClosing], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Win or lose open deals from any stage; without a day, on that of `at`."""
    day = local_date(at or timezone.now())
    return _close([_dated(row, day) for row in rows], check_reason, by=by, at=at)


@audited
def record_closings(
    rows: Sequence[DealClosing], *, by: User | None, at: datetime | None = None
) -> list[Refused]:
    """Take over closings from another system: the day, the reason and its note may be unknown."""
    return _close(rows, lambda *_: None, by=by, at=at)


def win_deal(deal: Deal, *, by: User | None, closed_on: date | None = None, note: str = "") -> Deal:
    """Win one deal; raises the refusal."""
    return _close_one(DealClosing(deal.pk, Outcome.WON, closed_on, note=note), by=by)


def lose_deal(
    deal: Deal,
    *,
    reason: LostReason,
    by: User | None,
    note: str = "",
    closed_on: date | None = None,
    competitor: str = "",
) -> Deal:
    """Lose one deal; raises the refusal."""
    row = DealClosing(deal.pk, Outcome.LOST, closed_on, reason.key, note, competitor=competitor)
    return _close_one(row, by=by)


def loss_in_words(reason: str, competitor: str) -> str:
    """Price, lost to Rival: as the history of the lead keeps it, whatever becomes of both names."""
    parts = filter(None, [reason, competitor.strip() and f"lost to {competitor.strip()}"])
    return Truncator(", ".join(parts)).chars(REASON_LENGTH)


def check_reason(deal: Deal, row: DealClosing, reason: LostReason | None) -> None:
    """Refuse a loss that nobody could learn from."""
    if row.outcome != Outcome.LOST:
        return
    if reason is None:
        raise ReasonNeeded(f"Say why {deal.lead} is lost.")
    if reason.needs_note and not row.note.strip():
        raise ReasonNeeded(f"“{reason}” needs a note that says what happened.")


def check_day(deal: Deal, closed_on: date | None) -> None:
    """Refuse a closing before the deal began, or began again."""
    opened_on = local_date(deal.reopened_at or deal.entered_at or deal.lead.created_at)
    if closed_on and closed_on < opened_on:
        raise ClosedBeforeOpening(
            f"{deal.lead} was opened on {opened_on:%d %b %Y} and cannot have closed on {closed_on:%d %b %Y}."
        )


def _close(
    rows: Sequence[DealClosing], check: Check, *, by: User | None, at: datetime | None
) -> list[Refused]:
    deals = lock_deals(row.lead_id for row in rows)
    load_stages(deals.values())
    reasons = {reason.key: reason for reason in LostReason.objects.all()}
    winners: dict[int, str] = {}

    def judge(row: DealClosing) -> Closing:
        deal = existing(deals, row.lead_id)
        reason, competitor = _reason(row, reasons), row.competitor if row.outcome == Outcome.LOST else ""
        words = loss_in_words(str(reason or ""), competitor)
        closing = Closing(row.lead_id, row.outcome, row.closed_on, words, row.note, row.at)
        check_closing(deal.lead, closing)
        check(deal, row, reason)
        check_day(deal, row.closed_on)
        deal.lost_reason, deal.lost_note = reason, row.note if reason else ""
        winners[deal.pk] = competitor
        return closing

    closings, refused = sift(rows, judge)
    _enter_untouched([(deals[closing.lead_id], closing) for closing in closings], by=by, at=at)
    competitors = get_or_create_names(Competitor, set(winners.values()))
    for lead_id, competitor in winners.items():
        deals[lead_id].lost_to = competitors.get(competitor)
    store([deals[closing.lead_id] for closing in closings], "lost_reason", "lost_note", "lost_to")
    close_leads(closings, by=by, at=at, date_unknown=True)  # judged above under the same lock
    return refused


def _dated(row: DealClosing, day: date) -> DealClosing:
    return row if row.closed_on else replace(row, closed_on=local_date(row.at) if row.at else day)


def _close_one(row: DealClosing, *, by: User | None) -> Deal:
    raise_refused(close_deals([row], by=by))
    return Deal.objects.select_related("stage", "lost_reason", "lost_to").get(pk=row.lead_id)


def _reason(row: DealClosing, reasons: Mapping[str, LostReason]) -> LostReason | None:
    if row.outcome not in (Outcome.WON, Outcome.LOST):
        raise UnknownOutcome(f"A deal is won or lost, not “{row.outcome}”.")
    if not row.reason_key or row.outcome == Outcome.WON:
        return None
    if row.reason_key not in reasons:
        raise ReasonNeeded(f"There is no reason “{row.reason_key}” for losing a deal.")
    return reasons[row.reason_key]


def _enter_untouched(
    closings: Sequence[tuple[Deal, Closing]], *, by: User | None, at: datetime | None
) -> None:
    """Who closes a deal has worked on it: those that nobody had touched enter the pipeline first."""
    entries = [
        Entry(deal, None, _begun_at(deal, closing, at), is_move=False)
        for deal, closing in closings
        if deal.entered_at is None
    ]
    enter_stages(entries, by=by)
    begin_work(entries, by=by, at=at)


def _begun_at(deal: Deal, closing: Closing, at: datetime | None) -> datetime:
    moment = closing.at or at or timezone.now()
    if closing.closed_on is None or closing.closed_on >= local_date(moment):
        return moment
    return max(deal.lead.created_at, local_midnight(closing.closed_on))
