"""Accuracy and movement as a table for files, to the cent."""

from collections.abc import Iterator

from reports.accuracy import Accuracy
from reports.movement import Movement
from reports.sheets.cells import Cells


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
