"""What a cell of a table may hold, and its text."""

from datetime import date, datetime
from decimal import Decimal

Cell = str | int | float | Decimal | date | datetime


def as_text(cell: Cell) -> str:
    """The cell as it would stand in a file of text, without the blanks around it."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
