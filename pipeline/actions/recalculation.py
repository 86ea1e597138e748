"""Automatic confidences brought up to date: at once for some leads, or for all that news waits for."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from leads.actions import note_leads, store
from leads.models import Lead, User
from leads.models.leads import Outcome
from leads.organisation import remembered
from pipeline.actions.settling import SETTLED, load_stages, settle
from pipeline.models import ConfidenceChange, Deal, PendingConfidence

BATCH = 500  # rows of news in one transaction


@transaction.atomic
def recalculate(lead_ids: Iterable[int], *, by: User | None = None, at: datetime | None = None) -> None:
    """Bring open deals to what stage, activities, answers and silence give now; manual values stay."""
    locked = list(Deal.objects.locked(lead_ids))
    # Asked after locking: a deal that was closed while this waited keeps its last open confidence.
    still_open = Lead.objects.open().filter(pk__in=[deal.pk for deal in locked])
    open_ids = set(still_open.values_list("pk", flat=True))
    deals = [deal for deal in locked if deal.pk in open_ids]
    load_stages(deals)
    with remembered():
        changes = settle(deals, by=by, moments={deal.pk: at for deal in deals} if at else None)
    store([change.deal for change in changes], *SETTLED)
    ConfidenceChange.objects.bulk_create(changes)


def queue_confidence(lead_ids: Iterable[int]) -> int:
    """Note that news of these leads waits, in the transaction that brought it; answers how many pieces."""
    return note_leads(PendingConfidence, list(lead_ids))


def queue_open_deals() -> int:
    """Note that the rules have changed for every open deal; answers for how many."""
    deals = Deal.objects.filter(lead__outcome=Outcome.OPEN)
    return queue_confidence(deals.values_list("pk", flat=True))


def drain_confidence(lead_ids: Iterable[int] | None = None) -> int:
    """Work off the news no other worker has in hand, or all of these leads; answers how many."""
    waiting = PendingConfidence.objects.order_by("id")
    if lead_ids is None:
        return _drain(waiting.select_for_update(skip_locked=True))
    ids = sorted(lead_ids)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sum(_drain(waiting.filter(lead__in=batch).select_for_update()) for batch in batches)


def _drain(waiting: QuerySet[PendingConfidence]) -> int:
    taken = 0
    while count := _drain_batch(waiting):
        taken += count
    return taken


@transaction.atomic
def _drain_batch(waiting: QuerySet[PendingConfidence]) -> int:
    """Take rows, recalculate, delete exactly those: news that comes meanwhile is a row of its own."""
    rows = list(waiting[:BATCH])
    if rows:
        recalculate({row.lead_id for row in rows})
        PendingConfidence.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
