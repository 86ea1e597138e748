"""What is to be done next for a lead: tasks added, changed, done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.activities import NewActivity, log_activity
from leads.actions.audit import audited
from leads.actions.refused import LeadClosed, Refused, raise_refused, sift
from leads.actions.steps import existing, lock_leads
from leads.models import ActivityKind, Lead, Task, User
from leads.models.activities import Origin
from leads.organisation import today
from leads.signals import tasks_changed


class TaskDone(Refusal):
    """The task is done already."""


class SnoozedBackwards(Refusal):
    """A task is put off to a later day."""


@dataclass(frozen=True)
class NewTask:
    """A task to be; without an assignee it is the lead's owner's."""

    lead_id: int
    title: str
    due_on: date
    assignee_id: int | None = None
    kind_id: int | None = None


@audited
def add_tasks(
    rows: Sequence[NewTask], *, by: User | None, at: datetime | None = None
) -> tuple[list[Task], list[Refused]]:
    """Add tasks to open leads; the refused rows stand beside."""
    leads = lock_leads(row.lead_id for row in rows)
    moment = at or timezone.now()
    tasks, refused = sift(rows, lambda row: _task(existing(leads, row.lead_id), row, by=by, at=moment))
    Task.objects.bulk_create(tasks)
    tell_tasks(task.lead_id for task in tasks)
    return tasks, refused


def add_task(
    lead: Lead,
    title: str,
    due_on: date,
    *,
    by: User | None,
    assignee: User | None = None,
    kind: ActivityKind | None = None,
) -> Task:
    """Add one task; raises the refusal."""
    row = NewTask(lead.pk, title, due_on, assignee.pk if assignee else None, kind.pk if kind else None)
    tasks, refused = add_tasks([row], by=by)
    raise_refused(refused)
    return tasks[0]


@audited
def change_task(
    task: Task, *, by: User | None, title: str, due_on: date, assignee: User | None, kind: ActivityKind | None
) -> Task:
    """Change a task that is not done."""
    task = _lock(task)
    task.title, task.due_on, task.assignee, task.kind = title, due_on, assignee, kind
    task.save(update_fields=["title", "due_on", "assignee", "kind"])
    tell_tasks([task.lead_id])
    return task


@audited
def snooze_task(task: Task, *, until: date, by: User | None) -> Task:
    """Put a task off to a later day; it is reminded of again on that day."""
    task = _lock(task)
    if until <= max(task.due_on, today()):
        raise SnoozedBackwards(f"Choose a day after {max(task.due_on, today()):%-d %B %Y}.")
    task.due_on = until
    task.save(update_fields=["due_on"])
    tell_tasks([task.lead_id])
    return task


@audited
def complete_task(
    task: Task,
    *,
    by: User | None,
    outcome: str | None = None,
    note: str = "",
    then: NewTask | None = None,
) -> Task:
    """Tick a task off; `outcome`, the key of a kind, logs that activity, and `then` is the next task.

    Raises:
        TaskDone: somebody was faster.
        LeadClosed: there is a next task, but the lead is closed.
    """
    task = _lock(task)
    task.done_at, task.done_by = timezone.now(), by
    task.save(update_fields=["done_at", "done_by"])
    if outcome:
        properties = {"note": note} if note else {}
        activity = NewActivity(
            task.lead_id, outcome, task.done_at, properties=properties, key=f"task:{task.pk}"
        )
        log_activity(activity, by=by, origin=Origin.HAND)
    if then:
        raise_refused(add_tasks([then], by=by)[1])
    tell_tasks([task.lead_id])
    return task


def tell_tasks(lead_ids: Iterable[int]) -> None:
    """Send that tasks of these leads changed."""
    if ids := sorted(set(lead_ids)):
        tasks_changed.send(sender=Lead, lead_ids=ids)


def _lock(task: Task) -> Task:
    task = Task.objects.locked([task.pk]).get()
    if task.is_done:
        raise TaskDone(f"“{task}” is done already.")
    return task


def _task(lead: Lead, row: NewTask, *, by: User | None, at: datetime) -> Task:
    if lead.is_closed:
        raise LeadClosed(f"{lead} is already {lead.get_outcome_display().lower()}, so there is no next task.")
    return Task(
        lead=lead,
        title=row.title,
        due_on=row.due_on,
        kind_id=row.kind_id,
        assignee_id=row.assignee_id or lead.owner_id,
        created_by=by,
        created_at=at,
    )
