"""Announcements: written into the outbox by what caused them, delivered later by a task."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from leads.announcements import deliveries_of
from leads.models import Lead, Notification, Outbox, User
from leads.signals import announced

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled after each failed attempt


@dataclass(frozen=True)
class Announcement:
    """Something to be told about a lead."""

    kind: str
    lead_id: int | None
    payload: dict[str, object] = field(default_factory=dict)


@transaction.atomic(savepoint=False)
def announce_many(rows: Sequence[Announcement]) -> None:
    """Write announcements into the outbox, in the transaction of what they tell about."""
    Outbox.objects.bulk_create(
        Outbox(kind=row.kind, lead_id=row.lead_id, payload=row.payload) for row in rows
    )
    if rows:
        announced.send(sender=Outbox)


def announce(kind: str, lead: Lead | None, **payload: object) -> None:
    """Write one announcement; the payload is JSON."""
    announce_many([Announcement(kind, lead.pk if lead else None, payload)])


def due_announcements(limit: int) -> list[int]:
    """Ids of those that wait, oldest first; each failed attempt doubles the pause."""
    now = timezone.now()
    pauses = [
        Q(attempts=attempts, created_at__lte=now - FIRST_PAUSE * (2**attempts - 1))
        for attempts in range(MOST_ATTEMPTS)
    ]
    waiting = Outbox.objects.filter(sent_at=None).filter(_any(pauses))
    return list(waiting.order_by("id").values_list("pk", flat=True)[:limit])


@transaction.atomic
def deliver(announcement_id: int) -> bool:
    """Deliver one announcement, unless another worker has it or has delivered it."""
    waiting = Outbox.objects.filter(pk=announcement_id, sent_at=None)
    announcement = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("lead").first()
    if announcement is None:
        return False
    for delivery in deliveries_of(announcement.kind):
        delivery(announcement)
    waiting.update(sent_at=timezone.now(), attempts=F("attempts") + 1, error="")
    return True


def note_failure(announcement_id: int, error: str) -> None:
    """Remember why a delivery failed; it is tried again after a pause."""
    Outbox.objects.filter(pk=announcement_id, sent_at=None).update(attempts=F("attempts") + 1, error=error)


def read_notifications(user: User, *, ids: Iterable[int] | None = None) -> int:
    """Mark a user's notifications as read, all or some of them."""
    unread = Notification.objects.filter(user=user, read_at=None)
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=timezone.now())


def _any(conditions: Iterable[Q]) -> Q:
    whole = Q()
    for condition in conditions:
        whole |= condition
    return whole
