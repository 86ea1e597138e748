"""Coverage as a table for files, to the cent."""

from collections.abc import Iterator
from decimal import Decimal

from reports.coverage import Coverage
from reports.sheets.cells import Cells, fraction, in_cents


def coverage_sheet(report: Coverage) -> Iterator[Cells]:
    """A figure a line, in the order of the page."""
    yield ["Figure", "Value", "Currency"]
    money: dict[str, Decimal | None] = {
        "Needed": report.need,
        "Won": report.figures.won,
        "Open, weighted": report.figures.weighted,
        "Open, full value": report.figures.open,
        "Gap": report.gap,
        "New pipeline at the mean confidence": report.pipeline_by_confidence,
        "New pipeline at the win rate": report.pipeline_by_win_rate,
        "Mean won value": report.record.mean_won,
    }
    for name, amount in money.items():
        yield [name, in_cents(amount), report.currency]
    record = report.record
    numbers = {
        "Mean confidence": fraction(report.figures.mean_confidence),
        "Win rate": fraction(record.win_rate),
        "Conversion of leads": fraction(record.conversion),
        "Closed in 12 months": record.won + record.lost + record.disqualified,
        "New leads": report.new_leads,
        "New leads that would close in time": report.leads_in_time,
        "Days left": report.days_left,
        "Median cycle in days": record.cycle.days if record.cycle is not None else None,
        "Won as quickly as that": fraction(record.quick),
    }
    for name, number in numbers.items():
        yield [name, number, ""]
    for foreign in report.unconverted:
        yield ["No exchange rate", foreign.value, foreign.currency]
