"""Deals enter a stage: the one place that writes a new interval of their history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from leads.actions import NewActivity, log_activities
from leads.actions.rows import store
from leads.models import User
from leads.models.activities import Origin
from leads.organisation import local_date, today
from pipeline.actions.requiring import Waiver
from pipeline.actions.scores import fill_scores
from pipeline.actions.settling import SETTLED, load_stages, settle
from pipeline.models import ConfidenceChange, Deal, Stage, StageChange
from pipeline.signals import deals_moved
from scoring.models import LeadScore, ScoreState

STAGE_ENTERED = "stage_entered"


@dataclass(frozen=True)
class Entry:
    """A locked deal whose `stage` is already the one it enters; `before` None enters the pipeline."""

    deal: Deal
    before: Stage | None
    at: datetime
    is_move: bool = True
    waiver: Waiver | None = None


def enter_pipeline(lead_ids: Iterable[int], *, by: User | None, at: datetime | None = None) -> None:
    """Those not yet in it become part of board, forecast and funnel: at `at`, else when they left `new`.

    Runs inside the transaction of whatever changed their status.
    """
    waiting = Deal.objects.filter(entered_at=None).locked(lead_ids)
    deals = list(waiting.annotate(since=F("lead__status_since")))
    load_stages(deals)
    now = timezone.now()
    moments = [at or deal.since or now for deal in deals]  # type: ignore[attr-defined]
    entries = zip(deals, moments, strict=True)
    enter_stages([Entry(deal, None, moment, is_move=False) for deal, moment in entries], by=by)


def enter_stages(entries: Sequence[Entry], *, by: User | None) -> None:
    """Confidences, history, activity and news of deals that enter a stage, in one statement per table."""
    if not entries:
        return
    deals = [entry.deal for entry in entries]
    _note_first_entries([entry for entry in entries if entry.deal.entered_at is None])
    for entry in entries:
        entry.deal.stage_entered_at = entry.at
    _log_entries(entries, by=by)
    changes = settle(
        deals,
        by=by,
        moments={entry.deal.pk: entry.at for entry in entries},
        moved={entry.deal.pk for entry in entries if entry.is_move},
    )
    store(deals, "stage", "stage_entered_at", "entered_at", "entry_score", "entry_band", *SETTLED)
    _write_intervals(entries, by=by)
    ConfidenceChange.objects.bulk_create(changes)
    fill_scores([entry.deal.pk for entry in entries if _is_past(entry)])
    deals_moved.send(sender=Deal, lead_ids=[deal.pk for deal in deals], by=by, at=entries[0].at)


def _note_first_entries(entries: Sequence[Entry]) -> None:
    """Keep what the score is on entering the pipeline today; `fill_scores` knows that of days gone by."""
    scored = LeadScore.objects.filter(state=ScoreState.SCORED, pk__in=[entry.deal.pk for entry in entries])
    scores = {score.pk: score for score in scored} if entries else {}
    for entry in entries:
        entry.deal.entered_at = entry.at
        if entry.deal.pk in scores and not _is_past(entry):
            entry.deal.entry_score = scores[entry.deal.pk].total
            entry.deal.entry_band_id = scores[entry.deal.pk].band_id


def _is_past(entry: Entry) -> bool:
    return local_date(entry.at) < today()


def _write_intervals(entries: Sequence[Entry], *, by: User | None) -> None:
    ids = [entry.deal.pk for entry in entries]
    entered = Deal.objects.filter(pk=OuterRef("deal")).values("stage_entered_at")
    StageChange.objects.filter(deal__in=ids, left_at=None).update(left_at=Subquery(entered))
    StageChange.objects.bulk_create(
        StageChange(
            deal=entry.deal,
            from_stage=entry.before,
            to_stage=entry.deal.stage,
            entered_at=entry.at,
            confidence=entry.deal.confidence,
            automatic_confidence=entry.deal.automatic_confidence,
            waived=entry.waiver.missing if entry.waiver else [],
            waiver=entry.waiver.note if entry.waiver else "",
            by=by,
        )
        for entry in entries
    )


def _log_entries(entries: Sequence[Entry], *, by: User | None) -> None:
    """Each entry is an activity too, so that scoring can count it."""
    rows = [
        NewActivity(
            lead_id=entry.deal.pk,
            kind=STAGE_ENTERED,
            occurred_at=entry.at,
            properties={"stage": entry.deal.stage.key, "from": entry.before and entry.before.key},
        )
        for entry in entries
    ]
    log_activities(rows, by=by, origin=Origin.SYSTEM)
