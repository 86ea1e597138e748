"""Recalculations of many leads: cut into ranges, spread over workers, resumed where they stopped.

The rows are the truth. A task takes whichever range is free, so one too many finds nothing and one too
few is made up for by the sweep.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from leads.actions import announce
from leads.models import User
from leads.organisation import today
from scoring.engine import score_range
from scoring.models import LeadScore, RunKind, RunRange, RunStatus, ScoringModel, ScoringRun
from scoring.nights import NEWS, has_run, last_night, missed_before
from scoring.signals import run_started

RANGE = 5_000  # leads scored in one transaction, well under a second
STALE = timedelta(minutes=2)  # without a finished range; its messages are taken for lost


@transaction.atomic
def start_run(
    kind: RunKind, *, by: User | None, model: ScoringModel | None = None, silent: bool = False
) -> ScoringRun:
    """A run over the leads that it concerns, with its ranges; the workers are woken."""
    run = ScoringRun.objects.create(kind=kind, model=model, silent=silent, as_of=today(), by=by)
    _cut_ranges(run)
    run.total = concerned(run).count()
    run.skipped = LeadScore.objects.count() - run.total
    run.save(update_fields=["total", "skipped"])
    run_started.send(sender=ScoringRun, run=run)
    return _close_when_done(run)


def concerned(run: ScoringRun) -> QuerySet[LeadScore]:
    """The score rows that a run is about, in id order."""
    rows = LeadScore.objects.order_by("pk")
    if run.kind == RunKind.DECAY:
        return rows.due(run.as_of)
    return rows if run.model is None else governed_by(run.model)


def governed_by(model: ScoringModel) -> QuerySet[LeadScore]:
    """The score rows that a version gives once it is live, in id order."""
    rows = LeadScore.objects.order_by("pk")
    if model.product_line_id:
        return rows.filter(lead__product_line=model.product_line_id)
    own = ScoringModel.objects.active().filter(product_line=OuterRef("lead__product_line"))
    return rows.filter(~Exists(own))


def _cut_ranges(run: ScoringRun) -> None:
    RunRange.objects.bulk_create(
        RunRange(run=run, first_lead=first, last_lead=last) for first, last in slices(concerned(run), RANGE)
    )


def slices(rows: QuerySet[LeadScore], size: int) -> list[tuple[int, int]]:
    """The first and last lead of slices of equal size, in id order."""
    ids, params = rows.values("lead_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT min(lead_id), max(lead_id) FROM ("
            "SELECT lead_id, (row_number() OVER (ORDER BY lead_id) - 1) / %s AS slice "
            f"FROM ({ids}) AS concerned) AS sliced GROUP BY slice ORDER BY slice",
            [size, *params],
        )
        return list(cursor.fetchall())


def score_next_range(run_id: int, *, waiting: bool = False) -> bool:
    """Score one range that nobody has in hand, and close the run after its last; False when none is left.

    With `waiting` a range in another worker's hands is waited for, and taken when that worker fails.
    """
    with transaction.atomic():
        ranges = RunRange.objects.filter(run=run_id, done_at=None).order_by("pk")
        taken = (
            ranges.select_for_update(of=("self",), skip_locked=not waiting)
            .select_related("run__model")
            .first()
        )
        if taken:
            _score(taken)
    _close_when_done(ScoringRun(pk=run_id))
    return taken is not None


def _score(taken: RunRange) -> None:
    run = taken.run
    rows = concerned(run).filter(pk__gte=taken.first_lead, pk__lte=taken.last_lead)
    ids = list(rows.values_list("pk", flat=True))
    changed = score_range(ids, as_of=run.as_of, silent=run.silent, only_of=run.model_id)
    RunRange.objects.filter(pk=taken.pk).update(done_at=timezone.now())
    # Last, for this row is every worker's.
    ScoringRun.objects.filter(pk=run.pk).update(done=F("done") + len(ids), changed=F("changed") + changed)


def _close_when_done(run: ScoringRun) -> ScoringRun:
    """After the commit of the last range, so that of two that end at once the later one sees both."""
    left = RunRange.objects.filter(run=OuterRef("pk"), done_at=None)
    running = ScoringRun.objects.filter(~Exists(left), pk=run.pk, status=RunStatus.RUNNING)
    running.update(status=RunStatus.DONE, finished_at=timezone.now(), done=F("total"))
    return ScoringRun.objects.get(pk=run.pk)


def finish_run(run: ScoringRun) -> ScoringRun:
    """Work a run off in this process, with or without workers beside it."""
    while score_next_range(run.pk):
        pass
    while score_next_range(run.pk, waiting=True):
        pass
    return ScoringRun.objects.get(pk=run.pk)


def fail_run(run_id: int, error: str) -> None:
    """Give a run up, so that whoever watches it learns why."""
    running = ScoringRun.objects.filter(pk=run_id, status=RunStatus.RUNNING)
    running.update(status=RunStatus.FAILED, error=error, finished_at=timezone.now())


def stale_runs() -> QuerySet[ScoringRun]:
    """Runs that have stood still, as when a broker has lost their messages."""
    before = timezone.now() - STALE
    running = ScoringRun.objects.filter(status=RunStatus.RUNNING, started_at__lt=before)
    return running.annotate(moved_at=Max("ranges__done_at")).filter(Q(moved_at=None) | Q(moved_at__lt=before))


@transaction.atomic
def start_decay() -> ScoringRun:
    """Tonight's run, or one more for what has become due since; administrators learn of missed nights."""
    missed = missed_before(today(), last_night())
    run = start_run(RunKind.DECAY, by=None)
    if missed:
        ScoringRun.objects.filter(pk=run.pk).update(missed=missed)
        announce(NEWS, None, missed=missed)
    return ScoringRun.objects.get(pk=run.pk)


def is_decay_due() -> bool:
    """Whether tonight's run is still to come, or time has changed a score since; not while one is at it."""
    is_running = ScoringRun.objects.filter(kind=RunKind.DECAY, status=RunStatus.RUNNING).exists()
    return not is_running and (not has_run(today()) or LeadScore.objects.due(today()).exists())
