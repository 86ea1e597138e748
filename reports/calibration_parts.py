"""Calibration by rep, team, product line, pipeline and the like: the same entries."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, F, Q

from leads.models import User
from leads.models.leads import Outcome
from pipeline.models import Pipeline
from reports.dimensions import Dimension, key_of, nameless, names_of
from reports.observations import CalibrationQuery, ages, observations
from reports.reliability import Reliability, gather

SPLITS = (
    *(Dimension.OWNER, Dimension.TEAM, Dimension.PRODUCT_LINE, Dimension.PIPELINE),
    *(Dimension.SOURCE, Dimension.CAMPAIGN, Dimension.BAND),
)


@dataclass(frozen=True)
class Slice:
    """The entries of one rep, team…; `key` is “none” where they have none."""

    key: str
    name: str
    judged: Reliability


def sliced(dimension: Dimension, counted: Iterable[tuple[str, int, int, int]]) -> list[Slice]:
    """Of (key of the rep, team…; percentage, entries, won); most entries first."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for key, percent, entries, won in counted:
        found.setdefault(key, []).append((percent, entries, won))
    names = names_of(dimension, found)
    slices = [
        Slice(key, names.get(key, nameless(dimension)), gather(entries)) for key, entries in found.items()
    ]
    return sorted(slices, key=lambda one: (-one.judged.entries, one.name))


def pipelines_beside(user: User, query: CalibrationQuery) -> list[Slice]:
    """All pipelines with the same filters, each with its own age."""
    entries = observations(user, query, ages(Pipeline.objects.all()))
    alike = entries.values_list(key_of(Dimension.PIPELINE, "deal__"), F(query.judged.column))
    won = Count("pk", filter=Q(deal__lead__outcome=Outcome.WON))
    return sliced(Dimension.PIPELINE, alike.annotate(entries=Count("pk"), won=won))
