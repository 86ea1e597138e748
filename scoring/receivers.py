"""What `scoring` does when it hears news of `leads`, in the transaction that sends it."""

from collections.abc import Iterable

from django.db import connection

from leads import signals
from scoring import tasks
from scoring.models import ScoringRun, Trial
from scoring.pending import queue_scores
from scoring.signals import run_started, scores_queued, trial_started


def connect() -> None:
    """Listen to the signals of `leads`."""
    signals.leads_added.connect(add_scores, dispatch_uid="scoring.add_scores")
    for news in (signals.leads_changed, signals.activities_logged, signals.statuses_changed):
        news.connect(note_news, dispatch_uid="scoring.note_news")
    scores_queued.connect(wake_worker, dispatch_uid="scoring.wake_worker")
    run_started.connect(spread_run, dispatch_uid="scoring.spread_run")
    trial_started.connect(spread_trial, dispatch_uid="scoring.spread_trial")


def add_scores(lead_ids: Iterable[int], **_: object) -> None:
    """Every lead has its score row from birth; it is filled as soon as the transaction is in."""
    ids = list(lead_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO scoring_leadscore (lead_id, state, grade) "
            "SELECT unnest(%s::bigint[]), 'unscored', '' ON CONFLICT DO NOTHING",
            [ids],
        )
    note_news(ids)


def note_news(lead_ids: Iterable[int], **_: object) -> None:
    queue_scores(lead_ids)


def wake_worker(**_: object) -> None:
    """Have the news worked off as soon as the transaction is in; beat would do so within half a minute."""
    tasks.sweep_pending.delay_on_commit()  # type: ignore[attr-defined]


def spread_run(run: ScoringRun, **_: object) -> None:
    """Let the workers have the ranges of a run."""
    tasks.wake_workers(run)


def spread_trial(trial: Trial, **_: object) -> None:
    """Let the workers have the ranges of a trial."""
    tasks.wake_for_trial(trial)
