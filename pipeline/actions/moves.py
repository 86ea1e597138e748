"""The one way in which a deal goes from stage to stage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import NewStatus, Refused, raise_refused, set_statuses, sift
from leads.actions.audit import audited
from leads.models import User
from leads.models.leads import Status
from leads.organisation import local_date
from pipeline.actions.entering import Entry, enter_stages
from pipeline.actions.requiring import Waiver, check_requirements
from pipeline.actions.settling import existing, load_stages, lock_deals, refuse_closed
from pipeline.actions.supplying import Supplies, supply
from pipeline.models import Deal, Stage
from pipeline.requirements import lacking_of

IDLE = (Status.NEW, Status.NURTURING)


class WrongPipeline(Refusal):
    """The stage is not one of the deal's pipeline."""


class StaleMove(Refusal):
    """Somebody else moved the deal since this page was loaded."""


class MoveTooEarly(Refusal):
    """A stage cannot be left before it was entered."""


@dataclass(frozen=True)
class Move:
    """A deal's next stage, if it still stands in the expected one; one row per lead in a batch.

    `waiver` is why a manager lets it pass what it lacks.
    """

    lead_id: int
    stage_id: int
    expected_stage_id: int | None = None
    at: datetime | None = None
    waiver: str = ""


@audited
def move_deals(rows: Sequence[Move], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Move open deals within their pipelines; one that stands there already is left alone."""
    return _move(rows, by=by, at=at)[1]


@audited
def move_deal(
    deal: Deal,
    *,
    to: Stage,
    by: User | None,
    expected_stage: Stage | None = None,
    at: datetime | None = None,
    supplies: Supplies | None = None,
    waiver: str = "",
) -> Deal:
    """Move one deal, taking first what it lacked; raises the refusal.

    StaleMove if it no longer stands in `expected_stage`, RequirementsMissing for what is still not there.
    """
    expected_id = expected_stage.pk if expected_stage else None
    if supplies:
        supply(deal.pk, supplies, by=by)
    deals, refused = _move([Move(deal.pk, to.pk, expected_id, waiver=waiver)], by=by, at=at)
    raise_refused(refused)
    return deals[deal.pk]


def check_move(deal: Deal, row: Move, stages: Mapping[int, Stage]) -> None:
    """Refuse what cannot be: a closed deal, a foreign stage, a deal that was moved meanwhile."""
    refuse_closed(deal)
    check_stage(deal, stages.get(row.stage_id))
    if row.expected_stage_id not in (None, deal.stage_id):
        raise StaleMove(f"{deal.lead} has been moved to {deal.stage} meanwhile.")


def check_stage(deal: Deal, stage: Stage | None) -> None:
    """Refuse a stage that is not one of the deal's pipeline."""
    if stage is None or stage.removed_at or stage.pipeline_id != deal.stage.pipeline_id:
        raise WrongPipeline(f"{stage or 'This stage'} is not a stage of the pipeline of {deal.lead}.")


def moment_after(deal: Deal, moment: datetime | None) -> datetime:
    """When the deal leaves its stage, by default now; refused when that is before it entered it."""
    entered_at = deal.stage_entered_at
    if moment is None:  # another machine's clock may be ahead of this one's
        return max(timezone.now(), entered_at or timezone.now())
    if entered_at and moment < entered_at:
        raise MoveTooEarly(f"{deal.lead} entered {deal.stage} only on {local_date(entered_at):%d %b %Y}.")
    return moment


def begin_work(entries: Sequence[Entry], *, by: User | None, at: datetime | None) -> None:
    """Leads that were new or nurturing are working, now that somebody moves them."""
    idle = [
        NewStatus(entry.deal.pk, Status.WORKING, at=entry.at)
        for entry in entries
        if entry.deal.lead.status in IDLE
    ]
    if idle:
        set_statuses(idle, by=by, at=at)


def _move(
    rows: Sequence[Move], *, by: User | None, at: datetime | None
) -> tuple[dict[int, Deal], list[Refused]]:
    deals = lock_deals(row.lead_id for row in rows)
    stages = load_stages(deals.values(), *(row.stage_id for row in rows))
    lacking = lacking_of(deals.values())

    def judge(row: Move) -> Entry | None:
        deal = existing(deals, row.lead_id)
        check_move(deal, row, stages)
        if deal.entered_at and deal.stage_id == row.stage_id:
            return None
        stage, lacks = stages[row.stage_id], lacking[deal.pk]
        waiver = check_requirements(deal, stage, lacks, note=row.waiver, by=by)
        return _step(deal, stage, moment_after(deal, row.at or at), waiver)

    entries, refused = sift(rows, judge)
    moved = [entry for entry in entries if entry]
    enter_stages(moved, by=by)
    begin_work(moved, by=by, at=at)
    return deals, refused


def _step(deal: Deal, stage: Stage, at: datetime, waiver: Waiver | None) -> Entry:
    before, deal.stage = deal.stage, stage
    return Entry(deal, before if deal.entered_at else None, at, is_move=before != stage, waiver=waiver)
