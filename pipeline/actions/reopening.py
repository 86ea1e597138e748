"""How a closed deal is opened again, in a stage of its pipeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leads.actions import Refused, raise_refused, reopen_leads, sift, store
from leads.actions.audit import audited
from leads.actions.closing import LeadOpen
from leads.models import User
from pipeline.actions.moves import check_stage
from pipeline.actions.requiring import check_requirements
from pipeline.actions.settling import existing, load_stages, lock_deals
from pipeline.models import Deal, Stage
from pipeline.requirements import lacking_of


@dataclass(frozen=True)
class Reopening:
    """The stage in which a closed deal goes on."""

    lead_id: int
    stage_id: int


@audited
def reopen_deals(rows: Sequence[Reopening], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Open closed deals again, no further ahead than they are ready for.

    The rest happens where the news of the leads arrives.
    """
    deals = lock_deals(row.lead_id for row in rows)
    stages = load_stages(deals.values(), *(row.stage_id for row in rows))
    lacking = lacking_of(deals.values())

    def judge(row: Reopening) -> Deal:
        deal = existing(deals, row.lead_id)
        if not deal.lead.is_closed:
            raise LeadOpen(f"{deal.lead} is open already.")
        check_stage(deal, stages.get(row.stage_id))
        check_requirements(deal, stages[row.stage_id], lacking[deal.pk], note="", by=by)
        deal.stage = stages[row.stage_id]
        return deal

    reopened, refused = sift(rows, judge)
    store(reopened, "stage")
    reopen_leads([deal.pk for deal in reopened], by=by, at=at)
    return refused


def reopen_deal(deal: Deal, *, to: Stage, by: User | None, at: datetime | None = None) -> Deal:
    """Open one deal again; raises the refusal."""
    raise_refused(reopen_deals([Reopening(deal.pk, to.pk)], by=by, at=at))
    return Deal.objects.select_related("stage").get(pk=deal.pk)
