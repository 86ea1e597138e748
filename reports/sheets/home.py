"""The month at a glance as a table for files, to the cent."""

from collections.abc import Iterator
from decimal import Decimal

from reports.home import Home
from reports.sheets.cells import Cells, fraction


def home_sheet(report: Home) -> Iterator[Cells]:
    """A figure a line, in the order of the page; then who has too much in hand."""
    yield ["Figure", "Value", "Currency"]
    month, found = report.month, report.month.range
    money: dict[str, Decimal | None] = {
        f"Target, {month.name}": month.target,
        "Won": month.figures.won,
        "Open, weighted": month.figures.weighted,
        "Expected": month.figures.expected,
        "P10": found.p10 if found else None,
        "P90": found.p90 if found else None,
        "Rotting": report.rot.value,
    }
    for name, amount in money.items():
        yield [name, amount, report.currency]
    leak = report.funnel.costliest_leak
    if leak:
        yield [f"Lost in {leak.name}", leak.lost_value, report.currency]
    yield ["Rotting deals", report.rot.deals, ""]
    yield ["Rotting, of the open value", fraction(report.rot.share), ""]
    yield ["People over capacity", len(report.overloaded), ""]
    for load in report.overloaded:
        yield [f"Leads of {load.name} beyond {load.capacity}", load.over, ""]
