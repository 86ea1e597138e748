"""Work of `scoring` in the background: news, ranges of runs, and the nightly decay."""

import structlog
from celery import shared_task
from django.db import OperationalError

from scoring.models import ScoringRun, Trial
from scoring.pending import drain_scores
from scoring.runs import fail_run, is_decay_due, score_next_range, stale_runs, start_decay
from scoring.trials.jobs import fail_trial, stale_trials, work_next_range
from scoring.trials.profiling import start_outdated_profiles

log = structlog.get_logger(__name__)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def sweep_pending() -> None:
    """Work off the news that waits, and move runs that have lost their messages."""
    drain_scores()
    for run in stale_runs():
        wake_workers(run)
    for trial in stale_trials():
        wake_for_trial(trial)


def wake_workers(run: ScoringRun) -> None:
    """A message for each range that is left."""
    for _ in range(run.ranges.filter(done_at=None).count()):
        bulk_score_range.delay_on_commit(run.pk)  # type: ignore[attr-defined]


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def bulk_score_range(run_id: int) -> None:
    """Score one range of a run; a fault ends the run, with its reason for whoever watches."""
    try:
        score_next_range(run_id)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("run_failed", run=run_id)
        fail_run(run_id, repr(error))


def wake_for_trial(trial: Trial) -> None:
    """A message for each range that is left, or one to conclude."""
    for _ in range(max(1, trial.ranges.filter(done_at=None).count())):
        bulk_work_trial.delay_on_commit(trial.pk)  # type: ignore[attr-defined]


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def bulk_work_trial(trial_id: int) -> None:
    """Work one range of a trial; a fault ends the trial, with its reason for whoever watches."""
    try:
        work_next_range(trial_id)
    except OperationalError:
        raise
    except Exception as error:
        log.exception("trial_failed", trial=trial_id)
        fail_trial(trial_id, repr(error))


@shared_task
def learn_profiles() -> None:
    """Learn again what won leads share, where leads have closed since."""
    start_outdated_profiles()


@shared_task
def apply_decay() -> None:
    """Once a night, rescore the leads that the calendar has changed; missed days are one run."""
    if is_decay_due():
        start_decay()
