"""Win rates with their intervals as the chart takes them; static/js/charts describes the form."""

from typing import Any

from leads import formats
from reports.sources import Line, Sources, Table

MOST_ROWS = 12


def sources_chart(report: Sources, table: Table) -> dict[str, Any]:
    """The lines with most leads whose rate is known, and the rate of all."""
    known = [line for line in table.lines if line.win_rate is not None]
    return {"all": report.total.win_rate, "rows": [_row(line) for line in known[:MOST_ROWS]]}


def _row(line: Line) -> dict[str, Any]:
    low, high = line.interval or (0.0, 1.0)
    closed = formats.count(line.won + line.lost)
    return {
        "name": line.name,
        "rate": line.win_rate,
        "low": low,
        "high": high,
        "note": f"{formats.count(line.won)} of {closed}",
    }
