"""Leads in nurturing return on their day."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from leads.actions import set_status
from leads.models import Lead, StatusChange
from leads.organisation import today
from leads.tasks import return_recycled
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db


def test_a_lead_that_was_worked_returns_to_work_and_another_is_new_again(alice):
    worked = set_status(LeadFactory(), "working", by=alice)
    never, later, undated = LeadFactory(), LeadFactory(), LeadFactory()
    for lead, days in ((worked, 30), (never, 30), (later, 31)):
        set_status(lead, "nurturing", by=alice, returns_on=today() + timedelta(days=days))
    set_status(undated, "nurturing", by=alice)

    with time_machine.travel(timezone.now() + timedelta(days=30)):
        return_recycled()

    statuses = Lead.objects.in_bulk()
    assert [statuses[lead.pk].status for lead in (worked, never, later, undated)] == [
        "working",
        "new",
        "nurturing",
        "nurturing",
    ]
    step = StatusChange.objects.filter(lead=worked).last()
    assert (step.by, step.reason) == (None, "The day of return has come.")


def test_the_latest_day_of_return_counts(alice):
    lead = LeadFactory()
    for days in (10, 40):
        set_status(lead, "nurturing", by=alice, returns_on=today() + timedelta(days=days))
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        return_recycled()
    assert Lead.objects.get().status == "nurturing"


def test_running_twice_changes_nothing_more(alice):
    set_status(LeadFactory(), "nurturing", by=alice, returns_on=today() + timedelta(days=1))
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        return_recycled()
        return_recycled()
    assert StatusChange.objects.count() == 2
