"""Deals that come with a past: placed at once, in the transaction that added their leads, told to nobody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from leads.actions import Refused, sift, store
from leads.actions.audit import audited
from leads.models import Product, User
from pipeline.actions import DealFacts, DealHistory
from pipeline.actions.closing import check_day
from pipeline.actions.deals import check_facts
from pipeline.actions.histories import check_history, stage_changes
from pipeline.actions.settling import SETTLED, existing, load_stages, settle
from pipeline.models import Competitor, Deal, LostReason, Stage, StageChange

STORED = (
    "stage", "product", "value", "currency", "value_estimated", "expected_close_on", "close_estimated",
    "entered_at", "stage_entered_at", "imported_at", "closed_owner", "closed_team", "lost_reason",
    "lost_note", "lost_to", *SETTLED,
)  # fmt: skip


@dataclass(frozen=True)
class DealPast:
    """The stages that a deal passed, what it is about (as in DealFacts), and how it was lost if it was."""

    history: DealHistory
    facts: Mapping[str, Any] = field(default_factory=dict)
    lost_reason: LostReason | None = None
    note: str = ""
    lost_to: Competitor | None = None


@audited
def record_pasts(rows: Sequence[DealPast], *, by: User | None) -> list[Refused]:
    """Place the deals of leads that were just added with a past; what they are born with is no change."""
    deals = Deal.objects.select_related("lead__owner").in_bulk([row.history.lead_id for row in rows])
    stages = load_stages(
        deals.values(), *(stage_id for row in rows for stage_id, _, _ in row.history.intervals)
    )
    products = Product.objects.in_bulk({row.facts["product_id"] for row in rows if "product_id" in row.facts})

    def judge(row: DealPast) -> DealPast:
        deal = existing(deals, row.history.lead_id)
        check_facts(DealFacts(deal.pk), row.facts, products)
        check_history(row.history, stages)
        _place(deal, row, stages)
        check_day(deal, deal.lead.closed_on)
        return row

    pasts, refused = sift(rows, judge)
    placed = [deals[past.history.lead_id] for past in pasts]
    settle(placed, by=by)
    store(placed, *STORED)
    StageChange.objects.bulk_create(
        change for past in pasts for change in stage_changes(past.history, stages, by=by)
    )
    return refused


def _place(deal: Deal, past: DealPast, stages: Mapping[int, Stage]) -> None:
    """Have the deal stand at the end of its history, open or closed."""
    for name, fact in past.facts.items():
        setattr(deal, name, fact)
    if "expected_close_on" in past.facts:
        deal.close_estimated = False
    stage_id, deal.stage_entered_at, _ = past.history.intervals[-1]
    deal.stage, deal.entered_at = stages[stage_id], past.history.intervals[0][1]
    deal.imported_at = timezone.now()
    if deal.lead.is_closed:
        deal.closed_owner = deal.lead.owner
        deal.closed_team_id = deal.lead.owner.team_id if deal.lead.owner else None
        deal.lost_reason, deal.lost_note, deal.lost_to = past.lost_reason, past.note, past.lost_to
