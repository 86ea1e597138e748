"""The API's door to the forecast."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.api.shapes import FiguresOut, UnconvertedOut, figures_out
from reports.forms.forecast import ForecastForm
from reports.slices import forecast_split

router = Router(tags=["reports"])


class ForecastAsked(Asked):
    by: str = ""
    weighted: str = ""
    split: str = ""


class BucketOut(FiguresOut):
    period: str


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


@router.get("/reports/forecast", response={200: ForecastOut, **ANSWERS}, summary="Forecast")
def get_forecast(request: HttpRequest, asked: Query[ForecastAsked]) -> object:
    """What was won and what open deals may bring, by month or quarter of closing."""
    user = signed_in(request)
    form = judged(ForecastForm(asked.model_dump(), user=user))
    figures, parts = forecast_split(user, form.query(), form.dimension)
    named = [{"name": part.name, **figures_out(part.figures)} for part in parts]
    return vars(figures) | {"slices": named}
