"""How a reminder of tasks reaches its user: a notification, and a letter for those who want one."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from leads.models import Notification, Outbox, Task, User
from leads.organisation import today


def remind(announcement: Outbox) -> None:
    """Deliver it; what was done, put off or is out of their sight is left out."""
    user = User.objects.active().filter(pk=announcement.payload["user"]).first()
    if not user:
        return
    due = Task.objects.waiting_for(user).filter(pk__in=announcement.payload["tasks"], due_on__lte=today())
    tasks = list(due.with_leads())
    if not tasks:
        return
    lead = tasks[0].lead if len(tasks) == 1 else None
    Notification.objects.create(user=user, lead=lead, kind="tasks_due", text=sentence(tasks, today())[:300])
    if user.email and user.mails_reminders:
        _write(user, tasks)  # last: when it fails, the notification is taken back and both are tried again


def sentence(tasks: Sequence[Task], day: date) -> str:
    """“Due today: Call back (Marta Bell)”, or “3 tasks are due, 1 of them overdue”."""
    if len(tasks) == 1:
        (task,) = tasks
        when = "Due today" if task.due_on >= day else "Overdue"
        return f"{when}: {task} ({task.lead_name})"  # type: ignore[attr-defined]
    late = sum(task.due_on < day for task in tasks)
    return f"{len(tasks)} tasks are due" + (f", {late} of them overdue" if late else "")


def _write(user: User, tasks: Sequence[Task]) -> None:
    context = {
        "user": user,
        "tasks": tasks,
        "today": today(),
        "site": settings.PUBLIC_URL,
        "day_url": settings.PUBLIC_URL + reverse("leads:day"),
        "settings_url": settings.PUBLIC_URL + reverse("leads:follow_up"),
    }
    body = render_to_string("leads/mail/tasks_due.txt", context)
    send_mail(sentence(tasks, today()), body, None, [user.email])
