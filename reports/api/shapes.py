"""What the answers of several reports hold."""

from decimal import Decimal

from ninja import Schema

from reports.forecast import Figures


class FiguresOut(Schema):
    won: Decimal
    open: Decimal
    weighted: Decimal
    expected: Decimal
    deals: int


class UnconvertedOut(Schema):
    currency: str
    deals: int
    value: Decimal


def figures_out(figures: Figures) -> dict[str, object]:
    """Figures as FiguresOut has them."""
    return {name: getattr(figures, name) for name in FiguresOut.model_fields}
