"""The engine against the plainest thing that the database can do with the same rows."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from benchmarks.measuring import peak_memory, seconds, statements
from benchmarks.models import model_of
from benchmarks.results import Table
from config.processes import Child, commands, start, stop_all
from leads.actions import NewActivity, log_activity
from leads.models import Lead
from leads.models.activities import Origin
from leads.organisation import today
from scoring.actions import import_model, publish_model, rescore_all
from scoring.models import BandCrossing, LeadScore, PendingScore, RunKind, ScoringRun
from scoring.pending import drain_scores
from scoring.runs import start_run

PATIENCE = 3_600  # seconds
PAUSE = 0.1
YARDSTICK = "UPDATE scoring_leadscore SET total = (coalesce(total, 0) + 1) %% 100, fit = 1, engagement = 1"
FALL_DUE = """
UPDATE scoring_leadscore SET total = 0, next_change_on = CASE WHEN lead_id %% 20 = 0 THEN %s::date END
"""


def plain_update() -> None:
    """Write every score row once, within the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(YARDSTICK, [])


def spoil_scores() -> None:
    """Have the next run write every row, as the yardstick does."""
    plain_update()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE scoring_leadscore, scoring_scoreday")


@contextmanager
def shipped_workers() -> Iterator[list[Child]]:
    """The workers of `./plumbline run`, with the same options."""
    with tempfile.TemporaryDirectory() as folder:
        ways = commands(0, Path(folder))
        children = [start(name, ways[name], _made(Path(folder) / "logs")) for name in ("default", "bulk")]
        try:
            yield children
        finally:
            stop_all(children)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def full_rescore() -> None:
    """Every lead, spread over the workers; returns when the last range is stored."""
    wait_for(rescore_all(by=None))


def wait_for(run: ScoringRun) -> None:
    """Look at the run's row until the workers have finished it."""
    deadline = time.monotonic() + PATIENCE
    while (status := ScoringRun.objects.get(pk=run.pk).status) == "running":
        if time.monotonic() > deadline:
            sys.exit("The workers did not finish.")
        time.sleep(PAUSE)
    if status != "done":
        sys.exit(f"The run failed: {ScoringRun.objects.get(pk=run.pk).error}")


def timed(work: Callable[[], object]) -> float:
    """Seconds of the one run."""
    begins = time.perf_counter()
    work()
    return time.perf_counter() - begins


@dataclass(frozen=True, slots=True)
class Cost:
    """Of a full rescore: its seconds, and the peak memory of a worker in MiB."""

    seconds: float
    memory: float


def compare_rescoring(table: Table, few: Cost, many: Cost) -> None:
    """A tenth of the leads against all of them."""
    table.add("its time / ten times that of a tenth", many.seconds / few.seconds / 10, "times", 1.2)
    table.add("its memory / that of a tenth", many.memory / few.memory, "times", 1.3)


def measure_rescoring(table: Table, leads: int, limit: float | None = None) -> Cost:
    """Full rescore against the yardstick."""
    PendingScore.objects.all().delete()
    update = seconds(plain_update)
    table.add(f"plain UPDATE of {leads:,} score rows", update, "s")
    with shipped_workers() as children:
        full_rescore()  # waits for the workers, and has each of them compile the model
        spoil_scores()
        taken = timed(full_rescore)
        memory = peak_memory([child.process.pid for child in children])
    table.add("full rescore by the workers", taken, "s")
    table.add(f"full rescore of {leads:,} / plain UPDATE", taken / update, "times", limit)
    table.add("peak memory of a worker", memory, "MiB")
    return Cost(taken, memory)


def measure_models(table: Table) -> None:
    """The nightly decay against a full rescore, and larger models against the yardstick."""
    with shipped_workers():
        full_rescore()
        spoil_scores()
        full = timed(full_rescore)
        fall_due()
        decay = timed(lambda: wait_for(start_run(RunKind.DECAY, by=None)))
        table.add("nightly decay of 5 % of the leads / full rescore", decay / full, "times", 0.2)
        update = seconds(plain_update)
        for rules, once_a_day, limit in ((10, 3, 12), (60, 10, 35)):
            wait_for(publish_model(import_model(model_of(rules, once_a_day=once_a_day), by=None), by=None))
            spoil_scores()
            table.add(
                f"{rules} rules, {once_a_day} once a day / plain UPDATE",
                timed(full_rescore) / update,
                "times",
                limit,
            )


def fall_due() -> None:
    """Have time change one lead in twenty today."""
    with connection.cursor() as cursor:
        cursor.execute(FALL_DUE, [today()])


def measure_one_lead(table: Table) -> None:
    """What a rep's click costs: the activity is logged, the lead scored."""
    lead_id = Lead.objects.open().order_by("pk").values_list("pk", flat=True)[0]
    rescore_once(lead_id)  # compiles the model in this process
    for crosses, count in sorted(statements_of_rescoring(lead_id).items()):
        name = "that crosses a band, with its consumers" if crosses else "that stays in its band"
        table.add(f"statements of rescoring one lead {name}", count, "", None if crosses else 8)
    select = seconds(lambda: list(LeadScore.objects.filter(pk=lead_id)), times=20)
    log(lead_id)
    rescore = seconds(lambda: rescore_once(lead_id), times=10)
    table.add("rescoring one lead", rescore * 1_000, "ms")
    table.add("rescoring one lead / SELECT of its row", rescore / select, "times", 30)


def statements_of_rescoring(lead_id: int) -> dict[bool, int]:
    """By whether the lead crosses a band, as a few visits make it do once."""
    found = {}
    for _ in range(5):
        log(lead_id)
        crossings = BandCrossing.objects.count()
        count = statements(lambda: drain_scores([lead_id]))
        found[BandCrossing.objects.count() > crossings] = count
    return found


def log(lead_id: int) -> None:
    """One page view, now."""
    log_activity(
        NewActivity(lead_id, "page_view", timezone.now(), url="/pricing"), by=None, origin=Origin.API
    )


def rescore_once(lead_id: int) -> None:
    """Queue one lead and work it off."""
    PendingScore.objects.create(lead_id=lead_id)
    drain_scores([lead_id])
