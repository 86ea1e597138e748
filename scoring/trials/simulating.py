"""Simulations: what publishing a draft would change in the scores that are stored, without changing any."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from leads.models import User
from leads.organisation import remembered, today
from scoring.compiler.parts import Statement
from scoring.compiler.storing import Version
from scoring.compiler.trying import simulating_statement
from scoring.engine import moment_values
from scoring.live import live_version, plan_of, thresholds_of
from scoring.models import Band, RunStatus, ScoringModel, Trial, TrialKind, TrialRange
from scoring.runs import governed_by, slices
from scoring.trials.jobs import KINDS, Work, begin, counts_of, lock_trials

RANGE = 5_000  # leads in one statement
STEPS = 20  # of five points each, up to 100


@dataclass(frozen=True, slots=True)
class Crossings:
    """So many leads would pass from one band to another and fire."""

    before: Band | None
    after: Band | None
    leads: int


Consumer = Callable[[Sequence[Crossings]], int]
_CONSUMERS: dict[str, Consumer] = {}


def register_consumer(name: str, count: Consumer) -> None:
    """Who acts on crossings says what a publish would mean there: `name` is its line, `count` its number."""
    _CONSUMERS[name] = count


@transaction.atomic
def start_simulation(model: ScoringModel, *, by: User | None) -> Trial:
    """Try a version on every lead that it would score; one that is running already goes on."""
    lock_trials()
    running = model.trials.filter(kind=TrialKind.SIMULATION, status=RunStatus.RUNNING).first()
    trial = Trial(
        kind=TrialKind.SIMULATION,
        model=model,
        live=live_version(model.product_line_id),
        as_of=today(),
        by=by,
        options={"revision": model.revision},
    )
    return running or begin(trial, _cut)


def _cut(trial: Trial) -> None:
    assert trial.model
    concerned = governed_by(trial.model)
    trial.total = concerned.count()
    TrialRange.objects.bulk_create(
        TrialRange(trial=trial, first=first, last=last) for first, last in slices(concerned, RANGE)
    )


def simulate_range(taken: TrialRange) -> dict[str, Any]:
    """Note the leads of a range that would change their band; answers the counts of all."""
    trial = taken.trial
    assert trial.model
    rows = governed_by(trial.model).filter(pk__gte=taken.first, pk__lte=taken.last)
    ids = list(rows.values_list("pk", flat=True))
    with remembered(), connection.cursor() as cursor:
        values = moment_values(ids, trial.as_of) | {"trial": trial.pk, "silent": False}
        cursor.execute(*_statement(trial.model.pk, trial.pk).given(values))
        return {"leads": len(ids), "rows": cursor.fetchall()}


@lru_cache(maxsize=8)
def _statement(model_id: int, trial_id: int) -> Statement:
    """Compiled once for all ranges of a trial."""
    model = ScoringModel.objects.select_related("product_line").get(pk=model_id)
    version = Version(model_id, timezone.now(), is_silent=False, thresholds=thresholds_of(model))
    return simulating_statement(plan_of(model), version)


def conclude_simulation(trial: Trial) -> dict[str, Any]:
    """Distribution by steps of five and by bands, and what would fire; bands by key, null for none."""
    rows = [row for part in trial.ranges.all() for row in counts_of(part)["rows"]]
    bands = {band.pk: band for band in Band.objects.all()}
    before, after = (Counter[int]() for _ in range(2))
    matrix, fires = Counter[tuple[str, str]](), Counter[tuple[int | None, int | None]]()
    qualifies = 0
    for was, becomes, state_was, state, step_was, step, crosses, qualifying, leads in rows:
        _add(before, step_was, leads)
        _add(after, step, leads)
        matrix[_place(was, state_was, bands), _place(becomes, state, bands)] += leads
        qualifies += leads * qualifying
        if crosses:
            fires[was, becomes] += leads
    crossings = [
        Crossings(bands.get(was or 0), bands.get(becomes or 0), leads)
        for (was, becomes), leads in fires.items()
    ]
    return {
        "before": [before[step] for step in range(STEPS)],
        "after": [after[step] for step in range(STEPS)],
        "matrix": [[was, becomes, leads] for (was, becomes), leads in sorted(matrix.items())],
        "crossings": [[_key(c.before), _key(c.after), c.leads] for c in crossings],
        "qualifies": qualifies,
        "consumers": [[name, count(crossings)] for name, count in _CONSUMERS.items()],
    }


def _add(counter: Counter[int], step: int | None, leads: int) -> None:
    if step is not None:
        counter[step] += leads


def _place(band_id: int | None, state: str | None, bands: dict[int, Band]) -> str:
    """A band's key, or the state that has none."""
    return bands[band_id].key if band_id else state or "unscored"


def _key(band: Band | None) -> str | None:
    return band.key if band else None


KINDS[TrialKind.SIMULATION] = Work(simulate_range, conclude_simulation)
