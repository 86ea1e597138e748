"""Reminders of what is due: once for each task and day, in the app and by letter."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.utils import timezone

from leads.actions import remind_of_tasks, set_reminders, snooze_task
from leads.models import Lead, Notification, Outbox, Task
from leads.organisation import today
from leads.tasks import deliver_outbox
from tests.factories import LeadFactory, TaskFactory

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def at_hour(hour: int) -> datetime:
    return datetime.combine(today(), datetime.min.time(), tzinfo=UTC) + timedelta(hours=hour)


@pytest.fixture
def lead(alice) -> Lead:
    alice.email = "alice@example.com"
    alice.time_zone = "UTC"
    alice.save()
    return LeadFactory(owner=alice, contact__first_name="Marta", contact__last_name="Bell")


def remind(hour: int = 12) -> int:
    count = remind_of_tasks(by=None, at=at_hour(hour))
    deliver_outbox()
    return count


def test_what_is_due_is_told_once_in_the_app_and_by_letter(lead, alice):
    TaskFactory(lead=lead, assignee=alice, title="Call back", due_on=today())
    assert [remind(), remind()] == [1, 0]
    notification = Notification.objects.get()
    assert (notification.user, notification.lead) == (alice, lead)
    assert notification.text == "Due today: Call back (Marta Bell)"
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.com"]
    assert f"/leads/{lead.pk}/" in letter.body
    assert "/follow-up/" in letter.body


def test_many_tasks_are_one_reminder(lead, alice):
    for days in (0, 0, 2):
        TaskFactory(lead=lead, assignee=alice, due_on=today() - days * DAY)
    assert remind() == 3
    assert Notification.objects.get().text == "3 tasks are due, 1 of them overdue"
    assert len(mail.outbox) == 1


def test_nobody_is_woken_before_seven_where_they_are(lead, alice):
    TaskFactory(lead=lead, assignee=alice, due_on=today())
    assert remind(hour=6) == 0
    assert remind(hour=7) == 1


def test_a_task_put_off_is_reminded_of_on_its_new_day(lead, alice, time_machine):
    task = TaskFactory(lead=lead, assignee=alice, due_on=today())
    remind()
    snooze_task(task, until=today() + DAY, by=alice)
    assert remind() == 0
    time_machine.move_to(timezone.now() + DAY)
    assert remind() == 1


def test_a_task_of_nobody_is_its_leads_owners(lead, alice):
    task = TaskFactory(lead=lead, due_on=today())
    Task.objects.filter(pk=task.pk).update(assignee=None)
    remind()
    assert Notification.objects.get().user == alice


def test_who_wants_no_letters_gets_the_notification_alone(lead, alice):
    set_reminders(alice, by_mail=False, by=alice)
    TaskFactory(lead=lead, assignee=alice, due_on=today())
    remind()
    assert Notification.objects.count() == 1
    assert not mail.outbox


def test_what_was_done_meanwhile_is_not_told(lead, alice):
    task = TaskFactory(lead=lead, assignee=alice, due_on=today())
    remind_of_tasks(by=None, at=at_hour(12))
    Task.objects.filter(pk=task.pk).update(done_at=at_hour(12))
    deliver_outbox()
    assert not Notification.objects.exists()
    assert not mail.outbox


def test_closed_leads_tomorrows_tasks_and_people_who_left_are_left_alone(lead, alice, bob):
    TaskFactory(lead=lead, assignee=alice, due_on=today() + DAY)
    TaskFactory(lead=LeadFactory(outcome="won", closed_on=today()), assignee=alice, due_on=today())
    bob.is_active = False
    bob.save()
    TaskFactory(lead=lead, assignee=bob, due_on=today())
    assert remind() == 0
    assert not Outbox.objects.filter(kind="tasks_due").exists()


def test_a_lead_that_went_to_somebody_else_is_not_named_to_who_had_it(lead, alice, charlie):
    TaskFactory(lead=lead, assignee=alice, due_on=today())
    Lead.objects.filter(pk=lead.pk).update(owner=charlie)
    remind()
    assert not Notification.objects.exists()
    assert not mail.outbox
