"""How well a score tells won leads from lost ones: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import erfc, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

EXCLUDED = -1  # the score of a lead without one: below every threshold
RESAMPLES = 1_000
SEED = 2026
CELLS = 2_000_000  # of one array of the bootstrap, which bounds its memory
Z = 1.959964  # of a 95 % interval


@dataclass(frozen=True, slots=True)
class Sample:
    """Closed leads by distinct score, rising: how many won and how many lost with it."""

    scores: npt.NDArray[np.float64]
    won: Counts
    lost: Counts

    @property
    def n_won(self) -> int:
        return int(self.won.sum())

    @property
    def n_lost(self) -> int:
        return int(self.lost.sum())

    @property
    def win_rate(self) -> float | None:
        return rate(self.n_won, self.n_won + self.n_lost)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Slice:
    """A tenth of the leads, the best one first; `won` is shared evenly among leads of equal score."""

    place: int
    leads: int
    won: float
    highest: float
    lowest: float
    rate: float
    lift: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """What calling everybody from this score up would have meant."""

    score: int
    leads: int
    won: int
    precision: float
    recall: float


def tally(scores: Iterable[float], is_won: Iterable[bool]) -> Sample:
    """A sample from one score and one outcome per lead."""
    values, wins = np.asarray(list(scores), dtype=float), np.asarray(list(is_won), dtype=bool)
    distinct, places = np.unique(values, return_inverse=True)
    size = len(distinct)
    return Sample(
        distinct,
        np.bincount(places[wins], minlength=size),
        np.bincount(places[~wins], minlength=size),
    )


def auc(sample: Sample) -> float | None:
    """The chance that a won lead scores above a lost one, equal scores counting half (Mann-Whitney)."""
    if not sample.n_won or not sample.n_lost:
        return None
    return float(_auc(sample.won[None, :], sample.lost[None, :])[0])


def _auc(won: Any, lost: Any) -> npt.NDArray[np.float64]:
    below = np.cumsum(lost, axis=1) - lost / 2
    pairs = won.sum(axis=1) * lost.sum(axis=1)
    return np.asarray((won * below).sum(axis=1) / pairs, dtype=float)


def auc_interval(sample: Sample, *, resamples: int = RESAMPLES, seed: int = SEED) -> Interval | None:
    """ROC AUC with its bootstrap 95 % interval: won and lost leads are drawn again, each from their own."""
    value = auc(sample)
    if value is None:
        return None
    dice = np.random.default_rng(seed)
    at_once = max(1, CELLS // len(sample.scores))
    drawn = [
        _auc(*(_draw(dice, side, min(at_once, resamples - start)) for side in (sample.won, sample.lost)))
        for start in range(0, resamples, at_once)
    ]
    low, high = np.percentile(np.concatenate(drawn), [2.5, 97.5])
    return Interval(value, float(low), float(high))


def _draw(dice: np.random.Generator, counts: Counts, times: int) -> Counts:
    total = int(counts.sum())
    return dice.multinomial(total, counts / total, size=times)


def tenths_of_leads(sample: Sample) -> list[Slice]:
    """Ten slices of as many leads each as there can be, the best first; none when nothing closed."""
    won, leads = sample.won[::-1], (sample.won + sample.lost)[::-1]
    total, base = int(leads.sum()), sample.win_rate
    ends, wins = (np.concatenate([[0], np.cumsum(counts)]) for counts in (leads, won))
    bounds = [round(total * part / 10) for part in range(11)]
    won_at = np.interp(bounds, ends, wins)
    scores = np.repeat(sample.scores[::-1], leads)
    return [
        _slice(place, scores[first:last], float(won_at[place] - won_at[place - 1]), base)
        for place, (first, last) in enumerate(pairwise(bounds), start=1)
        if base and last > first
    ]


def _slice(place: int, scores: npt.NDArray[np.float64], won: float, base: float) -> Slice:
    share = won / len(scores)
    return Slice(place, len(scores), won, float(scores[0]), float(scores[-1]), share, share / base)


def thresholds(sample: Sample) -> list[Threshold]:
    """Precision and recall at every whole score from 0 to 100 that somebody reaches, rising."""
    found = []
    for score in range(101):
        at = int(np.searchsorted(sample.scores, score))
        won, lost = int(sample.won[at:].sum()), int(sample.lost[at:].sum())
        if won + lost and sample.n_won:
            found.append(Threshold(score, won + lost, won, won / (won + lost), won / sample.n_won))
    return found


def threshold_for(precision: float, among: Sequence[Threshold]) -> Threshold | None:
    """The lowest threshold that reaches a precision, which has the highest recall; None if none does."""
    return next((row for row in among if row.precision >= precision), None)


def rate(part: float, whole: float) -> float | None:
    """A share, none of nothing."""
    return part / whole if whole else None


def wilson(part: int, whole: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927)."""
    if not whole:
        return 0.0, 1.0
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return max(0.0, middle - half), min(1.0, middle + half)


def chance_of_equal_shares(part: int, whole: int, other: int, rest: int) -> float:
    """How likely two shares differ this much by chance, both sides (z-test of two proportions)."""
    pooled = (part + other) / (whole + rest)
    spread = sqrt(pooled * (1 - pooled) * (1 / whole + 1 / rest))
    return erfc(abs(part / whole - other / rest) / spread / sqrt(2)) if spread else 1.0


def corrected(chances: Sequence[float]) -> list[float]:
    """The false discovery rate of each finding among all of them (Benjamini and Hochberg 1995)."""
    least, found = 1.0, [1.0] * len(chances)
    falling = sorted(range(len(chances)), key=chances.__getitem__, reverse=True)
    for rank, place in zip(range(len(chances), 0, -1), falling, strict=True):
        least = found[place] = min(least, chances[place] * len(chances) / rank)
    return found
