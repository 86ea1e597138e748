"""The API's doors to the reports: the same forms, queries and figures as the pages."""

from decimal import Decimal
from typing import TypeVar

from django import forms
from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS, UnprocessableError
from leads.requests import signed_in
from reports.forecast import forecast
from reports.forms import ForecastForm, FunnelForm
from reports.funnel import funnel

router = Router(tags=["reports"])
AnyForm = TypeVar("AnyForm", bound=forms.Form)


class ForecastAsked(Schema):
    """The address as it came: the report's own form judges it."""

    start: str = ""
    end: str = ""
    by: str = ""
    weighted: str = ""
    owner: str = ""
    team: str = ""
    product_line: str = ""


class FunnelAsked(Schema):
    """The address as it came: the report's own form judges it."""

    pipeline: str = ""
    start: str = ""
    end: str = ""
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


class ForecastOut(Schema):
    """`overdue`, `undated` and `unconverted` stand beside the total and in no bucket."""

    currency: str
    weighted: bool
    buckets: list[BucketOut]
    overdue: FiguresOut
    undated: FiguresOut
    total: FiguresOut
    unconverted: list[UnconvertedOut]


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
    return forecast(user, judged(ForecastForm(asked.model_dump(), user=user)).query())


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
