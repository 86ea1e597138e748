"""Points as whole numbers of tenths, rounded half away from zero: pure."""

from decimal import ROUND_HALF_UP, Decimal


def to_tenths(points: Decimal) -> int:
    """2.25 → 23, -2.25 → -23; Decimal's ROUND_HALF_UP rounds halves away from zero on both sides."""
    return int((points * 10).to_integral_value(ROUND_HALF_UP))


def from_tenths(tenths: int | None) -> float | None:
    """470 → 47.0: the one decimal of the API."""
    return None if tenths is None else tenths / 10
