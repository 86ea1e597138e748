"""The losses as tables: a matrix for the page, and figures to the cent for files."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from reports.flows import Reason
from reports.losses import Line, Losses, Pile, Split
from reports.sheets.cells import Cells, fraction

HEATS = 4  # shades of a cell, by its part of the largest one
MOST_ROWS = 50  # of a matrix on a page
NO_DEALS = Pile(0, Decimal(0))


@dataclass(frozen=True)
class MatrixCell:
    """Deals of one line with one reason; `heat` is 0 for no amount and HEATS for the most."""

    reason: Reason
    deals: int
    amount: int | Decimal
    heat: int


@dataclass(frozen=True)
class MatrixRow:
    line: Line
    cells: list[MatrixCell]
    share: float


@dataclass(frozen=True)
class Matrix:
    """Lines by reasons in one measure; `more` is how many lines only the file has."""

    rows: list[MatrixRow]
    more: int


@dataclass(frozen=True)
class BarRow:
    """A line with its bar in per cent of the longest."""

    line: Line
    length: float


def loss_matrix(report: Losses, split: Split, *, by_value: bool) -> Matrix:
    """The lines of a split, each with a cell for every reason of the report."""
    lines = report.lines(split)
    shown = lines[:MOST_ROWS]
    piles = [pile for line in shown for pile in line.reasons.values()]
    most = max((_amount(pile, by_value=by_value) for pile in piles), default=0) or 1
    whole = _amount(report.total, by_value=by_value) or 1
    rows = [
        MatrixRow(
            line,
            [_cell(line, reason, most, by_value=by_value) for reason in report.reasons],
            float(_amount(line.total, by_value=by_value) / whole),
        )
        for line in shown
    ]
    return Matrix(rows, len(lines) - len(shown))


def period_rows(report: Losses, *, by_value: bool) -> list[BarRow]:
    """The months or quarters with their bars."""
    amounts = [_amount(line.total, by_value=by_value) for line in report.periods]
    longest = max(amounts, default=0) or 1
    return [
        BarRow(line, round(float(100 * amount / longest), 1))
        for line, amount in zip(report.periods, amounts, strict=True)
    ]


def losses_sheet(report: Losses) -> Iterator[Cells]:
    """All reasons, then each stage, competitor, rep and period: as a whole, and by reason."""
    yield ["Split", "Name", "Reason", "Lost deals", "Share", "Value", "Currency"]
    names = {reason.key: reason.name for reason in report.reasons}
    yield _row(report, "All", "", "", report.total)
    for reason in report.reasons:
        yield _row(report, "All", "", reason.name, Pile(reason.deals, reason.value))
    named = {split.label: report.lines(split) for split in Split} | {"Period": report.periods}
    for split, lines in named.items():
        yield from _lines(report, split, lines, names)
    for foreign in report.unconverted:
        yield ["No exchange rate", "", "", foreign.deals, "", foreign.value, foreign.currency]


def _lines(report: Losses, split: str, lines: Sequence[Line], names: dict[str, str]) -> Iterator[Cells]:
    for line in lines:
        yield _row(report, split, line.name, "", line.total)
        for key, name in names.items():
            if key in line.reasons:
                yield _row(report, split, line.name, name, line.reasons[key])


def _row(report: Losses, split: str, name: str, reason: str, pile: Pile) -> Cells:
    share = pile.deals / report.total.deals if report.total.deals else None
    return [split, name, reason, pile.deals, fraction(share), pile.value, report.currency]


def _cell(line: Line, reason: Reason, most: int | Decimal, *, by_value: bool) -> MatrixCell:
    pile = line.reasons.get(reason.key, NO_DEALS)
    amount = _amount(pile, by_value=by_value)
    return MatrixCell(reason, pile.deals, amount, ceil(HEATS * amount / most))


def _amount(pile: Pile, *, by_value: bool) -> int | Decimal:
    return pile.value if by_value else pile.deals
