"""How many deals a change of the process touches: how they all stand before it and after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import fmean

from leads.models.leads import Outcome
from leads.organisation import local_date, today
from pipeline.confidence import total
from pipeline.models import Deal, Stage
from pipeline.models.deals import ConfidenceSource
from pipeline.requirements import lacking_of, missing
from pipeline.terms import lines_of

BATCH = 1_000


@dataclass(slots=True)
class Standing:
    """All open deals: their automatic confidence, and which rot or lack something for the next stage."""

    automatic: dict[int, int] = field(default_factory=dict)
    by_hand: set[int] = field(default_factory=set)
    rotting: set[int] = field(default_factory=set)
    held_back: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Count:
    """One figure before and after."""

    name: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does: deals whose automatic confidence or warning changes, and figures over all."""

    deals: int
    touched: int
    confidences: int
    by_hand: int
    counts: list[Count]


def standing() -> Standing:
    """As the database has it now, a constant number of queries for every thousand deals."""
    found = Standing()
    ids = list(Deal.objects.filter(lead__outcome=Outcome.OPEN).order_by("pk").values_list("pk", flat=True))
    following = _following()
    for start in range(0, len(ids), BATCH):
        deals = Deal.objects.select_related("stage").in_bulk(ids[start : start + BATCH])
        _add(found, list(deals.values()), following)
    return found


def effect(before: Standing, after: Standing) -> Effect:
    """The difference between two looks at the same deals."""
    confidences = {pk for pk, percent in after.automatic.items() if before.automatic.get(pk) != percent}
    warned = (before.rotting ^ after.rotting) | (before.held_back ^ after.held_back)
    return Effect(
        deals=len(after.automatic),
        touched=len(confidences | warned),
        confidences=len(confidences),
        by_hand=len(confidences & after.by_hand),
        counts=[
            Count("Mean automatic confidence, per cent", _mean(before), _mean(after)),
            Count("Deals that rot", len(before.rotting), len(after.rotting)),
            Count("Deals held back by their next stage", len(before.held_back), len(after.held_back)),
        ],
    )


def _following() -> dict[int, Stage]:
    """By stage, the one after it in its pipeline."""
    stages = list(Stage.objects.current().order_by("pipeline", "order"))
    return {here.pk: ahead for here, ahead in pairwise(stages) if here.pipeline_id == ahead.pipeline_id}


def _add(found: Standing, deals: Collection[Deal], following: Mapping[int, Stage]) -> None:
    lines, lacking, day = lines_of(deals), lacking_of(deals), today()
    for deal in deals:
        found.automatic[deal.pk] = total(lines[deal.pk])
        if deal.confidence_source == ConfidenceSource.MANUAL:
            found.by_hand.add(deal.pk)
        limit = deal.stage.rot_days
        if limit and deal.stage_entered_at and (day - local_date(deal.stage_entered_at)).days > limit:
            found.rotting.add(deal.pk)
        ahead = following.get(deal.stage_id)
        if ahead and missing(lacking[deal.pk], deal.stage, ahead):
            found.held_back.add(deal.pk)


def _mean(found: Standing) -> int:
    return round(fmean(found.automatic.values())) if found.automatic else 0
