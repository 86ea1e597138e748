"""Stages taken out of the process: their deals go on in another one, their history stays."""

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from config.refusals import Refusal
from leads.actions import store
from leads.actions.audit import audited
from leads.models import User
from leads.models.leads import Outcome
from pipeline.actions.entering import Entry, enter_stages
from pipeline.actions.recalculation import recalculate
from pipeline.actions.requiring import Waiver
from pipeline.actions.settling import load_stages, lock_deals
from pipeline.models import Deal, Stage, StageChange

BATCH = 500


class SuccessorNeeded(Refusal):
    """Deals stand in this stage, and nobody has said where they go."""


@audited
def remove_stage(stage: Stage, *, into: Stage | None, by: User | None) -> int:
    """Take a stage out; open deals move to `into`, closed ones keep it. Answers how many moved.

    A stage that no deal ever saw is deleted.
    """
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    if not _is_known(stage):
        stage.delete()
        return 0
    if into is None or into.pk == stage.pk or into.removed_at or into.pipeline_id != stage.pipeline_id:
        raise SuccessorNeeded(f"Choose the stage of this pipeline in which the deals of {stage} go on.")
    moved = _move_all(stage, into, by=by)
    Stage.objects.filter(successor=stage).update(successor=into)
    stage.removed_at, stage.successor = timezone.now(), into
    stage.key = f"{stage.key[:40]}-removed-{stage.pk}"  # frees the key for a new stage
    stage.save(update_fields=["removed_at", "successor", "key"])
    follow_successors()
    return moved


def follow_successors() -> None:
    """Have removed stages stand where their successors do, so that reports count them there."""
    place = Stage.objects.filter(pk=OuterRef("successor")).values("order")
    Stage.objects.exclude(successor=None).exclude(order=F("successor__order")).update(order=Subquery(place))


def _is_known(stage: Stage) -> bool:
    passed = StageChange.objects.filter(to_stage=stage) | StageChange.objects.filter(from_stage=stage)
    return Deal.objects.filter(stage=stage).exists() or passed.exists()


def _move_all(stage: Stage, into: Stage, *, by: User | None) -> int:
    standing = Deal.objects.filter(stage=stage, lead__outcome=Outcome.OPEN).order_by("pk")
    ids = list(standing.values_list("pk", flat=True))
    for start in range(0, len(ids), BATCH):
        _move(ids[start : start + BATCH], stage, into, by=by)
    return len(ids)


def _move(ids: list[int], stage: Stage, into: Stage, *, by: User | None) -> None:
    """Leads keep their status: nobody has worked on them, the process has changed."""
    deals = [
        deal for deal in lock_deals(ids).values() if deal.stage_id == stage.pk and not deal.lead.is_closed
    ]
    load_stages(deals)
    now, waiver = timezone.now(), Waiver([], f"{stage} was removed")
    for deal in deals:
        deal.stage = into
    entered = [deal for deal in deals if deal.entered_at]
    enter_stages([Entry(deal, stage, now, waiver=waiver) for deal in entered], by=by)
    waiting = [deal for deal in deals if not deal.entered_at]
    store(waiting, "stage")
    recalculate([deal.pk for deal in waiting], by=by)
