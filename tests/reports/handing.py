"""What a distribution must say, assignment by assignment in plain Python; knows nothing of the product."""

from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from statistics import median


@dataclass
class Handed:
    """A lead that came to `to` at `at` hours, in turn among `circle` (shares by person) or otherwise."""

    lead: int
    to: str
    at: int
    how: str = "turn"
    band: str = "hot"
    pool: int = 0
    circle: dict[str, int] = field(default_factory=dict)


@dataclass
class Done:
    """What somebody did with a lead at `at` hours; `rejects` gives it back."""

    lead: int
    by: str
    at: int
    rejects: bool = False


def balances(handed: list[Handed]) -> dict[tuple[int, str, str], tuple[int, Fraction]]:
    """Received and expected by pool, band and person, turn by turn."""
    received, expected = defaultdict(int), defaultdict(Fraction)
    for turn in handed:
        if turn.how != "turn":
            continue
        received[turn.pool, turn.band, turn.to] += 1
        for person, share in turn.circle.items():
            expected[turn.pool, turn.band, person] += Fraction(share, sum(turn.circle.values()))
    return {key: (received[key], fair) for key, fair in expected.items()}


def fates(handed: list[Handed], done: list[Done]) -> list[tuple[str, int | None]]:
    """For each assignment what the receiver did while the lead was theirs, and after how many hours."""
    found = []
    for row in handed:
        later = [other.at for other in handed if other.lead == row.lead and other.at > row.at]
        until = min(later, default=10**9)
        own = [
            step for step in done if step.lead == row.lead and step.by == row.to and row.at <= step.at < until
        ]
        first = min((step.at for step in own), default=None)
        rejects = any(step.rejects for step in own)
        fate = "rejected" if rejects else "waiting" if first is None else "accepted"
        found.append((fate, None if first is None else first - row.at))
    return found


def middle(hours: list[int]) -> float | None:
    return median(hours) if hours else None
