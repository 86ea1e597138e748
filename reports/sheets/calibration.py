"""Calibration as a table for files: stages, percentages, parts, and what is left out."""

from collections.abc import Iterator
from typing import Any

from reports.calibration import Calibration, LeftOut, StageCalibration
from reports.reliability import Bin, Reliability
from reports.sheets.cells import Cells, fraction

SCORE_DECIMALS = 6


def calibration_sheet(report: Calibration) -> Iterator[Cells]:
    """A line for each stage, percentage and part; rates are fractions, percentages whole."""
    yield [
        *("Kind", "Name", "Entries", "Won", "Win rate", "From", "To", "Mean confidence"),
        *("Brier score", "Reliability", "Resolution", "Uncertainty", "Base", "Proposed base"),
        *("Newer entries", "Brier score of the newer", "The same by the older deals’ proposal"),
    ]
    for row in report.stages:
        yield ["Stage", row.stage.name, *_figures(row.judged), *_proposal(row)]
    yield ["Total", report.query.stage.name if report.query.stage else "All stages", *_figures(report.total)]
    for one in report.total.bins:
        yield ["Percentage", one.percent, *_figures(one)]
    for each in report.slices:
        yield [report.dimension.label, each.name, *_figures(each.judged)]
    for name in LeftOut.__dataclass_fields__:
        yield ["Left out", name, getattr(report.left_out, name)]


def _figures(judged: Reliability | Bin) -> Cells:
    found = Reliability((judged,)) if isinstance(judged, Bin) else judged
    low, high = found.interval or (None, None)
    parts = (found.brier, found.reliability, found.resolution, found.uncertainty)
    rates = map(fraction, (found.win_rate, low, high, found.mean))
    return [found.entries, found.won, *rates, *map(_score, parts)]


def _proposal(row: StageCalibration) -> Cells:
    verdict = row.verdict
    tried = [verdict.entries, _score(verdict.now), _score(verdict.then)] if verdict else []
    return [row.stage.confidence, "not enough data" if row.proposed is None else row.proposed, *tried]


def _score(score: float | None) -> Any:
    return "" if score is None else round(score, SCORE_DECIMALS)
