"""News that waits for the engine: noted in the sender's transaction, worked off in order, then deleted."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet

from leads.actions import note_leads
from scoring.engine import score_touched
from scoring.models import PendingScore
from scoring.signals import scores_queued

BATCH = 500  # rows of news in one transaction


def queue_scores(lead_ids: Iterable[int]) -> None:
    """Note that news of these leads waits, in the transaction that brought it."""
    if note_leads(PendingScore, list(lead_ids)):
        scores_queued.send(sender=PendingScore)


def drain_scores(lead_ids: Iterable[int] | None = None) -> int:
    """Work off the news that no other worker has in hand, or all of these leads; answers how many pieces.

    For given leads it waits for the workers that have their news in hand, so that afterwards it is stored.
    """
    waiting = PendingScore.objects.order_by("id")
    if lead_ids is None:
        return _drain(waiting.select_for_update(skip_locked=True))
    ids = sorted(lead_ids)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sum(_drain(waiting.filter(lead__in=batch).select_for_update()) for batch in batches)


def _drain(waiting: QuerySet[PendingScore]) -> int:
    taken = 0
    while True:
        count = _drain_batch(waiting)
        taken += count
        if count < BATCH:
            return taken


@transaction.atomic
def _drain_batch(waiting: QuerySet[PendingScore]) -> int:
    """Take rows, score, delete exactly those: news that comes meanwhile is a row of its own."""
    rows = list(waiting.values_list("pk", "lead_id")[:BATCH])
    if rows:
        score_touched({lead_id for _, lead_id in rows})
        PendingScore.objects.filter(pk__in=[pk for pk, _ in rows]).delete()
    return len(rows)
