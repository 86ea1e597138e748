"""How well percentages foretold what happened, and what they should have been: pure, no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import fsum

from scoring.statistics import wilson

FEWEST = 20  # closed deals, below which nothing is proposed
HALF_WAY = 20  # closed deals with which a proposal goes half the way to the win rate
LOWEST, HIGHEST = 1, 99  # per cent that a stage can have


@dataclass(frozen=True)
class Bin:
    """Entries at one whole percentage, and how many of them were won."""

    percent: int
    entries: int
    won: int

    @property
    def win_rate(self) -> float:
        return self.won / self.entries

    @property
    def interval(self) -> tuple[float, float]:
        """Where the win rate lies with 95 % (Wilson 1927)."""
        return wilson(self.won, self.entries)

    @property
    def squares(self) -> int:
        """The sum of (percent − outcome)², the outcome being 100 or 0."""
        missed = self.entries - self.won
        return self.won * (100 - self.percent) ** 2 + missed * self.percent**2


@dataclass(frozen=True)
class Reliability:
    """Bins by rising percentage, and what they say together; rates are fractions, None without entries."""

    bins: tuple[Bin, ...]

    @property
    def entries(self) -> int:
        return sum(one.entries for one in self.bins)

    @property
    def won(self) -> int:
        return sum(one.won for one in self.bins)

    @property
    def win_rate(self) -> float | None:
        return self.won / self.entries if self.entries else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Where the win rate lies with 95 % (Wilson 1927)."""
        return wilson(self.won, self.entries) if self.entries else None

    @property
    def mean(self) -> float | None:
        """The mean percentage, as a fraction."""
        total = sum(one.percent * one.entries for one in self.bins)
        return total / 100 / self.entries if self.entries else None

    @property
    def gap(self) -> float | None:
        """Win rate − mean percentage: above 0 where people were too careful."""
        return None if self.win_rate is None or self.mean is None else self.win_rate - self.mean

    @property
    def is_off(self) -> bool:
        """The mean percentage lies outside the interval of the win rate, so chance hardly explains it."""
        if self.interval is None or self.mean is None:
            return False
        low, high = self.interval
        return not low <= self.mean <= high

    @property
    def brier(self) -> float | None:
        """The mean of (percentage − outcome)² (Brier 1950); 0 is perfect.

        Equal to reliability − resolution + uncertainty, the bins being the percentages (Murphy 1973).
        """
        squares = sum(one.squares for one in self.bins)
        return squares / 10_000 / self.entries if self.entries else None

    @property
    def reliability(self) -> float | None:
        """The mean of (percentage − win rate of its bin)²; 0 is calibrated."""
        return self._mean((one.percent / 100 - one.win_rate) ** 2 * one.entries for one in self.bins)

    @property
    def resolution(self) -> float | None:
        """The mean of (win rate of the bin − win rate)²: how well the percentages tell deals apart."""
        rate = self.win_rate or 0.0
        return self._mean((one.win_rate - rate) ** 2 * one.entries for one in self.bins)

    @property
    def uncertainty(self) -> float | None:
        """Win rate × (1 − win rate): what nobody can foretell from the percentages."""
        return None if self.win_rate is None else self.win_rate * (1 - self.win_rate)

    def _mean(self, terms: Iterable[float]) -> float | None:
        return fsum(terms) / self.entries if self.entries else None


def gather(counted: Iterable[tuple[int, int, int]]) -> Reliability:
    """The reliability of (percentage, entries, won), in which a percentage may come more than once."""
    sums: dict[int, tuple[int, int]] = {}
    for percent, entries, won in counted:
        before = sums.get(percent, (0, 0))
        sums[percent] = before[0] + entries, before[1] + won
    return Reliability(tuple(Bin(percent, *sums[percent]) for percent in sorted(sums)))


def propose(base: int, automatic: Reliability) -> int | None:
    """The base + n ÷ (n + 20) × (win rate − mean automatic confidence on entering), whole, from 1 to 99.

    None under 20 closed deals. n × (win rate − mean) is 100 × won − the sum of the percentages, exactly.
    """
    if automatic.entries < FEWEST:
        return None
    missed = 100 * automatic.won - sum(one.percent * one.entries for one in automatic.bins)
    moved = base + Decimal(missed) / (automatic.entries + HALF_WAY)
    return min(HIGHEST, max(LOWEST, int(moved.quantize(Decimal(1), ROUND_HALF_UP))))


def shifted(automatic: Reliability, points: int) -> Reliability:
    """The same entries with a base that is so many points higher: every percentage moves with it."""
    moved = (
        (min(HIGHEST, max(LOWEST, one.percent + points)), one.entries, one.won) for one in automatic.bins
    )
    return gather(moved)
