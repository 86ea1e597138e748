"""The API's door to sources and campaigns."""

from decimal import Decimal

from django.http import HttpRequest
from ninja import Query, Router, Schema

from config.problems import ANSWERS
from leads.requests import signed_in
from reports.api.asking import Asked, judged
from reports.api.shapes import UnconvertedOut
from reports.forms.sources import SourcesForm
from reports.periods import DAY
from reports.sources import CAMPAIGN, SOURCE, Figures, Line, Sources, sources

router = Router(tags=["reports"])


class SourcesAsked(Asked):
    split: str = ""


class SourceFiguresOut(Schema):
    """Rates and `return` are fractions; null where nothing was measured, or no cost is known."""

    leads: int
    qualified: int
    won: int
    lost: int
    win_rate: float | None
    interval: list[float] | None
    median_cycle_days: float | None
    revenue: Decimal
    cost: Decimal | None
    cost_per_lead: Decimal | None
    cost_per_qualified: Decimal | None
    cost_per_won: Decimal | None
    returned: float | None


class SourceLineOut(SourceFiguresOut):
    """`key` is a number of ours, “=” and a value of a custom field, or “none”."""

    key: str
    name: str


class CampaignCostOut(Schema):
    name: str
    cost: Decimal
    currency: str


class SourcesOut(Schema):
    """Each list adds up to the total; a campaign's cost is its whole cost, whatever the period leaves."""

    currency: str
    total: SourceFiguresOut
    sources: list[SourceLineOut]
    campaigns: list[SourceLineOut]
    split: list[SourceLineOut]
    campaigns_without_leads: list[CampaignCostOut]
    costs_without_rate: list[CampaignCostOut]
    unconverted: list[UnconvertedOut]


@router.get("/reports/sources", response={200: SourcesOut, **ANSWERS}, summary="Sources and campaigns")
def get_sources(request: HttpRequest, asked: Query[SourcesAsked]) -> object:
    """Leads by source and campaign, by the day of their creation, with cost, revenue and return.

    `split` is source, campaign, or the path of a custom field such as lead.custom.lead_origin.
    """
    user = signed_in(request)
    query = judged(SourcesForm(asked.model_dump(), user=user)).query()
    report = sources(user, query)
    return {
        "currency": report.currency,
        "total": _figures(report.total),
        "sources": _lines(report.table(SOURCE).lines),
        "campaigns": _lines(report.table(CAMPAIGN).lines),
        "split": _lines(report.table(query.grouping).lines),
        "unconverted": report.unconverted,
        **_beside(report),
    }


def _lines(lines: list[Line]) -> list[dict[str, object]]:
    return [{"key": line.key, "name": line.name, **_figures(line)} for line in lines]


def _figures(figures: Figures) -> dict[str, object]:
    known = {name: getattr(figures, name) for name in SourceFiguresOut.model_fields if hasattr(figures, name)}
    cycle = figures.cycle
    return known | {"median_cycle_days": None if cycle is None else round(cycle / DAY, 1)}


def _beside(report: Sources) -> dict[str, object]:
    costs = {"campaigns_without_leads": report.elsewhere, "costs_without_rate": report.foreign_costs}
    return {
        name: [{"name": cost.name, "cost": cost.paid, "currency": cost.currency} for cost in several]
        for name, several in costs.items()
    }
