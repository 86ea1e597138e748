"""The API's door to the funnel."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.forms.funnel import FunnelForm
from reports.funnel import funnel

router = Router(tags=["reports"])


class FunnelAsked(Asked):
    pipeline: str = ""
    cohort: str = ""


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


@router.get("/reports/funnel", response={200: FunnelOut, **ANSWERS}, summary="Funnel")
def get_funnel(request: HttpRequest, asked: Query[FunnelAsked]) -> object:
    """How far deals came, and where they were lost, by their furthest stage."""
    user = signed_in(request)
    return funnel(user, judged(FunnelForm(asked.model_dump(), user=user)).query())
