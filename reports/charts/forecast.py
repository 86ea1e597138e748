"""The forecast as its chart takes it; static/js/charts describes the form."""

from decimal import Decimal
from typing import Any

from reports.outlook import ForecastReport, Line
from reports.periods import By


def forecast_chart(report: ForecastReport) -> dict[str, Any]:
    """One bar for each month or quarter."""
    return {
        "weighted": report.query.weighted,
        "now": f"this {report.query.by}",
        "buckets": [_bar(line, report, is_first=line is report.lines[0]) for line in report.lines],
    }


def _bar(line: Line, report: ForecastReport, *, is_first: bool) -> dict[str, Any]:
    return {
        "label": _month(line, is_first=is_first) if report.query.by == By.MONTH else line.name,
        "won": float(line.figures.won),
        "weighted": float(line.figures.weighted),
        "open": float(line.figures.open),
        "expected": float(line.figures.expected),
        "p10": _number(line.range.p10 if line.range else None),
        "p90": _number(line.range.p90 if line.range else None),
        "target": _number(line.target),
        "is_current": line.is_current,
    }


def _month(line: Line, *, is_first: bool) -> str:
    """The year stands where it begins."""
    return line.name if is_first or line.span.start.month == 1 else f"{line.span.start:%b}"


def _number(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)
