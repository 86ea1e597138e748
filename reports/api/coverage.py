"""The API's door to coverage."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.api.shapes import UnconvertedOut
from reports.coverage import coverage
from reports.forms.coverage import CoverageForm

router = Router(tags=["reports"])


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
