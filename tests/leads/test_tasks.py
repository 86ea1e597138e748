"""What is to be done next, and what happens when it is done."""

from datetime import date, timedelta

import pytest

from config.refusals import Refusal
from leads.actions import (
    LeadClosed,
    NewTask,
    SnoozedBackwards,
    TaskDone,
    add_task,
    add_tasks,
    change_task,
    complete_task,
    snooze_task,
)
from leads.models import Activity, ActivityKind, Lead, Task
from leads.organisation import today
from leads.signals import tasks_changed
from tests.factories import LeadFactory, TaskFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

DUE = date(2026, 5, 1)


def test_a_task_is_its_leads_owners_unless_somebody_is_named(alice, bob):
    lead = LeadFactory(owner=alice)
    assert add_task(lead, "Call back", DUE, by=bob).assignee == alice
    assert add_task(lead, "Send offer", DUE, by=bob, assignee=bob).assignee == bob
    assert set(Task.objects.values_list("title", "created_by")) == {
        ("Call back", bob.pk),
        ("Send offer", bob.pk),
    }


def test_a_closed_lead_gets_no_task(alice):
    lead = LeadFactory(outcome="won", closed_on=DUE)
    with pytest.raises(Refusal, match="is already won, so there is no next task"):
        add_task(lead, "Call back", DUE, by=alice)


def test_a_task_is_changed_until_it_is_done(alice, bob):
    task = TaskFactory()
    kind = ActivityKind.objects.get(key="call")
    task = change_task(task, by=alice, title="Meet", due_on=DUE, assignee=bob, kind=kind)
    assert (task.title, task.due_on, task.assignee, task.kind) == ("Meet", DUE, bob, kind)
    complete_task(task, by=bob)
    with pytest.raises(TaskDone, match="“Meet” is done already"):
        change_task(task, by=alice, title="Again", due_on=DUE, assignee=None, kind=None)


def test_a_task_that_is_done_logs_its_outcome_once(alice):
    task = TaskFactory()
    task = complete_task(task, by=alice, outcome="call", note="Reached Ines")
    activity = Activity.objects.get(kind__key="call")
    assert (task.done_by, task.is_done) == (alice, True)
    assert (activity.kind.key, activity.actor, activity.properties) == (
        "call",
        alice,
        {"note": "Reached Ines"},
    )
    assert Lead.objects.get().status == "working"
    with pytest.raises(TaskDone):
        complete_task(task, by=alice, outcome="call")


def test_an_outcome_of_no_known_kind_leaves_the_task_open(alice):
    task = TaskFactory()
    with pytest.raises(Refusal, match="no kind of activity “dance”"):
        complete_task(task, by=alice, outcome="dance")
    assert not Task.objects.get().is_done


def test_every_change_of_tasks_is_news(alice):
    lead = LeadFactory()
    with heard(tasks_changed) as news:
        complete_task(add_task(lead, "Call back", DUE, by=alice), by=alice)
    assert [n["lead_ids"] for n in news] == [[lead.pk], [lead.pk]]


def test_twenty_tasks_cost_as_many_statements_as_one(alice):
    def batch(size):
        rows = [NewTask(LeadFactory().pk, "Call back", DUE) for _ in range(size)]
        return statements_of(lambda: add_tasks(rows, by=alice))

    assert batch(20) == batch(1)


def test_a_task_is_put_off_to_a_later_day_only(alice):
    task = TaskFactory(due_on=today())
    later = today() + timedelta(days=3)
    assert snooze_task(task, until=later, by=alice).due_on == later
    with pytest.raises(SnoozedBackwards, match="Choose a day after"):
        snooze_task(task, until=later, by=alice)
    assert Task.objects.get().due_on == later


def test_an_overdue_task_is_not_put_off_to_a_day_that_has_passed(alice):
    task = TaskFactory(due_on=today() - timedelta(days=9))
    with pytest.raises(SnoozedBackwards):
        snooze_task(task, until=today(), by=alice)


def test_the_next_task_is_added_as_one_is_done(alice):
    task = TaskFactory(lead__owner=alice)
    complete_task(task, by=alice, then=NewTask(task.lead_id, "Send the offer", DUE))
    assert list(Task.objects.open().values_list("title", "assignee")) == [("Send the offer", alice.pk)]


def test_nothing_is_done_when_the_next_task_is_refused(alice):
    task = TaskFactory()
    Lead.objects.update(outcome="won", closed_on=DUE)
    with pytest.raises(LeadClosed):
        complete_task(task, by=alice, outcome="call", then=NewTask(task.lead_id, "Send the offer", DUE))
    assert Task.objects.get().done_at is None
    assert not Activity.objects.filter(kind__key="call").exists()
