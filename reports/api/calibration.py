"""The API's door to calibration."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.calibration import StageCalibration
from reports.forms.calibration import CalibrationForm
from reports.reliability import Reliability

router = Router(tags=["reports"])


class CalibrationAsked(Asked):
    pipeline: str = ""
    stage: str = ""
    confidence: str = ""
    split: str = ""


class ReliabilityOut(Schema):
    """Fractions, null without entries; brier = reliability − resolution + uncertainty."""

    entries: int
    won: int
    win_rate: float | None
    interval: tuple[float, float] | None
    mean: float | None
    brier: float | None
    reliability: float | None
    resolution: float | None
    uncertainty: float | None


class VerdictOut(Schema):
    """Brier scores of the newer entries, by the base of now and by one proposed from the older ones."""

    entries: int
    proposed: int | None
    now: float
    then: float


class StageCalibrationOut(ReliabilityOut):
    """`proposed` is null under 20 closed deals."""

    stage: str
    name: str
    confidence: int
    proposed: int | None
    verdict: VerdictOut | None


class BinOut(Schema):
    percent: int
    entries: int
    won: int
    win_rate: float
    interval: tuple[float, float]


class SliceOut(ReliabilityOut):
    """The entries of one rep, team, product line, pipeline and the like, as `split` says."""

    name: str


class LeftOutOut(Schema):
    """Deals that stand in no figure."""

    young: int
    disqualified: int
    open: int
    undated: int


class CalibrationOut(Schema):
    """Deals that entered the pipeline after `entered_by` are too young to count."""

    pipeline: str
    confidence: str
    entered_by: date | None
    deals: int
    won: int
    left_out: LeftOutOut
    stages: list[StageCalibrationOut]
    total: ReliabilityOut
    bins: list[BinOut]
    slices: list[SliceOut]
    split_on: date | None
    verdict: VerdictOut | None


@router.get("/reports/calibration", response={200: CalibrationOut, **ANSWERS}, summary="Calibration")
def get_calibration(request: HttpRequest, asked: Query[CalibrationAsked]) -> object:
    """Whether confidence on entering a stage matches how the deals ended, and better percentages."""
    form = judged(CalibrationForm(asked.model_dump(), user=signed_in(request)))
    report = form.report
    return vars(report) | {
        "pipeline": report.query.pipeline.key,
        "confidence": report.query.judged,
        "entered_by": report.age.entered_by,
        "stages": [_stage(row) for row in report.stages],
        "bins": report.total.bins,
        "slices": [{"name": one.name, **_reliability(one.judged)} for one in report.slices],
        "verdict": report.verdict,
    }


def _stage(row: StageCalibration) -> dict[str, Any]:
    stage = row.stage
    named = {"stage": stage.key, "name": stage.name, "confidence": stage.confidence}
    return {**named, "proposed": row.proposed, "verdict": row.verdict, **_reliability(row.judged)}


def _reliability(found: Reliability) -> dict[str, Any]:
    return {name: getattr(found, name) for name in ReliabilityOut.model_fields}
