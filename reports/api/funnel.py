"""The API's door to the funnel."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.comparison import Comparison, Contrast, Share
from reports.flows import Ends, Flow, StageFlow
from reports.forms.funnel import FunnelForm
from reports.funnel_parts import Part
from reports.funnel_report import FunnelReport
from reports.periods import DAY
from reports.stays import Stay

router = Router(tags=["reports"])


class FunnelAsked(Asked):
    """`split` is a dimension; `against` is previous, year, or a dimension and a name (source:Website)."""

    pipeline: str = ""
    cohort: str = ""
    role: str = ""
    band: str = ""
    pain: str = ""
    split: str = ""
    against: str = ""
    against_start: str = ""
    against_end: str = ""


class ValueOut(Schema):
    """In the organisation's currency: entered = lost + here + advanced."""

    entered: Decimal
    lost: Decimal
    here: Decimal
    advanced: Decimal


class ReasonOut(Schema):
    """~disqualified and ~untold stand for no lost reason."""

    key: str
    name: str
    deals: int
    value: Decimal


class StageFlowOut(Schema):
    """entered = lost + here + advanced; the disqualified are lost at their stage."""

    stage: str
    name: str
    entered: int
    lost: int
    here: int
    advanced: int
    lost_value: Decimal
    value: ValueOut
    advanced_share: float | None
    won_share: float | None
    median_days: float | None
    p90_days: float | None
    reasons: list[ReasonOut]


class EndsOut(Schema):
    """`lost` is without the disqualified; `win_rate` is a fraction, or null when nothing closed."""

    entered: int
    won: int
    lost: int
    disqualified: int
    open: int
    win_rate: float | None
    value: ValueOut


class PartOut(EndsOut):
    """A month (2026-05), or a rep, team, source… as `split` says."""

    key: str
    name: str


class ShareOut(Schema):
    """With its 95 % interval."""

    part: int
    whole: int
    share: float | None
    low: float | None
    high: float | None


class ContrastOut(Schema):
    """`chance`: how likely a difference of this size is by chance; null with too few to tell."""

    name: str
    ours: ShareOut
    theirs: ShareOut
    difference: float | None
    chance: float | None


class ComparisonOut(Schema):
    """Ours is what is asked for, theirs what it is compared with; shares that advanced from each stage."""

    ours: str
    theirs: str
    stages: list[ContrastOut]
    won_of_entered: ContrastOut
    win_rate: ContrastOut


class FunnelOut(EndsOut):
    """`months` and `parts` each add up to the whole."""

    currency: str
    stages: list[StageFlowOut]
    unconverted: int
    months: list[PartOut]
    split: str
    parts: list[PartOut]
    comparison: ComparisonOut | None


@router.get("/reports/funnel", response={200: FunnelOut, **ANSWERS}, summary="Funnel")
def get_funnel(request: HttpRequest, asked: Query[FunnelAsked]) -> object:
    """How far deals came, where they were lost and why, by their furthest stage."""
    form = judged(FunnelForm(asked.model_dump(), user=signed_in(request)))
    return _funnel(form.report())


def _funnel(report: FunnelReport) -> dict[str, object]:
    figures = report.funnel
    return {
        **_ends(figures),
        "currency": figures.currency,
        "stages": [_stage(flow, figures.won, report.stays.get(flow.stage)) for flow in figures.stages],
        "unconverted": figures.unconverted,
        "months": [_part(month) for month in report.months],
        "split": report.dimension,
        "parts": [_part(part) for part in report.parts],
        "comparison": report.comparison and _comparison(report.comparison),
    }


def _ends(ends: Ends) -> dict[str, object]:
    names = ("entered", "won", "lost", "disqualified", "open", "win_rate")
    return {name: getattr(ends, name) for name in names} | {"value": _value(ends)}


def _value(flow: Flow) -> dict[str, Decimal]:
    return {name: getattr(flow.value, name) for name in ValueOut.model_fields}


def _part(part: Part) -> dict[str, object]:
    return _ends(part) | {"key": part.key, "name": part.name}


def _stage(flow: StageFlow, won: int, stay: Stay | None) -> dict[str, object]:
    names = ("stage", "name", "entered", "lost", "here", "advanced", "lost_value", "reasons")
    return {name: getattr(flow, name) for name in names} | {
        "value": _value(flow),
        "advanced_share": flow.deals.share,
        "won_share": won / flow.entered if flow.entered else None,
        "median_days": round(stay.median / DAY, 1) if stay else None,
        "p90_days": round(stay.p90 / DAY, 1) if stay else None,
    }


def _comparison(comparison: Comparison) -> dict[str, object]:
    return {
        "ours": comparison.against.own_name,
        "theirs": comparison.against.name,
        "stages": [_contrast(stage) for stage in comparison.stages],
        "won_of_entered": _contrast(comparison.won_of_entered),
        "win_rate": _contrast(comparison.win_rate),
    }


def _contrast(contrast: Contrast) -> dict[str, object]:
    return {
        "name": contrast.name,
        "ours": _share(contrast.ours),
        "theirs": _share(contrast.theirs),
        "difference": contrast.difference,
        "chance": contrast.chance,
    }


def _share(share: Share) -> dict[str, object]:
    low, high = share.bounds or (None, None)
    return {"part": share.part, "whole": share.whole, "share": share.value, "low": low, "high": high}
