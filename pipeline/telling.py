"""Notifications for people other than a lead's owner, as the outbox delivers them."""

from leads.models import Notification, Outbox
from pipeline.sentences import lead_seconded, leads_assigned


def tell_receiver(announcement: Outbox) -> None:
    """Say to the user named in the payload that many leads have come at once."""
    payload = announcement.payload
    Notification.objects.create(user_id=payload["user"], kind=announcement.kind, text=leads_assigned(payload))


def tell_second(announcement: Outbox) -> None:
    """Say to the second person of a lead that they are."""
    lead, payload = announcement.lead, announcement.payload
    if lead:
        text = lead_seconded(lead.name, payload)[:300]
        Notification.objects.create(user_id=payload["user"], lead=lead, kind=announcement.kind, text=text)
