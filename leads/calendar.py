"""The calendar feed of a user's tasks: its secret link, and the feed in RFC 5545's format."""

from collections.abc import Iterable
from datetime import UTC, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.utils import timezone
from icalendar import Calendar, Event

from leads.models import Task, User

DAY = timedelta(days=1)
_signer = Signer(salt="leads.calendar")


def feed_token(user: User) -> str:
    """The secret part of the link; a new `calendar_key` makes a new link and ends the old."""
    return _signer.sign(f"{user.pk}-{user.calendar_key}")


def user_of_feed(token: str) -> User | None:
    """Whose feed it is; None for a link that was ended, is no link, or belongs to nobody active."""
    try:
        pk, _, key = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    owner: User | None = User.objects.active().filter(pk=pk, calendar_key=key or None).first()
    return owner


def calendar_of(tasks: Iterable[Task], name: str) -> bytes:
    """Each task as an event of its whole day; tasks have a `lead_name`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Plumbline//Tasks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for task in tasks:
        calendar.add_component(_event(task))
    feed: bytes = calendar.to_ical()
    return feed


def _event(task: Task) -> Event:
    event = Event()
    event.add("uid", f"task-{task.pk}@plumbline")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("dtstart", task.due_on)
    event.add("dtend", task.due_on + DAY)
    event.add("summary", f"{task}: {task.lead_name}")  # type: ignore[attr-defined]
    event.add("url", settings.PUBLIC_URL + task.lead.get_absolute_url())
    event.add("transp", "TRANSPARENT")  # a task does not make its day busy
    return event
