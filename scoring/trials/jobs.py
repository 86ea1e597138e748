"""Trials in the background: cut into ranges, spread over workers, resumed where they stopped.

As in `scoring.runs` the rows are the truth, and a task takes whichever range is free.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.utils import timezone

from scoring.models import RunStatus, Trial, TrialKind, TrialRange
from scoring.runs import STALE
from scoring.signals import trial_started


@dataclass(frozen=True, slots=True)
class Work:
    """What a kind of trial does: `work` a range and answer its counts, then `conclude` from all of them."""

    work: Callable[[TrialRange], Any]
    conclude: Callable[[Trial], dict[str, Any]]


KINDS: dict[str, Work] = {}
TRIALS = 7_365_002  # of pg_advisory_xact_lock


def lock_trials() -> None:
    """Hold back everybody else who starts a trial, until this transaction ends: of two at once one starts."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TRIALS])


def begin(trial: Trial, cut: Callable[[Trial], None]) -> Trial:
    """Start a trial in the place of earlier ones like it; `cut` makes its ranges and sets its total.

    Only a profile stays until the next one is learnt, for people read it.
    """
    same = Trial.objects.filter(kind=trial.kind, product_line=trial.product_line)
    if trial.kind != TrialKind.FIT:  # the model of a fit is what came of it
        same = same.filter(model=trial.model)
    if trial.kind != TrialKind.PROFILE:
        same.exclude(status=RunStatus.RUNNING).delete()
    trial.save()
    cut(trial)
    trial.save(update_fields=["total", "result"])
    trial_started.send(sender=Trial, trial=trial)
    return trial


def work_next_range(trial_id: int, *, waiting: bool = False) -> bool:
    """Work one range that nobody has in hand, and conclude after the last; False when none is left.

    With `waiting` a range in another worker's hands is waited for, and taken when that worker fails.
    """
    with transaction.atomic():
        ranges = TrialRange.objects.filter(trial=trial_id, done_at=None, trial__status=RunStatus.RUNNING)
        locked = ranges.select_for_update(of=("self",), skip_locked=not waiting).order_by("pk")
        taken = locked.select_related("trial__model", "trial__live", "trial__product_line").first()
        if taken:
            _work(taken)
    conclude(trial_id)
    return taken is not None


def _work(taken: TrialRange) -> None:
    counts = KINDS[taken.trial.kind].work(taken)
    TrialRange.objects.filter(pk=taken.pk).update(done_at=timezone.now(), counts=counts)
    size = taken.last - taken.first + 1 if taken.trial.kind == TrialKind.BACKTEST else counts.get("leads", 1)
    # Last, for this row is every worker's.
    Trial.objects.filter(pk=taken.trial_id).update(done=F("done") + size)


@transaction.atomic
def conclude(trial_id: int) -> None:
    """After the commit of the last range; of two that end at once the later one finds nothing to do."""
    trial = Trial.objects.select_for_update(of=("self",)).select_related("model", "live").get(pk=trial_id)
    if trial.status != RunStatus.RUNNING or trial.ranges.filter(done_at=None).exists():
        return
    trial.result = KINDS[trial.kind].conclude(trial)
    trial.status, trial.finished_at, trial.done = RunStatus.DONE, timezone.now(), trial.total
    trial.save(update_fields=["result", "status", "finished_at", "done", "model"])
    trial.ranges.update(counts=None)


def counts_of(part: TrialRange) -> dict[str, Any]:
    """What a range that is done has counted."""
    return dict(part.counts or {})


def finish_trial(trial: Trial) -> Trial:
    """Work a trial off in this process, with or without workers beside it."""
    while work_next_range(trial.pk):
        pass
    while work_next_range(trial.pk, waiting=True):
        pass
    return Trial.objects.select_related("model", "live").get(pk=trial.pk)


def fail_trial(trial_id: int, error: str) -> None:
    """Give a trial up, so that whoever watches it learns why."""
    running = Trial.objects.filter(pk=trial_id, status=RunStatus.RUNNING)
    running.update(status=RunStatus.FAILED, error=error, finished_at=timezone.now())


def stale_trials() -> QuerySet[Trial]:
    """Trials that have stood still, as when a broker has lost their messages."""
    before = timezone.now() - STALE
    running = Trial.objects.filter(status=RunStatus.RUNNING, started_at__lt=before)
    return running.annotate(moved_at=Max("ranges__done_at")).filter(Q(moved_at=None) | Q(moved_at__lt=before))
