"""What stays of a deal when its lead closes, and what begins anew when it is opened again.

Both run inside the transaction that closed or opened the leads.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from leads.actions import store
from leads.models import Lead, StatusChange, User
from leads.models.leads import Outcome
from leads.organisation import local_date, local_midnight, today
from pipeline.actions.entering import Entry, enter_stages
from pipeline.actions.scores import fill_scores
from pipeline.actions.settling import load_stages
from pipeline.models import Deal, Stage, StageChange
from scoring.models import LeadScore


def note_outcomes(lead_ids: Iterable[int]) -> None:
    """Keep owner, team, score and band as they are on closing, and end the last stage."""
    ids = list(lead_ids)
    lead = Lead.objects.filter(pk=OuterRef("pk"))
    score = LeadScore.objects.filter(pk=OuterRef("pk"), lead__closed_on=today())
    Deal.objects.filter(pk__in=ids).update(
        closed_owner=Subquery(lead.values("owner")),
        closed_team=Subquery(lead.values("owner__team")),
        close_score=Subquery(score.values("total")),
        close_band=Subquery(score.values("band")),
    )
    leave_stages(ids)
    fill_scores(ids)


def leave_stages(lead_ids: Iterable[int]) -> None:
    """End the last stage of closed deals on the day of their closing; an end that is known stays."""
    closings = StatusChange.objects.filter(lead=OuterRef("deal")).exclude(outcome_after=Outcome.OPEN)
    intervals = StageChange.objects.filter(deal__in=list(lead_ids), left_at=None).annotate(
        closed_on=F("deal__lead__closed_on"),
        recorded_at=Subquery(closings.order_by("-id").values("at")[:1]),
    )
    for interval in intervals:
        interval.left_at = max(interval.entered_at, _end(interval.closed_on, interval.recorded_at))
    store(intervals, "left_at")


def note_reopenings(lead_ids: Iterable[int], *, by: User | None, at: datetime | None = None) -> None:
    """Wipe what was kept on closing; the deal enters its stage anew, and key activities count anew."""
    ids = list(lead_ids)
    moment = at or timezone.now()
    Deal.objects.filter(pk__in=ids).update(
        reopened_at=moment,
        close_score=None,
        close_band=None,
        closed_owner=None,
        closed_team=None,
        lost_reason=None,
        lost_note="",
        lost_to=None,
    )
    deals = list(Deal.objects.locked(ids))
    load_stages(deals)
    lasts = _last_stages(ids)
    enter_stages([_return(deal, lasts.get(deal.pk), moment) for deal in deals], by=by)


def _end(closed_on: date | None, recorded_at: datetime) -> datetime:
    """When it was recorded, if on the day of closing or that is unknown; else that day's midnight."""
    if closed_on is None or closed_on == local_date(recorded_at):
        return recorded_at
    return local_midnight(closed_on)


def _last_stages(ids: Iterable[int]) -> dict[int, Stage]:
    last = StageChange.objects.filter(deal__in=ids).order_by("deal", "-entered_at", "-id").distinct("deal")
    return {change.deal_id: change.to_stage for change in last.select_related("to_stage")}


def _return(deal: Deal, before: Stage | None, at: datetime) -> Entry:
    return Entry(deal, before, at, is_move=before not in (None, deal.stage))
