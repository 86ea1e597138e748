"""What each stage of its pipeline would ask of a deal, and how likely it would be there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.models import Stage
from pipeline.models.deals import ConfidenceSource
from pipeline.requirements import Lacking, lacking_of, missing
from pipeline.terms import totals_in

if TYPE_CHECKING:
    from pipeline.models import Deal


@dataclass(frozen=True, slots=True)
class Ahead:
    """A stage as a place to go to: what is missing for it, and both confidences there, in per cent."""

    stage: Stage
    is_here: bool
    missing: list[Lacking]
    automatic: int
    confidence: int


def ahead_of(deal: Deal) -> list[Ahead]:
    """All stages in order, the present one among them; three queries."""
    stages = list(Stage.objects.current().filter(pipeline=deal.stage.pipeline_id))
    lacking = lacking_of([deal]).get(deal.pk, [])
    totals = totals_in(deal, stages) | {deal.stage_id: deal.automatic_confidence}
    return [
        Ahead(
            stage,
            stage.pk == deal.stage_id,
            missing(lacking, deal.stage, stage),
            totals[stage.pk],
            _confidence(deal, stage, totals[stage.pk]),
        )
        for stage in stages
    ]


def _confidence(deal: Deal, stage: Stage, automatic: int) -> int:
    """A value set by hand stays, a first guess gives way to the first move."""
    is_kept = deal.confidence_source == ConfidenceSource.MANUAL or stage.pk == deal.stage_id
    return deal.confidence if is_kept else automatic
