"""The forecast as a table for files, to the cent."""

from collections.abc import Iterator

from pipeline.models import Category
from reports.forecast import Figures
from reports.outlook import ForecastReport, Line
from reports.sheets.cells import Cells


def forecast_sheet(report: ForecastReport) -> Iterator[Cells]:
    """The lines and their total, then what stands in no total, the categories, and the total split."""
    yield [
        *(
            "Period",
            "From",
            "To",
            "Currency",
            "Won deals",
            "Won",
            "Open deals",
            "Open",
            "Weighted",
            "Expected",
        ),
        *("P10", "P50", "P90", "Target"),
    ]
    figures = report.forecast
    for line in [*report.lines, report.total]:
        yield _line(line.name if line is not report.total else "Total", line, figures.currency)
    apart = {
        "Overdue": figures.overdue,
        "Without a date": figures.undated,
        "Won, date unknown": figures.won_undated,
    }
    for name, beside in apart.items():
        yield [name, "", "", figures.currency, *_money(beside)]
    for foreign in figures.unconverted:
        yield ["No exchange rate", "", "", foreign.currency, "", "", foreign.deals, foreign.value]
    for name, heap in figures.categories.heaps.items():
        title = Category(name).label
        yield [title, "", "", figures.currency, "", "", heap.deals, heap.value]
    for part in report.slices:
        name = f"{report.dimension.label}: {part.name}"
        yield [name, report.query.start, report.query.end, figures.currency, *_money(part.figures)]


def _line(name: str, line: Line, currency: str) -> Cells:
    found = [line.range.p10, line.range.p50, line.range.p90] if line.range else ["", "", ""]
    target = "" if line.target is None else line.target
    return [name, line.span.start, line.span.end, currency, *_money(line.figures), *found, target]


def _money(figures: Figures) -> Cells:
    return [
        *(figures.won_deals, figures.won, figures.open_deals, figures.open),
        *(figures.weighted, figures.expected),
    ]
