"""What became of deals: how many were lost, are still there, or went on, and their value. Pure."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

Amount = TypeVar("Amount", int, float, Decimal)


@dataclass(frozen=True)
class Reason:
    """Why deals were lost, how many, and what they are worth in the organisation's currency."""

    key: str
    name: str
    deals: int
    value: Decimal


@dataclass(frozen=True)
class Split(Generic[Amount]):
    """What entered a stage is lost there, still here, or advanced from it: always all of it."""

    lost: Amount
    here: Amount
    advanced: Amount

    @property
    def entered(self) -> Amount:
        return self.lost + self.here + self.advanced

    @property
    def share(self) -> float | None:
        """What advanced, of all that entered."""
        return float(self.advanced / self.entered) if self.entered else None


@dataclass(frozen=True, kw_only=True)
class Flow:
    """What became of deals, counted and in the organisation's currency."""

    deals: Split[int]
    value: Split[Decimal]
    priced: int  # of those lost: how many have a value

    @property
    def entered(self) -> int:
        return self.deals.entered

    @property
    def mean_lost_value(self) -> Decimal | None:
        """Of a lost deal that has a value."""
        return self.value.lost / self.priced if self.priced else None


@dataclass(frozen=True, kw_only=True)
class StageFlow(Flow):
    """What became of the deals that entered a stage."""

    stage: str
    name: str
    reasons: list[Reason]

    @property
    def lost(self) -> int:
        return self.deals.lost

    @property
    def here(self) -> int:
        return self.deals.here

    @property
    def advanced(self) -> int:
        return self.deals.advanced

    @property
    def lost_value(self) -> Decimal:
        return self.value.lost


@dataclass(frozen=True, kw_only=True)
class Ends(Flow):
    """How deals stand: those that advanced to the end are won."""

    disqualified: int  # of those lost

    @property
    def won(self) -> int:
        return self.deals.advanced

    @property
    def lost(self) -> int:
        """Without the disqualified, who are lost only at their stage."""
        return self.deals.lost - self.disqualified

    @property
    def open(self) -> int:
        return self.deals.here

    @property
    def closed(self) -> int:
        return self.won + self.lost

    @property
    def win_rate(self) -> float | None:
        """Won of those won or lost; None when nothing is."""
        return self.won / self.closed if self.closed else None
