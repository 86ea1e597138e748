"""A forecast by rep, team, product line, product, stage, source or campaign."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Cast, Coalesce

from leads.models import Campaign, Product, ProductLine, Source, Team, User
from pipeline.models import Stage
from pipeline.querysets import DealQuerySet
from reports.forecast import (
    Figures,
    Forecast,
    ForecastQuery,
    SummedLine,
    figures_of,
    forecast_deals,
    forecast_of,
    lines_by,
)

NONE = "none"


class Dimension(StrEnum):
    """What a forecast may be split by."""

    OWNER = "owner"
    TEAM = "team"
    PRODUCT_LINE = "product_line"
    PRODUCT = "product"
    STAGE = "stage"
    SOURCE = "source"
    CAMPAIGN = "campaign"

    @property
    def label(self) -> str:
        return "Rep" if self == Dimension.OWNER else self.replace("_", " ").capitalize()


TABLES: dict[Dimension, type[Any]] = {
    Dimension.OWNER: User,
    Dimension.TEAM: Team,
    Dimension.PRODUCT_LINE: ProductLine,
    Dimension.PRODUCT: Product,
    Dimension.STAGE: Stage,
    Dimension.SOURCE: Source,
    Dimension.CAMPAIGN: Campaign,
}


@dataclass(frozen=True)
class Slice:
    """What the deals of one rep, team… bring in the whole period; `key` is “none” where they have none."""

    key: str
    name: str
    figures: Figures


def forecast_split(user: User, query: ForecastQuery, dimension: Dimension) -> tuple[Forecast, list[Slice]]:
    """The forecast and its total split, from one statement; most expected first, each figure rounded once."""
    lines = lines_by("slice", sliced(forecast_deals(user, query), dimension))
    found: dict[str, list[SummedLine]] = {}
    for line, key in lines:
        if line.month and not line.foreign:
            found.setdefault(key, []).append(line)
    names = _names(dimension, found)
    parts = [
        Slice(key, names.get(key, "None"), figures_of(same, weighted=query.weighted))
        for key, same in found.items()
    ]
    ordered = sorted(parts, key=lambda part: (-part.figures.expected, part.name))
    return forecast_of([line for line, _ in lines], query), ordered


def sliced(deals: DealQuerySet, dimension: Dimension) -> DealQuerySet:
    """Annotates `slice`: the number of the deal's rep, team…, or “none”."""
    number = Cast(_column(dimension), CharField())
    return deals.annotate(slice=Coalesce(number, Value(NONE)))


def _column(dimension: Dimension) -> Case | F:
    """A closed deal is its owner's and team's on closing."""
    if dimension == Dimension.OWNER:
        return Case(When(lead__outcome="open", then=F("lead__owner")), default=F("closed_owner"))
    if dimension == Dimension.TEAM:
        return Case(When(lead__outcome="open", then=F("lead__owner__team")), default=F("closed_team"))
    own = dimension in (Dimension.STAGE, Dimension.PRODUCT)
    return F(str(dimension) if own else f"lead__{dimension}")


def _names(dimension: Dimension, keys: Iterable[str]) -> dict[str, str]:
    rows = TABLES[dimension].objects.in_bulk([int(key) for key in keys if key != NONE])
    return {str(pk): str(row) for pk, row in rows.items()}
