"""The API's door to the losses."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.api.shapes import UnconvertedOut
from reports.forms.losses import LossesForm
from reports.losses import Line, Losses, losses

router = Router(tags=["reports"])


class LossesAsked(Asked):
    by: str = ""


class PileOut(Schema):
    deals: int
    value: Decimal


class ReasonOut(PileOut):
    """`~untold` is the key of the losses for which nobody gave a reason."""

    reason: str
    name: str


class LossLineOut(PileOut):
    """A stage, competitor, rep or period with its losses by reason; key “none” where there is none."""

    key: str
    name: str
    reasons: list[ReasonOut]


class LossesOut(Schema):
    """Every list adds up to `lost` and `value`; the rest stands beside them."""

    currency: str
    lost: int
    value: Decimal
    loss_rate: float | None
    reasons: list[ReasonOut]
    stages: list[LossLineOut]
    competitors: list[LossLineOut]
    owners: list[LossLineOut]
    periods: list[LossLineOut]
    unconverted: list[UnconvertedOut]
    undated: int
    won: int
    disqualified: int


@router.get("/reports/losses", response={200: LossesOut, **ANSWERS}, summary="Losses")
def get_losses(request: HttpRequest, asked: Query[LossesAsked]) -> object:
    """Why deals were lost, in which stage, to whom, by whom and when; by the day of closing."""
    user = signed_in(request)
    report = losses(user, judged(LossesForm(asked.model_dump(), user=user)).query())
    splits = ("stages", "competitors", "owners", "periods")
    return {
        **{name: getattr(report, name) for name in LossesOut.model_fields if hasattr(report, name)},
        **{name: [_line(line, report) for line in getattr(report, name)] for name in splits},
        "lost": report.total.deals,
        "value": report.total.value,
        "reasons": [{**vars(reason), "reason": reason.key} for reason in report.reasons],
    }


def _line(line: Line, report: Losses) -> dict[str, object]:
    told = [(reason, line.reasons[reason.key]) for reason in report.reasons if reason.key in line.reasons]
    return {
        "key": line.key,
        "name": line.name,
        **vars(line.total),
        "reasons": [{"reason": reason.key, "name": reason.name, **vars(pile)} for reason, pile in told],
    }
