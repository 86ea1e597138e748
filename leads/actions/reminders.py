"""Reminding people of what is due: one announcement a morning for each of them."""

from collections import defaultdict
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from leads.actions.audit import audited
from leads.actions.news import Announcement, announce_many
from leads.models import Task, User
from leads.organisation import organisation, today
from leads.querysets import TaskQuerySet

MORNING = 7  # o'clock where the user is


@audited
def remind_of_tasks(*, by: User | None, at: datetime | None = None) -> int:
    """Announce to everybody whose day has begun what is due and was not yet reminded of; how many tasks."""
    moment = at or timezone.now()
    found = defaultdict(list)
    for task in _due():
        found[task.whose].append(task.pk)  # type: ignore[attr-defined]
    awake = [user for user in User.objects.active().filter(pk__in=found) if _is_up(user, moment)]
    ids = [task_id for user in awake for task_id in found[user.pk]]
    Task.objects.filter(pk__in=ids).update(reminded_on=F("due_on"))
    announce_many(
        [Announcement("tasks_due", None, {"user": user.pk, "tasks": found[user.pk]}) for user in awake]
    )
    return len(ids)


def _due() -> TaskQuerySet:
    """Open tasks that are due, by whose they are; locked, so that two clocks remind once."""
    waiting = Task.objects.open().filter(due_on__lte=today(), lead__outcome="open")
    fresh = waiting.filter(Q(reminded_on=None) | Q(reminded_on__lt=F("due_on")))
    whose = fresh.annotate(whose=Coalesce("assignee_id", "lead__owner_id")).exclude(whose=None)
    return whose.order_by("due_on", "pk").select_for_update(of=("self",), skip_locked=True)


def _is_up(user: User, moment: datetime) -> bool:
    zone = ZoneInfo(user.time_zone or organisation().time_zone)
    return moment.astimezone(zone).hour >= MORNING
