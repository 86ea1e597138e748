"""How deals ended and how long they took: pure, no database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor, sqrt

from leads.models.leads import Outcome
from scoring.statistics import Interval, Z, rate, wilson

FEW = 20  # closed deals, below which a rate says little
LATE = 0.9  # of closed deals were closed by the age that counts as old enough


@dataclass(frozen=True)
class Ended:
    """Deals with one outcome that took equally many days; None where nobody knows how many."""

    outcome: str
    days: int | None
    deals: int
    filled: bool = False  # their scores were computed afterwards


@dataclass(frozen=True)
class Cycle:
    """How many days deals took; of none, everything but their number is None."""

    days: Mapping[int, int]  # how many deals took so many days

    @cached_property
    def deals(self) -> int:
        return sum(self.days.values())

    @property
    def mean(self) -> float | None:
        return rate(sum(days * deals for days, deals in self.days.items()), self.deals)

    @property
    def median(self) -> float | None:
        return self.percentile(0.5)

    def percentile(self, share: float) -> float | None:
        """As PostgreSQL's percentile_cont: between two deals where none stands at the place."""
        if not self.deals:
            return None
        place = share * (self.deals - 1)
        below, above = self._at(floor(place)), self._at(ceil(place))
        return below + (above - below) * (place - floor(place))

    @property
    def interval(self) -> Interval | None:
        """The median with its 95 % interval by ranks (Campbell and Gardner 1988); None of under six deals."""
        half = Z * sqrt(self.deals) / 2
        low, high = round(self.deals / 2 - half), round(1 + self.deals / 2 + half)
        if self.median is None or low < 1:
            return None
        return Interval(self.median, self._at(low - 1), self._at(min(high, self.deals) - 1))

    def _at(self, place: int) -> int:
        """The days of the deal at this place, the quickest being 0."""
        passed = 0
        for days in sorted(self.days):
            passed += self.days[days]
            if passed > place:
                return days
        raise IndexError(place)


@dataclass(frozen=True)
class Outcomes:
    """What became of deals: how many were won and lost, and how long that took."""

    won: int
    lost: int
    won_cycle: Cycle
    lost_cycle: Cycle
    filled: int  # of both, with scores computed afterwards

    @property
    def closed(self) -> int:
        return self.won + self.lost

    @property
    def win_rate(self) -> float | None:
        """Won of those won or lost; None when nothing is."""
        return rate(self.won, self.closed)

    @property
    def interval(self) -> Interval | None:
        """The win rate with its 95 % interval (Wilson)."""
        return Interval(self.won / self.closed, *wilson(self.won, self.closed)) if self.closed else None

    @property
    def is_few(self) -> bool:
        return self.closed < FEW

    @property
    def maturity(self) -> int | None:
        """The days within which nine of ten closed deals had closed; None when none is known."""
        both = Cycle(Counter(self.won_cycle.days) + Counter(self.lost_cycle.days))
        late = both.percentile(LATE)
        return None if late is None else ceil(late)


def outcomes_of(ended: Iterable[Ended]) -> Outcomes:
    """Those that were won or lost; all others are passed over."""
    cells = [cell for cell in ended if cell.outcome in (Outcome.WON, Outcome.LOST)]
    won, lost = ([cell for cell in cells if cell.outcome == end] for end in (Outcome.WON, Outcome.LOST))
    return Outcomes(
        won=sum(cell.deals for cell in won),
        lost=sum(cell.deals for cell in lost),
        won_cycle=_cycle(won),
        lost_cycle=_cycle(lost),
        filled=sum(cell.deals for cell in cells if cell.filled),
    )


def _cycle(ended: Iterable[Ended]) -> Cycle:
    days: Counter[int] = Counter()
    for cell in ended:
        if cell.days is not None:
            days[cell.days] += cell.deals
    return Cycle(days)
