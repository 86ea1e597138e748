"""How deals are locked and brought to the confidence that their lines give them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.utils import timezone

from leads.actions.refused import LeadClosed, LeadGone
from leads.actions.steps import lock_leads
from leads.models import User
from pipeline.confidence import ACTIVITY, Line, total
from pipeline.models import ConfidenceChange, Deal, Stage
from pipeline.models.deals import ConfidenceSource
from pipeline.terms import lines_of

SETTLED = ("confidence", "automatic_confidence", "confidence_source")


def lock_deals(lead_ids: Iterable[int]) -> dict[int, Deal]:
    """Deals by id with their leads, both locked: leads before deals, ids ascending, as everywhere."""
    leads = lock_leads(lead_ids)
    deals = {deal.pk: deal for deal in Deal.objects.locked(leads)}
    for deal in deals.values():
        deal.lead = leads[deal.pk]
    return deals


def existing(deals: Mapping[int, Deal], lead_id: int) -> Deal:
    """The locked deal, or the refusal that it is gone."""
    if lead_id not in deals:
        raise LeadGone("This lead is no longer there.")
    return deals[lead_id]


def refuse_closed(deal: Deal) -> None:
    """What is won, lost or disqualified stays as it was."""
    if deal.lead.is_closed:
        raise LeadClosed(
            f"{deal.lead} is already {deal.lead.get_outcome_display().lower()}. Reopen it first."
        )


def load_stages(deals: Collection[Deal], *more: int) -> dict[int, Stage]:
    """Give deals their stages, not joined to the lock: a joined row may be older than the locked one."""
    stages = Stage.objects.in_bulk({*more, *(deal.stage_id for deal in deals)})
    for deal in deals:
        deal.stage = stages[deal.stage_id]
    return stages


def settle(
    deals: Collection[Deal],
    *,
    by: User | None,
    moments: Mapping[int, datetime] | None = None,
    moved: Collection[int] = (),
) -> list[ConfidenceChange]:
    """Bring locked deals to their lines; the caller stores them (SETTLED) and what comes back.

    `moved` are those whose initial value gives way; `moments` are dates of changes that are not now.
    """
    lines = lines_of(deals, moments=moments)
    now = timezone.now()
    changes = []
    for deal in deals:
        before = (deal.confidence, deal.automatic_confidence, deal.confidence_source)
        _follow(deal, lines[deal.pk], is_moved=deal.pk in moved)
        if before != (deal.confidence, deal.automatic_confidence, deal.confidence_source):
            moment = (moments or {}).get(deal.pk, now)
            changes.append(change_of(deal, before[0], lines[deal.pk], by=by, at=moment))
    return changes


def change_of(
    deal: Deal, before: int, lines: Iterable[Line], *, by: User | None, at: datetime, reason: str = ""
) -> ConfidenceChange:
    """The unsaved record that a deal's confidence is what it is now, was `before`, and why."""
    return ConfidenceChange(
        deal=deal,
        before=before,
        after=deal.confidence,
        automatic=deal.automatic_confidence,
        source=deal.confidence_source,
        lines=[line.as_json() for line in lines],
        reason=reason,
        by=by,
        at=at,
    )


def _follow(deal: Deal, lines: Iterable[Line], *, is_moved: bool) -> None:
    deal.automatic_confidence = total(lines)
    gives_way = is_moved or any(line.kind == ACTIVITY for line in lines)
    if deal.confidence_source == ConfidenceSource.INITIAL and gives_way:
        deal.confidence_source = ConfidenceSource.AUTOMATIC
    if deal.confidence_source == ConfidenceSource.AUTOMATIC:
        deal.confidence = deal.automatic_confidence
