"""Whether differences between what people got and what was theirs could be chance: pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FEWEST = 5  # expected of everybody, from which the chi-square distribution is a good approximation (Cochran)
DRAWS = 10_000
SEED = 2026
LEAST = 1e-9  # expected leads of somebody who counts

Shared = Sequence[tuple[int, float]]  # leads that people shared: what each got, and what was theirs


@dataclass(frozen=True)
class Chance:
    """How often leads dealt out by lot would differ at least as much; `is_drawn` where that was tried out."""

    statistic: float
    freedom: int
    share: float
    is_drawn: bool


def chance_of(shared: Iterable[Shared]) -> Chance | None:
    """Pearson's chi-square test of goodness of fit, over leads that were shared apart from each other.

    None where nobody shared a lead with anybody. Where somebody expects fewer than five leads, that many
    leads are dealt out by lot ten thousand times instead.
    """
    counted = [[pair for pair in pairs if pair[1] > LEAST] for pairs in shared]
    counted = [pairs for pairs in counted if len(pairs) > 1]
    if not counted:
        return None
    statistic = sum((got - fair) ** 2 / fair for pairs in counted for got, fair in pairs)
    freedom = sum(len(pairs) - 1 for pairs in counted)
    if min(fair for pairs in counted for _, fair in pairs) < FEWEST:
        return Chance(statistic, freedom, _drawn(counted, statistic), is_drawn=True)
    return Chance(statistic, freedom, _upper_tail(statistic, freedom), is_drawn=False)


def _upper_tail(statistic: float, freedom: int) -> float:
    """Of the chi-square distribution: the regularised upper incomplete gamma function."""
    from scipy.special import gammaincc  # noqa: PLC0415 (takes a third of a second)

    return float(gammaincc(freedom / 2, statistic / 2))


def _drawn(counted: Sequence[Shared], statistic: float) -> float:
    import numpy as np  # noqa: PLC0415 (takes a tenth of a second)

    dice, found = np.random.default_rng(SEED), np.zeros(DRAWS)
    for pairs in counted:
        fair = np.array([expected for _, expected in pairs])
        dealt = dice.multinomial(sum(got for got, _ in pairs), fair / fair.sum(), size=DRAWS)
        found += ((dealt - fair) ** 2 / fair).sum(axis=1)
    return float((found >= statistic - LEAST).mean())
