"""A regularised logistic regression over candidates, and the fields that give the outcome away: pure."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scoring.learning.candidates import Candidate
from scoring.statistics import Sample, auc, tally
from scoring.trials.leaking import ALONE, LIFT, Leak

OLDEST = 0.7  # the share of leads that is learnt from; the newest rest judges
TELLING = 0.025  # the least by which the ROC AUC of a field that lifts a model differs from chance
STRENGTH = 0.5  # C of the regression, the inverse of its regularisation
Truths = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Examples:
    """Leads in order of time with what holds for them; the first `size` are learnt from."""

    candidates: Sequence[Candidate]
    truths: Truths
    is_won: Truths
    size: int

    def of(self, sources: Collection[str]) -> "Examples":
        """Only what belongs to these fields and signals."""
        columns = [place for place, item in enumerate(self.candidates) if item.source in sources]
        kept = [self.candidates[place] for place in columns]
        return Examples(kept, self.truths[:, columns], self.is_won, self.size)

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(item.source for item in self.candidates))

    def judged(self, scores: Iterable[float]) -> Sample:
        """The newest leads by these scores, one for each lead."""
        return tally(list(scores)[self.size :], self.is_won[self.size :])


@dataclass(frozen=True, slots=True)
class Fitted:
    """A weight for each candidate, and a score for each lead."""

    weights: npt.NDArray[np.float64]
    scores: npt.NDArray[np.float64]


def fit(examples: Examples, columns: Sequence[int] | None = None) -> Fitted:
    """Weights learnt from the oldest leads; every lead is scored with them."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 (takes seconds)

    truths = examples.truths.astype(float) if columns is None else examples.truths[:, columns].astype(float)
    won = examples.is_won[: examples.size]
    if not truths.shape[1] or won.all() or not won.any():
        return Fitted(np.zeros(truths.shape[1]), np.zeros(len(truths)))
    regression: Any = LogisticRegression(C=STRENGTH, max_iter=1_000, tol=1e-3)
    regression.fit(truths[: examples.size], won)
    weights = np.asarray(regression.coef_[0], dtype=float)
    return Fitted(weights, truths @ weights)


def find_leaks(examples: Examples, labels: Mapping[str, str]) -> list[Leak]:
    """Fields that alone tell the outcome too well to have been known before it, the strongest first."""
    areas = [(source, _area(examples.of([source]))) for source in examples.sources]
    leaks = [Leak(source, labels[source], area, None) for source, area in areas if (area or 0) > ALONE]
    return sorted(leaks, key=lambda leak: -(leak.auc or 0))


def find_suspects(examples: Examples, labels: Mapping[str, str]) -> list[Leak]:
    """Fields without which the model falls far: a leak, or what matters most, which a person must tell."""
    whole, found = _area(examples) or 0, []
    for source in examples.sources:
        alone = _area(examples.of([source])) or 0
        if abs(alone - 0.5) < TELLING:
            continue
        lift = whole - (_area(examples.of([other for other in examples.sources if other != source])) or 0)
        if lift > LIFT:
            found.append(Leak(source, labels[source], alone, lift))
    return sorted(found, key=lambda leak: -(leak.lift or 0))


def _area(examples: Examples) -> float | None:
    return auc(examples.judged(fit(examples).scores))
