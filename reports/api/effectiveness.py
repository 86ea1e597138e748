"""The API's door to the question whether scoring works."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.effectiveness import Effectiveness, Moment, effectiveness
from reports.findings.effectiveness import changes_besides
from reports.forms.effectiveness import EffectivenessForm
from reports.versions import BeforeAfter

router = Router(tags=["reports"])


class EffectivenessAsked(Asked):
    by: str = ""
    split: str = ""
    window: str = ""


class IntervalOut(Schema):
    """The bounds of a 95 % interval."""

    low: float
    high: float


class AucOut(IntervalOut):
    value: float


class CycleOut(Schema):
    """Days from entering the pipeline to closing; null of no deals."""

    deals: int
    mean: float | None
    median: float | None
    interval: IntervalOut | None  # of the median


class OutcomesOut(Schema):
    """`win_rate` is won / (won + lost), a fraction, null when nothing closed."""

    won: int
    lost: int
    win_rate: float | None
    interval: IntervalOut | None
    won_cycle: CycleOut
    lost_cycle: CycleOut
    filled: int


class PartOut(Schema):
    key: str
    name: str
    outcomes: OutcomesOut


class EvidenceOut(Schema):
    """`filled` of the `scored` deals had their scores computed afterwards."""

    auc: AucOut | None
    scored: int
    unscored: int
    filled: int


class QualityOut(Schema):
    """Leads open at the end of a period; `open` = all bands + `excluded` + `unscored`."""

    open: int
    total: int
    mean: float | None
    bands: dict[str, int]
    excluded: int
    unscored: int


class MomentOut(Schema):
    period: str
    outcomes: OutcomesOut
    quality: QualityOut | None


class SideOut(Schema):
    entered: int
    open: int
    outcomes: OutcomesOut


class VersionOut(Schema):
    """Two windows of `days` each, null while too short; `chance` is of win rates this far apart.

    Before and after is no experiment.
    """

    id: int
    name: str
    active_from: datetime
    days: int
    before: SideOut | None
    after: SideOut | None
    chance: float | None
    also_changed: list[str]


class EffectivenessOut(Schema):
    total: OutcomesOut
    undated: OutcomesOut
    evidence: EvidenceOut
    bands: list[PartOut]
    split: str
    parts: list[PartOut]
    periods: list[MomentOut]
    versions: list[VersionOut]


@router.get(
    "/reports/effectiveness", response={200: EffectivenessOut, **ANSWERS}, summary="Does scoring work?"
)
def get_effectiveness(request: HttpRequest, asked: Query[EffectivenessAsked]) -> object:
    """Whether deals with better scores are won more often and sooner, over time and around each version."""
    user = signed_in(request)
    query = judged(EffectivenessForm(asked.model_dump(), user=user)).query()
    return _answer(effectiveness(user, query), query.split.key)


def _answer(report: Effectiveness, split: str) -> dict[str, object]:
    return {
        **{name: getattr(report, name) for name in ("total", "undated", "evidence", "parts")},
        "split": split,
        "bands": report.entered,
        "periods": [_period(moment, report) for moment in report.moments],
        "versions": [_version(comparison) for comparison in report.comparisons],
    }


def _period(moment: Moment, report: Effectiveness) -> dict[str, object]:
    quality = moment.quality
    figures = ("open", "total", "mean", "excluded", "unscored")
    return {
        "period": moment.period.key,
        "outcomes": moment.outcomes,
        "quality": quality
        and {
            **{name: getattr(quality, name) for name in figures},
            "bands": {band.key: quality.bands.get(band.pk, 0) for band in report.bands},
        },
    }


def _version(comparison: BeforeAfter) -> dict[str, object]:
    window = comparison.window
    return {
        "id": window.model.pk,
        "name": str(window.model),
        "active_from": window.began,
        "days": window.days,
        "before": comparison.before,
        "after": comparison.after,
        "chance": comparison.win_rate and comparison.win_rate.chance,
        "also_changed": changes_besides(comparison),
    }
