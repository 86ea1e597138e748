"""The calendar feed: its secret link, and what calendars read there."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from leads.calendar import feed_token, user_of_feed
from leads.organisation import today
from tests.factories import LeadFactory, TaskFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def link(client, alice):
    client.force_login(alice)
    client.post("/follow-up/calendar/renew/")
    alice.refresh_from_db()
    return f"/calendar/{feed_token(alice)}/tasks.ics"


def events(client, link):
    client.logout()
    return Calendar.from_ical(client.get(link).content).walk("VEVENT")


def test_each_open_task_is_an_event_of_its_day(client, alice, bob, link):
    lead = LeadFactory(owner=alice, contact__first_name="Zoë, “Z”", contact__last_name="Bell; Ltd")
    task = TaskFactory(lead=lead, assignee=alice, title="Call\\back", due_on=today())
    TaskFactory(lead=lead, assignee=bob)
    TaskFactory(lead=LeadFactory(outcome="won", closed_on=today()), assignee=alice)
    (event,) = events(client, link)
    assert str(event["SUMMARY"]) == "Call\\back: Zoë, “Z” Bell; Ltd"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (task.due_on, task.due_on + timedelta(days=1))
    assert str(event["URL"]).endswith(f"/leads/{lead.pk}/")


def test_a_new_link_ends_the_old_one(client, alice, link):
    client.post("/follow-up/calendar/renew/")
    assert client.get(link).status_code == 404


def test_an_ended_link_stays_ended(client, alice, link):
    client.post("/follow-up/calendar/end/")
    assert client.get(link).status_code == 404
    alice.refresh_from_db()
    assert user_of_feed(feed_token(alice)) is None
    client.post("/follow-up/calendar/renew/")
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["nothing", "1-:abc", "x" * 400])
def test_a_made_up_link_is_nowhere(client, alice, token):
    assert client.get(f"/calendar/{token}/tasks.ics").status_code == 404


def test_the_link_of_somebody_who_left_is_nowhere(client, alice, link):
    alice.is_active = False
    alice.save()
    assert client.get(link).status_code == 404


def test_the_feed_costs_the_same_for_many_tasks(client, alice, link, django_assert_num_queries):
    for _ in range(20):
        TaskFactory(lead=LeadFactory(owner=alice), assignee=alice)
    client.logout()
    with django_assert_num_queries(5):
        client.get(link)
