"""A forecast by rep, team, product line, product, stage, source or campaign."""

from dataclasses import dataclass

from leads.models import User
from pipeline.querysets import DealQuerySet
from reports.dimensions import Dimension, key_of, names_of
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

SPLITS = (
    *(Dimension.OWNER, Dimension.TEAM, Dimension.PRODUCT_LINE, Dimension.PRODUCT, Dimension.STAGE),
    *(Dimension.SOURCE, Dimension.CAMPAIGN),
)


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
    names = names_of(dimension, found)
    parts = [
        Slice(key, names.get(key, "None"), figures_of(same, weighted=query.weighted))
        for key, same in found.items()
    ]
    ordered = sorted(parts, key=lambda part: (-part.figures.expected, part.name))
    return forecast_of([line for line, _ in lines], query), ordered


def sliced(deals: DealQuerySet, dimension: Dimension) -> DealQuerySet:
    """Annotates `slice`: the key of what the deal belongs to."""
    return deals.annotate(slice=key_of(dimension))
