"""The API's door to the forecasts' accuracy."""

from datetime import date
from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.forms.accuracy import AccuracyForm

router = Router(tags=["reports"])


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
