"""Sources and campaigns as a table for files, to the cent."""

from collections.abc import Iterator

from reports.periods import DAY
from reports.sheets.cells import Cells, fraction
from reports.sources import Figures, Sources


def sources_sheet(report: Sources) -> Iterator[Cells]:
    """The lines of every table, then all leads, then the costs that stand in no line."""
    yield [
        *("Split", "Name", "Leads", "Qualified", "Won", "Lost", "Win rate", "From", "To", "Median days"),
        *("Currency", "Revenue", "Cost", "Cost per lead", "Cost per qualified", "Cost per won", "Return"),
    ]
    for table in report.tables:
        for line in table.lines:
            yield _row(table.grouping.label, line.name, line, report.currency)
    yield _row("All", "", report.total, report.currency)
    for title, costs in (
        ("Campaign without a lead here", report.elsewhere),
        ("No exchange rate", report.foreign_costs),
    ):
        for cost in costs:
            yield [title, cost.name, *[""] * 8, cost.currency, "", cost.paid]
    for foreign in report.unconverted:
        yield ["No exchange rate", "Won", "", "", foreign.deals, *[""] * 5, foreign.currency, foreign.value]


def _row(split: str, name: str, figures: Figures, currency: str) -> Cells:
    low, high = figures.interval or (None, None)
    return [
        *(split, name, figures.leads, figures.qualified, figures.won, figures.lost),
        *(fraction(figures.win_rate), fraction(low), fraction(high)),
        "" if figures.cycle is None else round(figures.cycle / DAY, 1),
        *(currency, figures.revenue, figures.cost, figures.cost_per_lead, figures.cost_per_qualified),
        *(figures.cost_per_won, fraction(figures.returned)),
    ]
