"""The API's doors to the reports: the same forms, queries and figures as the pages."""

from datetime import date
from decimal import Decimal
from typing import TypeVar

from django import forms
from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS, UnprocessableError
from leads.requests import signed_in
from reports.coverage import coverage
from reports.forecast import Figures
from reports.forms import ForecastForm, FunnelForm
from reports.funnel import funnel
from reports.planning import AccuracyForm, CoverageForm
from reports.slices import forecast_split

router = Router(tags=["reports"])
AnyForm = TypeVar("AnyForm", bound=forms.Form)


class Asked(Schema):
    """The address as it came: the report's own form judges it. These are the filters of every report."""

    start: str = ""
    end: str = ""
    owner: str = ""
    team: str = ""
    product_line: str = ""
    source: str = ""
    campaign: str = ""
    currency: str = ""


class ForecastAsked(Asked):
    by: str = ""
    weighted: str = ""
    split: str = ""


class FunnelAsked(Asked):
    pipeline: str = ""
    cohort: str = ""


class FiguresOut(Schema):
    won: Decimal
    open: Decimal
    weighted: Decimal
    expected: Decimal
    deals: int


class BucketOut(FiguresOut):
    period: str


class UnconvertedOut(Schema):
    currency: str
    deals: int
    value: Decimal


class HeapOut(Schema):
    deals: int
    value: Decimal


class CategoriesOut(Schema):
    """The total at full value, by how sure the forecast is of it."""

    closed: Decimal
    commit: HeapOut
    best_case: HeapOut
    pipeline: HeapOut
    omitted: HeapOut
    commit_forecast: Decimal
    best_case_forecast: Decimal
    open_pipeline: Decimal


class SliceOut(FiguresOut):
    """The total of one rep, team, product line, product, stage, source or campaign, as `split` says."""

    name: str


class ForecastOut(Schema):
    """`overdue`, `undated` and `unconverted` stand beside the total and in no bucket."""

    currency: str
    weighted: bool
    buckets: list[BucketOut]
    overdue: FiguresOut
    undated: FiguresOut
    total: FiguresOut
    unconverted: list[UnconvertedOut]
    categories: CategoriesOut
    slices: list[SliceOut]


class CoverageAsked(Asked):
    need: str = ""


class CoverageOut(Schema):
    """Null where nothing was measured; rates are fractions."""

    currency: str
    need: Decimal | None
    won: Decimal
    open: Decimal
    weighted: Decimal
    gap: Decimal
    mean_confidence: float | None
    win_rate: float | None
    conversion: float | None
    mean_won: Decimal | None
    cycle_days: int | None
    quick_share: float | None
    days_left: int
    pipeline_by_confidence: Decimal | None
    pipeline_by_win_rate: Decimal | None
    new_leads: int | None
    leads_in_time: int | None
    unconverted: list[UnconvertedOut]


class AccuracyAsked(Asked):
    by: str = ""
    since: str = ""


class PastOut(Schema):
    """`error` is forecast − won, of a period that is over."""

    period: str
    taken_on: date | None
    forecast: Decimal | None
    open: Decimal | None
    won: Decimal
    error: Decimal | None


class StepOut(Schema):
    moved: str
    deals: int
    change: Decimal


class MovementOut(Schema):
    """start + the changes of all steps = end."""

    since: date
    until: date
    start: Decimal
    end: Decimal
    steps: list[StepOut]


class AccuracyOut(Schema):
    currency: str
    mean_error: float | None
    periods: list[PastOut]
    unconverted: int
    movement: MovementOut | None


class StageFlowOut(Schema):
    """entered = lost + here + advanced; the disqualified are lost at their stage."""

    stage: str
    entered: int
    lost: int
    here: int
    advanced: int
    lost_value: Decimal


class FunnelOut(Schema):
    """`lost` is without the disqualified; `win_rate` is a fraction, or null when nothing closed."""

    stages: list[StageFlowOut]
    won: int
    lost: int
    disqualified: int
    open: int
    win_rate: float | None


@router.get("/reports/forecast", response={200: ForecastOut, **ANSWERS}, summary="Forecast")
def get_forecast(request: HttpRequest, asked: Query[ForecastAsked]) -> object:
    """What was won and what open deals may bring, by month or quarter of closing."""
    user = signed_in(request)
    form = judged(ForecastForm(asked.model_dump(), user=user))
    figures, parts = forecast_split(user, form.query(), form.dimension)
    named = [{"name": part.name, **figures_out(part.figures)} for part in parts]
    return vars(figures) | {"slices": named}


def figures_out(figures: Figures) -> dict[str, object]:
    """Figures as FiguresOut has them."""
    return {name: getattr(figures, name) for name in FiguresOut.model_fields}


@router.get("/reports/coverage", response={200: CoverageOut, **ANSWERS}, summary="Coverage")
def get_coverage(request: HttpRequest, asked: Query[CoverageAsked]) -> object:
    """What is needed, what there is, and what it takes to close the gap in time."""
    user = signed_in(request)
    report = coverage(user, judged(CoverageForm(asked.model_dump(), user=user)).query())
    record = report.record
    return {
        **{name: getattr(report, name) for name in CoverageOut.model_fields if hasattr(report, name)},
        **{name: getattr(record, name) for name in ("win_rate", "conversion", "mean_won")},
        **{name: getattr(report.figures, name) for name in ("won", "open", "weighted", "mean_confidence")},
        "cycle_days": record.cycle.days if record.cycle is not None else None,
        "quick_share": record.quick,
    }


@router.get("/reports/accuracy", response={200: AccuracyOut, **ANSWERS}, summary="Forecast accuracy")
def get_accuracy(request: HttpRequest, asked: Query[AccuracyAsked]) -> object:
    """What was forecast for each period and what came, and what moved between the last two snapshots."""
    user = signed_in(request)
    form = judged(AccuracyForm(asked.model_dump(), user=user))
    figures, moved = form.accuracy(), form.movement()
    return {
        "currency": figures.currency,
        "mean_error": figures.mean_error,
        "periods": [
            vars(past) | {"period": past.period.key, "error": past.error} for past in figures.periods
        ],
        "unconverted": figures.unconverted,
        "movement": moved,
    }


@router.get("/reports/funnel", response={200: FunnelOut, **ANSWERS}, summary="Funnel")
def get_funnel(request: HttpRequest, asked: Query[FunnelAsked]) -> object:
    """How far deals came, and where they were lost, by their furthest stage."""
    user = signed_in(request)
    return funnel(user, judged(FunnelForm(asked.model_dump(), user=user)).query())


def judged(form: AnyForm) -> AnyForm:
    """The form if it is valid; 422 with each fault and its path otherwise."""
    if not form.is_valid():
        raise UnprocessableError(
            *((field, str(message)) for field, messages in form.errors.items() for message in messages)
        )
    return form
