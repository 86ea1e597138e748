"""The month as two bars on one scale, in per cent of their width."""

from dataclasses import dataclass
from decimal import Decimal

from reports.outlook import Line


@dataclass(frozen=True)
class MonthBar:
    """Lengths of won and weighted, and places on the same scale; None for what there is not."""

    won: float
    weighted: float
    target: float | None
    expected: float
    p10: float | None
    p90: float | None

    @property
    def spread(self) -> float:
        """From P10 to P90."""
        return round((self.p90 or 0) - (self.p10 or 0), 2)


def month_bar(line: Line) -> MonthBar:
    """The highest figure fills nine tenths, so that its mark stays on the bar."""
    figures, found = line.figures, line.range
    p10, p90 = (found.p10, found.p90) if found else (None, None)
    highest = max(figures.expected, line.target or Decimal(0), p90 or Decimal(0)) or Decimal(1)

    def placed(amount: Decimal) -> float:
        return round(float(90 * amount / highest), 2)

    target, low, high = (None if amount is None else placed(amount) for amount in (line.target, p10, p90))
    return MonthBar(
        placed(figures.won), placed(figures.weighted), target, placed(figures.expected), low, high
    )
