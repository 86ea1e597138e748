"""Whose turn it is: the arithmetic by which people who share leads get the same number of each band. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

UNIT = (
    5_342_931_457_063_200  # one lead; divisible by every whole number up to 40, so that shares add up exactly
)
NEVER = datetime.min.replace(tzinfo=UTC)
Sharing = tuple[tuple[int, int], ...]  # people by number, with their shares


@dataclass(slots=True)
class Rep:
    """Somebody who may get leads, on one day; `expected` is the weighted value of the open ones they have.

    `can` is asked for every lead and member, so it is kept, not computed.
    """

    user_id: int
    name: str
    is_active: bool = True
    is_absent: bool = False
    works_today: bool = True
    capacity: int | None = None
    open_leads: int = 0
    expected: Decimal = Decimal(0)
    can: bool = field(init=False)

    def __post_init__(self) -> None:
        self.can = not self.hindrance

    @property
    def hindrance(self) -> str:
        """Why this person gets no lead now; empty when they can."""
        if not self.is_active:
            return "deactivated"
        if self.is_absent:
            return "absent"
        if not self.works_today:
            return "off today"
        return "full" if self.is_full else ""

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.open_leads >= self.capacity

    def receive(self, value: Decimal) -> None:
        """One lead more, worth so much on average."""
        self.open_leads += 1
        self.expected += value
        self.can = not self.hindrance


@dataclass(slots=True)
class Place:
    """A member's place in the queue of one pool and band; `credit` is in units of UNIT."""

    rep: Rep
    share: int = 1
    credit: int = 0
    received: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """Who gets a lead: with which credit, who could have, and what decided between equals."""

    place: Place
    credit: int
    circle: Sharing
    level: int
    decided_by: str

    @property
    def reason(self) -> str:
        """Next of 4 with a credit of +0.75; level with 1 other, but less expected value."""
        text = f"next of {len(self.circle)} with a credit of {in_leads(self.credit)}"
        if not self.level:
            return text
        others = "1 other" if self.level == 1 else f"{self.level} others"
        return f"{text}; level with {others}, but {self.decided_by}"


def take_turn(able: Collection[Place], *, at: datetime) -> Turn:
    """Whose turn one lead is: each of these earns their share of it, and who is next pays the whole.

    Next is the highest credit, then the least expected value, then the longest wait.
    """
    total = sum(place.share for place in able)
    earning = UNIT // total
    for place in able:
        place.credit += place.share * earning
    turn = _judge(able)
    place = turn.place
    place.credit -= total * earning  # what was earned, so that all credits together stay what they were
    place.received += 1
    place.last_at = at
    return turn


def preview(able: Sequence[Place]) -> Turn:
    """Who would get the next lead, without giving it."""
    earning = UNIT // sum(place.share for place in able)
    return _judge(
        [
            Place(place.rep, place.share, place.credit + place.share * earning, place.received, place.last_at)
            for place in able
        ]
    )


def _judge(able: Collection[Place]) -> Turn:
    credit = max(place.credit for place in able)
    level = [place for place in able if place.credit == credit]
    place = min(level, key=_rank)
    others = [other for other in level if other is not place]
    circle = tuple((other.rep.user_id, other.share) for other in able)
    return Turn(place, credit, circle, len(others), _difference(place, others))


def _rank(place: Place) -> tuple[Decimal, datetime, int]:
    return place.rep.expected, place.last_at or NEVER, place.rep.user_id


def _difference(place: Place, level: Collection[Place]) -> str:
    """What the next one has before all others with the same credit."""
    if not level:
        return ""
    if all(place.rep.expected < other.rep.expected for other in level):
        return "with less expected value"
    same = [other for other in level if other.rep.expected == place.rep.expected]
    since = place.last_at or NEVER
    if all(since < (other.last_at or NEVER) for other in same):
        return "waiting longest"
    return "first in the list"


def hindrances(reps: Iterable[Rep]) -> str:
    """2 absent, 1 full; empty when everybody can take leads."""
    counts: dict[str, int] = {}
    for rep in reps:
        if not rep.can:
            counts[rep.hindrance] = counts.get(rep.hindrance, 0) + 1
    return ", ".join(f"{number} {what}" for what, number in counts.items())


def in_leads(credit: int) -> str:
    """+0.75 of a lead, with a true minus."""
    leads = credit / UNIT
    return f"{leads:+.2f}".replace("-", "−")
