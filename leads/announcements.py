"""What delivers each kind of announcement; registered in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from functools import partial

from django.utils.text import Truncator

from leads.models import Notification, Outbox, User

Deliver = Callable[[Outbox], object]
Compose = Callable[[str, Mapping[str, object]], str]

_deliveries: dict[str, list[Deliver]] = {}


def register(kind: str, deliver: Deliver) -> None:
    """Have announcements of this kind delivered by this function too; it must be safe to call again."""
    _deliveries.setdefault(kind, []).append(deliver)


def deliveries_of(kind: str) -> list[Deliver]:
    """What delivers this kind; nothing for a kind that nobody registered."""
    return _deliveries.get(kind, [])


def tell_owner(compose: Compose) -> Deliver:
    """Notify the lead's owner in the app, with the sentence made by `compose` of name and payload."""
    return partial(_notify_owner, compose)


def tell_administrators(compose: Compose) -> Deliver:
    """Notify everybody who may enter the settings; `compose` gets no name."""
    return partial(_notify_administrators, compose)


def _notify_administrators(compose: Compose, announcement: Outbox) -> None:
    text = Truncator(compose("", announcement.payload)).chars(300)
    Notification.objects.bulk_create(
        Notification(user=user, kind=announcement.kind, text=text)
        for user in User.objects.active().filter(is_staff=True)
    )


def _notify_owner(compose: Compose, announcement: Outbox) -> None:
    lead = announcement.lead
    if lead and lead.owner_id:
        text = Truncator(compose(lead.name, announcement.payload)).chars(300)
        Notification.objects.create(user_id=lead.owner_id, lead=lead, kind=announcement.kind, text=text)
