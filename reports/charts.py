"""The figures as the charts take them: plain numbers, in the form that static/js/charts.js describes."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from leads import formats
from reports.findings import counted, in_days, told_reason, whole_money
from reports.funnel import Funnel, StageFlow
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


def funnel_chart(figures: Funnel, stays: Mapping[str, timedelta], *, by_value: bool) -> dict[str, Any]:
    """One column for each stage, in deals or in value, and one for what was won."""
    leak = figures.costliest_leak
    return {
        "unit": "value" if by_value else "leads",
        "stages": [
            _column(stage, figures, stays.get(stage.stage), by_value=by_value) for stage in figures.stages
        ],
        "won": {
            "name": "Won",
            "note": counted(figures.won, "deal"),
            "deals": float(figures.value.advanced) if by_value else figures.won,
            "share": f"{formats.share(figures.deals.share, 1)} of {formats.count(figures.entered)}",
            "value": whole_money(figures.value.advanced, figures.currency),
        },
        "leak": leak and {"stage": figures.stages.index(leak), "lines": _callout(leak, figures.currency)},
    }


def _column(stage: StageFlow, figures: Funnel, stay: timedelta | None, *, by_value: bool) -> dict[str, Any]:
    split = stage.value if by_value else stage.deals
    lost_value = whole_money(stage.lost_value, figures.currency)
    return {
        "name": stage.name,
        "note": f"{formats.count(stage.entered)} entered" + (f" · {in_days(stay)}" if stay else ""),
        "entered": float(split.entered),
        "advanced": float(split.advanced),
        "here": float(split.here),
        "lost": float(split.lost),
        "lost_note": counted(stage.lost, "deal") if by_value else lost_value,
    }


def _callout(leak: StageFlow, currency: str) -> list[str]:
    each = whole_money(leak.mean_lost_value, currency)
    reason = told_reason(leak)
    lines = ["Costliest leak", f"{counted(leak.lost, 'deal')}, {each} each"]
    return [*lines, f"{formats.count(reason.deals)}: “{reason.name}”"] if reason else lines
