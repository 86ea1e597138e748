"""What closed leads have to teach: their values before the outcome, without the fields that know it."""

from dataclasses import asdict, dataclass
from typing import Any

from scoring.catalogue import read_catalogue
from scoring.learning.history import History, find_candidates, hold, order_by, read_history
from scoring.learning.readable import labels_of
from scoring.learning.regression import OLDEST, Examples, find_leaks
from scoring.models import Trial
from scoring.trials.leaking import listed_leaks


@dataclass(frozen=True, slots=True)
class Lesson:
    """`leaks` are fields that gave themselves away, as documents; `left_out` are paths that were named."""

    history: History
    honest: Examples
    leaks: list[dict[str, Any]]
    left_out: list[str]


def take_lesson(trial: Trial) -> Lesson:
    """From the closed leads that the trial has noted; its options may name fields to ignore and an order."""
    catalogue = read_catalogue()
    history = read_history(trial.pk, catalogue)
    order = trial.options.get("order")
    if order:
        history = order_by(history, catalogue.fields[order])
    size = round(len(history.leads) * OLDEST)
    candidates = find_candidates(history, among=size, left_out={order} if order else ())
    examples = Examples(candidates, hold(history, candidates), history.is_won, size)
    left_out = {*trial.options.get("ignore", ()), *listed_leaks(catalogue)}
    leaks = find_leaks(examples, labels_of(candidates))
    named = {leak.field for leak in leaks} | left_out
    return Lesson(
        history=history,
        honest=examples.of([source for source in examples.sources if source not in named]),
        leaks=[asdict(leak) | {"ignored": leak.field in left_out} for leak in leaks],
        left_out=sorted(left_out),
    )
