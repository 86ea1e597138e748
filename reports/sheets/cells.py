"""What the cells of all sheets share."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

Cells = list[Any]


def in_cents(amount: Decimal | None) -> Decimal | None:
    """An amount to the cent."""
    return None if amount is None else round(amount, 2)


def fraction(share: Decimal | float | None) -> Any:
    """A share of 1 with four decimals; an empty cell for none."""
    return "" if share is None else round(share, 4)


def in_hours(stay: timedelta | None) -> Any:
    """Hours with two decimals; an empty cell for none."""
    return "" if stay is None else round(stay / timedelta(hours=1), 2)
