"""Calibration as its chart takes it; static/js/charts describes the form."""

from typing import Any

from reports.calibration import Calibration, StageCalibration
from reports.reliability import Bin, Reliability


def calibration_chart(report: Calibration) -> dict[str, Any]:
    """A small point for each percentage, and one with its name for each stage where all are shown."""
    stages = [] if report.query.stage else [row for row in report.stages if row.judged.entries]
    return {
        "judged": report.query.judged.label,
        "bins": [_bin(one) for one in report.total.bins],
        "stages": [_stage(row) for row in stages],
    }


def _bin(one: Bin) -> dict[str, Any]:
    return _point(f"{one.percent} %", one.percent, Reliability((one,)))


def _stage(row: StageCalibration) -> dict[str, Any]:
    return _point(row.stage.name, 100 * (row.judged.mean or 0.0), row.judged)


def _point(name: str, percent: float, found: Reliability) -> dict[str, Any]:
    low, high = found.interval or (0.0, 1.0)
    return {
        "name": name,
        "percent": round(percent, 1),
        "rate": round(100 * (found.win_rate or 0.0), 1),
        "low": round(100 * low, 1),
        "high": round(100 * high, 1),
        "entries": found.entries,
        "won": found.won,
    }
