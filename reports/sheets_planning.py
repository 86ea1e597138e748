"""Coverage and accuracy as tables for files, to the cent."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from reports.accuracy import Accuracy
from reports.coverage import Coverage
from reports.movement import Movement

Cells = list[Any]


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
        yield [name, _cents(amount), report.currency]
    record = report.record
    numbers = {
        "Mean confidence": _fraction(report.figures.mean_confidence),
        "Win rate": _fraction(record.win_rate),
        "Conversion of leads": _fraction(record.conversion),
        "Closed in 12 months": record.won + record.lost + record.disqualified,
        "New leads": report.new_leads,
        "New leads that would close in time": report.leads_in_time,
        "Days left": report.days_left,
        "Median cycle in days": record.cycle.days if record.cycle is not None else None,
        "Won as quickly as that": _fraction(record.quick),
    }
    for name, number in numbers.items():
        yield [name, number, ""]
    for foreign in report.unconverted:
        yield ["No exchange rate", foreign.value, foreign.currency]


def accuracy_sheet(report: Accuracy, moved: Movement | None) -> Iterator[Cells]:
    """The periods, then what moved."""
    yield ["Period", "From", "To", "Currency", "Snapshot", "Forecast", "Open", "Won", "Error"]
    for past in report.periods:
        yield [
            *(past.period.name, past.period.start, past.period.end, report.currency, past.taken_on),
            *(past.forecast, past.open, past.won, past.error),
        ]
    for bar in moved.bars if moved else ():
        yield [bar.label, moved and moved.since, moved and moved.until, report.currency, "", bar.change]


def _cents(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else round(amount, 2)


def _fraction(share: Decimal | None) -> Decimal | None:
    return None if share is None else round(share, 4)
