"""What `pipeline` does when it hears news of `leads` and `scoring`, inside the transaction that sent it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from leads import signals as leads_news
from leads.actions import Announcement, announce_many
from leads.models import User
from leads.models.leads import Status
from pipeline import tasks
from pipeline.actions import enter_pipeline, queue_confidence, queue_routing
from pipeline.actions.births import add_deals
from pipeline.actions.entering import STAGE_ENTERED
from pipeline.actions.outcomes import note_outcomes, note_reopenings
from pipeline.actions.scores import fill_scores
from pipeline.actions.stopping import ANSWERS, stop_answered, stop_programmes
from pipeline.models import Deal
from scoring import signals as scoring_news
from scoring.models import BandCrossing
from scoring.trials.simulating import Crossings


def connect() -> None:
    """Listen to the signals of `leads` and `scoring`."""
    leads_news.leads_added.connect(create_deals, dispatch_uid="pipeline.create_deals")
    leads_news.statuses_changed.connect(enter, dispatch_uid="pipeline.enter")
    leads_news.leads_closed.connect(keep_outcomes, dispatch_uid="pipeline.keep_outcomes")
    leads_news.leads_reopened.connect(begin_again, dispatch_uid="pipeline.begin_again")
    leads_news.activities_logged.connect(note_activities, dispatch_uid="pipeline.note_activities")
    for news in (leads_news.leads_changed, leads_news.tasks_changed):
        news.connect(note_news, dispatch_uid="pipeline.note_news")
    scoring_news.leads_scored.connect(fill_missing_scores, dispatch_uid="pipeline.fill_missing_scores")
    leads_news.statuses_changed.connect(note_statuses, dispatch_uid="pipeline.note_statuses")
    leads_news.leads_closed.connect(end_programmes, dispatch_uid="pipeline.end_programmes")
    leads_news.activities_logged.connect(note_answers, dispatch_uid="pipeline.note_answers")
    scoring_news.leads_scored.connect(route_scored, dispatch_uid="pipeline.route_scored")
    scoring_news.bands_crossed.connect(note_crossings, dispatch_uid="pipeline.note_crossings")
    scoring_news.bands_crossed.connect(tell_owners, dispatch_uid="pipeline.tell_owners")


def create_deals(lead_ids: Sequence[int], at: datetime | None, **_: object) -> None:
    add_deals(lead_ids, at=at)


def enter(lead_ids: Iterable[int], after: str, by: User | None, **_: object) -> None:
    if after in (Status.WORKING, Status.QUALIFIED):
        enter_pipeline(lead_ids, by=by)


def keep_outcomes(lead_ids: Iterable[int], **_: object) -> None:
    note_outcomes(lead_ids)


def begin_again(lead_ids: Iterable[int], by: User | None, at: datetime | None, **_: object) -> None:
    note_reopenings(lead_ids, by=by, at=at)


def note_news(lead_ids: Iterable[int], **_: object) -> None:
    queue_confidence(lead_ids)
    tasks.sweep_pending.delay_on_commit()  # type: ignore[attr-defined]


def note_activities(lead_ids: Iterable[int], kinds: Collection[str] | None, **_: object) -> None:
    if kinds != {STAGE_ENTERED}:  # whoever enters a stage settles the confidence at once
        note_news(lead_ids)


def fill_missing_scores(lead_ids: Iterable[int], **_: object) -> None:
    fill_scores(lead_ids)


def route_scored(lead_ids: Iterable[int], **_: object) -> None:
    """Routing begins with the first score, never at creation."""
    _route(lead_ids)


def note_crossings(crossings: Iterable[BandCrossing], **_: object) -> None:
    """A better band ends a programme; any other band may mean another lane."""
    risen = [crossing for crossing in crossings if crossing.before and _has_risen(crossing)]
    for band in {crossing.after for crossing in risen}:
        ids = sorted(crossing.lead_id for crossing in risen if crossing.after == band)
        stop_programmes(ids, why=f"Became {str(band).lower()}")
    _route(sorted(crossing.lead_id for crossing in crossings))


def note_statuses(lead_ids: Sequence[int], after: str, before: Mapping[int, str], **_: object) -> None:
    """Whoever leaves nurturing leaves its programme; new and newly qualified leads are routed."""
    if after != Status.NURTURING:
        stop_programmes(
            [pk for pk in lead_ids if before[pk] == Status.NURTURING], why="No longer in nurturing"
        )
    _route(pk for pk in lead_ids if after != Status.WORKING or before[pk] == Status.NURTURING)


def end_programmes(lead_ids: Iterable[int], **_: object) -> None:
    stop_programmes(lead_ids, why="The lead is closed")


def note_answers(lead_ids: Iterable[int], kinds: Collection[str] | None, **_: object) -> None:
    """An answer or an unsubscription ends the programme before its next letter."""
    if kinds is None or ANSWERS.keys() & kinds:
        stop_answered(lead_ids, kinds or ANSWERS)


def _route(lead_ids: Iterable[int]) -> None:
    if queue_routing(lead_ids):
        tasks.route_pending.delay_on_commit()  # type: ignore[attr-defined]


def tell_owners(crossings: Iterable[BandCrossing], **_: object) -> None:
    """A rise into a better band is news for the owner; fading is none, nor the first score of an import."""
    rises = [crossing for crossing in crossings if _has_risen(crossing)]
    first = [crossing.lead_id for crossing in rises if crossing.before is None]
    imported = Deal.objects.filter(pk__in=first).exclude(imported_at=None)
    quiet = set(imported.values_list("pk", flat=True))
    announce_many([_rise(crossing) for crossing in rises if crossing.before or crossing.lead_id not in quiet])


def count_rises(crossings: Sequence[Crossings]) -> int:
    """How many leads a publish would tell their owners about."""
    return sum(crossing.leads for crossing in crossings if _has_risen(crossing))


def _has_risen(crossing: BandCrossing | Crossings) -> bool:
    before, after = crossing.before, crossing.after
    return after is not None and (before is None or after.order < before.order)


def _rise(crossing: BandCrossing) -> Announcement:
    return Announcement(
        "band_risen", crossing.lead_id, {"band": str(crossing.after), "total": crossing.total}
    )
