"""How far open deals may spread, each closing whatever the others do; numpy makes it slow to import."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Runs: TypeAlias = NDArray[np.float64]

SEED = 20_250_101
RUNS = 4_000
DRAWN = 100  # lots drawn one by one; of more than that, the small rest is as good as normally distributed
DIGITS = 4  # a simulation knows no more


@dataclass(frozen=True)
class Lot:
    """Open deals of one value and confidence."""

    value: Decimal
    confidence: int
    deals: int = 1


@dataclass(frozen=True)
class Range:
    """What is reached in nine of ten, in half and in one of ten cases."""

    p10: Decimal
    p50: Decimal
    p90: Decimal


def simulate(buckets: Sequence[tuple[Sequence[Lot], Decimal]]) -> tuple[list[Range | None], Range | None]:
    """The range of each bucket, given what is open and won, and of their sum; None where nothing is open."""
    generator = np.random.default_rng(SEED)
    runs = [_runs(lots, generator) if lots else None for lots, _ in buckets]
    ranges = [None if run is None else _range(run, won) for run, (_, won) in zip(runs, buckets, strict=True)]
    drawn = [run for run in runs if run is not None]
    return ranges, _range(np.sum(drawn, axis=0), sum(won for _, won in buckets)) if drawn else None


def _runs(lots: Sequence[Lot], generator: np.random.Generator) -> Runs:
    values = np.array([float(lot.value) for lot in lots])
    deals = np.array([lot.deals for lot in lots])
    chances = np.array([lot.confidence / 100 for lot in lots])
    variances = values**2 * deals * chances * (1 - chances)
    by_spread = np.argsort(-variances, kind="stable")
    drawn, rest = by_spread[:DRAWN], by_spread[DRAWN:]
    closed = _closed(deals[drawn], chances[drawn], generator)
    mean = float((values * deals * chances)[rest].sum())
    spread = float(variances[rest].sum()) ** 0.5
    return np.asarray(closed @ values[drawn] + generator.normal(mean, spread, RUNS))


def _closed(deals: NDArray[np.int64], chances: Runs, generator: np.random.Generator) -> Runs:
    """How many deals of each lot close in each run; one alone by the toss of a coin, which is far quicker."""
    closed = (generator.random((RUNS, len(deals))) < chances).astype(np.float64)
    several = deals > 1
    closed[:, several] = generator.binomial(deals[several], chances[several], size=(RUNS, several.sum()))
    return closed


def _range(runs: Runs, won: Decimal | int) -> Range:
    return Range(*(_rounded(float(figure)) + won for figure in np.percentile(runs, [10, 50, 90])))


def _rounded(figure: float) -> Decimal:
    whole = max(0, round(figure))
    return Decimal(round(whole, min(0, DIGITS - len(str(whole)))))
