"""The API's door to the ideal customer."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.forms.profile import ProfileForm
from reports.likeness import Fit
from reports.profile import profile

router = Router(tags=["reports"])


class TraitOut(Schema):
    """Fractions: shares, the win rate with its 95 % interval, and `chance`, the false discovery rate."""

    label: str
    value: str
    is_signal: bool
    speaks_for: bool
    leads: int
    won: int
    of_won: float
    of_lost: float
    rate: float
    low: float
    high: float
    chance: float


class CriterionOut(Schema):
    label: str
    values: list[str]


class FitOut(Schema):
    """`matches` are open leads by the number of criteria that they meet; from `least` on they fit."""

    criteria: list[CriterionOut]
    least: int
    open: int
    fits: int
    matches: dict[int, int]


class ProfileOut(Schema):
    """`missing_won` and `missing_lost` closed leads are needed before anything is learnt."""

    product_line: str | None
    learnt_at: datetime | None
    is_running: bool
    won: int
    lost: int
    newly_closed: int
    missing_won: int
    missing_lost: int
    traits: list[TraitOut]
    left_out: list[str]
    fit: FitOut | None


@router.get("/reports/profile", response={200: ProfileOut, **ANSWERS}, summary="Ideal customer")
def get_profile(request: HttpRequest, asked: Query[Asked]) -> object:
    """What the won leads of a product line share, and how many open leads are like them."""
    user = signed_in(request)
    report = profile(user, judged(ProfileForm(asked.model_dump(), user=user)).query())
    missing_won, missing_lost = report.missing
    named = ("learnt_at", "is_running", "won", "lost", "newly_closed", "traits")
    return {name: getattr(report, name) for name in named} | {
        "product_line": report.line and report.line.name,
        "missing_won": missing_won,
        "missing_lost": missing_lost,
        "left_out": list(report.leaks),
        "fit": report.fit and _fit(report.fit),
    }


def _fit(fit: Fit) -> dict[str, Any]:
    criteria = [
        {"label": criterion.label, "values": [trait.value for trait in criterion.traits]}
        for criterion in fit.criteria
    ]
    figures = {name: getattr(fit, name) for name in ("least", "open", "fits", "matches")}
    return {"criteria": criteria, **figures}
