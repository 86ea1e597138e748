"""Stages given the base that history suggests; what deals entered with stays as it was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from config.refusals import Refusal
from leads.actions import store
from leads.actions.audit import audited
from leads.models import User
from leads.models.leads import Outcome
from pipeline.actions.recalculation import queue_confidence
from pipeline.models import Deal, Stage

CHANGE = "pipeline.change_stage"
LOWEST, HIGHEST = 1, 99


class MayNotAdopt(Refusal):
    """Percentages are changed by those who may edit stages."""


class BaseWrong(Refusal):
    """A base is a whole percentage from 1 to 99, given once."""


class BaseChanged(Refusal):
    """The stage has another base by now than the proposal was made for, or is gone."""


@dataclass(frozen=True)
class Adoption:
    """A stage's base as it was when the proposal was shown, and the one it gets."""

    stage_id: int
    before: int
    after: int


@audited
def adopt_bases(rows: Sequence[Adoption], *, by: User | None) -> int:
    """Give all these stages their new base, or none; answers how many open deals wait for their confidence.

    Stage changes and past confidences keep what they had; the audit history of the stage has both bases.
    """
    if by is not None and not by.has_perm(CHANGE):
        raise MayNotAdopt("Percentages of stages are changed by those who may edit stages.")
    ids = [row.stage_id for row in rows]
    if len(set(ids)) < len(ids) or any(not LOWEST <= row.after <= HIGHEST for row in rows):
        raise BaseWrong(f"Give each stage one whole percentage from {LOWEST} to {HIGHEST}.")
    locked = Stage.objects.current().select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    stages = {stage.pk: stage for stage in locked}
    for row in rows:
        _adopt(row, stages)
    store(list(stages.values()), "confidence")
    waiting = Deal.objects.filter(stage__in=ids, lead__outcome=Outcome.OPEN)
    return queue_confidence(waiting.values_list("pk", flat=True))


def _adopt(row: Adoption, stages: Mapping[int, Stage]) -> None:
    stage = stages.get(row.stage_id)
    if stage is None:
        raise BaseChanged("A stage has been removed since the proposals were shown. Nothing was changed.")
    if stage.confidence != row.before:
        raise BaseChanged(
            f"{stage} has a base of {stage.confidence} % by now, not of {row.before} %. Nothing was changed."
        )
    stage.confidence = row.after
