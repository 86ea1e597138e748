"""Work of `scoring` in the background: news, ranges of runs, and the nightly decay."""

import structlog
from celery import shared_task
from django.db import OperationalError

from scoring.models import RunKind, ScoringRun
from scoring.pending import drain_scores
from scoring.runs import fail_run, is_decay_due, score_next_range, stale_runs, start_run

log = structlog.get_logger(__name__)


@shared_task(autoretry_for=(OperationalError,), retry_backoff=True, max_retries=3)
def sweep_pending() -> None:
    """Work off the news that waits, and move runs that have lost their messages."""
    drain_scores()
    for run in stale_runs():
        wake_workers(run)


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


@shared_task
def apply_decay() -> None:
    """Rescore the leads whose scores the calendar has changed; any number of missed days is one run."""
    if is_decay_due():
        start_run(RunKind.DECAY, by=None)
