"""What happened is logged once, when it can have happened, and has its consequences."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from config.refusals import Refusal
from leads.actions import AlreadyLogged, NewActivity, log_activities, log_activity
from leads.models import Activity, ActivityKey, Lead
from leads.models.activities import Origin
from leads.models.organisation import Organisation
from leads.signals import activities_logged
from tests.factories import LeadFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def call(lead, **facts):
    return NewActivity(lead.pk, **{"kind": "call", "occurred_at": timezone.now(), **facts})


def test_an_activity_is_stored_with_what_is_known_of_it(alice):
    lead = LeadFactory()
    activity = log_activity(
        call(lead, url="https://example.com", duration_seconds=90, properties={"outcome": "reached"}),
        by=alice,
        origin=Origin.HAND,
    )
    assert (activity.kind.key, activity.actor, activity.origin, activity.trust) == (
        "call",
        alice,
        "hand",
        "ok",
    )
    assert (activity.url, activity.duration_seconds) == ("https://example.com", 90)
    assert activity.properties == {"outcome": "reached"}


def test_its_date_is_the_organisations():
    Organisation.objects.update(time_zone="Asia/Kolkata")
    late = datetime(2026, 3, 1, 22, tzinfo=UTC)
    activity = log_activity(call(LeadFactory(), occurred_at=late), by=None, origin=Origin.API)
    assert activity.occurred_on == date(2026, 3, 2)


@time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False)
def test_five_minutes_of_clock_difference_are_allowed():
    lead, now = LeadFactory(), timezone.now()
    rows = [
        call(lead, occurred_at=now + timedelta(minutes=5)),
        call(lead, occurred_at=now + timedelta(minutes=5, seconds=1)),
    ]
    logged = log_activities(rows, by=None, origin=Origin.API)
    assert (logged.accepted, [row.index for row in logged.rejected]) == (1, [1])
    assert logged.rejected[0].message == "This lies in the future. Plan a task instead."


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": "telepathy"}, "There is no kind of activity “telepathy”."),
        ({"occurred_at": datetime(1989, 12, 31, 23, tzinfo=UTC)}, "This lies before 1990."),
        ({"occurred_at": datetime(2026, 1, 1, 9)}, "The time needs its offset from UTC"),  # noqa: DTZ001
        ({"duration_seconds": -1}, "A duration is between 0 seconds and 31 days."),
        ({"duration_seconds": 2**31}, "A duration is between 0 seconds and 31 days."),
        ({"contact_id": 0}, "There is no such contact."),
        ({"url": "a\x00b"}, "a character or number that cannot be stored"),
        ({"key": "\x00"}, "a character or number that cannot be stored"),
        ({"properties": {"page": ["\x00"]}}, "a character or number that cannot be stored"),
        ({"properties": {"page": "\ud800"}}, "a character or number that cannot be stored"),
        ({"properties": {"price": float("nan")}}, "a character or number that cannot be stored"),
        ({"key": "k" * 201}, "A key has at most 200 characters."),
    ],
)
def test_what_cannot_have_happened_is_refused_in_a_sentence(facts, sentence, alice):
    with pytest.raises(Refusal, match=sentence):
        log_activity(call(LeadFactory(), **facts), by=alice, origin=Origin.HAND)
    assert not Activity.objects.exists()


def test_an_unknown_lead_is_refused_and_the_rest_is_kept(alice):
    lead = LeadFactory()
    gone = NewActivity(lead.pk + 1, "call", timezone.now())
    logged = log_activities([gone, call(lead)], by=alice, origin=Origin.HAND)
    assert [(row.index, row.message) for row in logged.rejected] == [(0, "There is no such lead.")]
    assert logged.accepted == 1


def test_a_backslash_in_a_text_is_no_nul_character(alice):
    activity = log_activity(
        call(LeadFactory(), properties={"path": "C:\\u0000"}), by=alice, origin=Origin.API
    )
    assert activity.properties == {"path": "C:\\u0000"}


def test_the_same_activity_twice_counts_once(alice):
    lead = LeadFactory()
    row = call(lead, key="k1")
    assert log_activities([row, row], by=alice, origin=Origin.API).duplicates == 1
    again = log_activities([row], by=alice, origin=Origin.API)
    assert (again.accepted, again.duplicates, again.ids) == (0, 1, [])
    with pytest.raises(AlreadyLogged, match="This is logged already"):
        log_activity(row, by=alice, origin=Origin.API)
    assert Activity.objects.filter(kind__key="call").count() == 1


def test_a_refused_activity_does_not_use_up_its_key(alice):
    lead = LeadFactory()
    log_activities([call(lead, key="k1", duration_seconds=-1)], by=alice, origin=Origin.API)
    assert log_activities([call(lead, key="k1")], by=alice, origin=Origin.API).accepted == 1


def test_a_key_counts_per_lead(alice):
    rows = [call(LeadFactory(), key="k1"), call(LeadFactory(), key="k1")]
    assert log_activities(rows, by=alice, origin=Origin.API).accepted == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_activities_twice_at_once_count_once():
    leads = [LeadFactory() for _ in range(5)]
    rows = [call(lead, key=f"k{number}") for number, lead in enumerate(leads)]

    def send(batch):
        try:
            return log_activities(batch, by=None, origin=Origin.API).accepted
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as four:
        accepted = list(four.map(send, [rows, rows[::-1], rows, rows[::-1]]))
    assert sum(accepted) == 5
    assert Activity.objects.filter(kind__key="call").count() == ActivityKey.objects.count() == 5


def test_a_contact_moves_the_last_contact_forward_only(alice):
    lead, now = LeadFactory(), timezone.now()
    log_activity(call(lead, occurred_at=now), by=alice, origin=Origin.HAND)
    log_activity(call(lead, occurred_at=now - timedelta(days=2)), by=alice, origin=Origin.HAND)
    log_activity(call(lead, kind="note"), by=alice, origin=Origin.HAND)
    assert Lead.objects.get().last_contact_at == now


def test_a_reps_activity_makes_a_new_lead_working_and_a_visit_does_not(alice):
    called, visited = LeadFactory(), LeadFactory()
    log_activities([call(called), call(visited, kind="page_view")], by=alice, origin=Origin.API)
    assert [lead.status for lead in Lead.objects.order_by("pk")] == ["working", "new"]


def test_the_actor_of_a_visit_sent_by_a_program_is_nobody(alice):
    activity = log_activity(call(LeadFactory(), kind="page_view"), by=alice, origin=Origin.API)
    assert activity.actor is None


def test_news_of_activities_goes_out_once(alice):
    first, second = LeadFactory(), LeadFactory()
    with heard(activities_logged) as news:
        rows = [call(lead, kind="page_view") for lead in (second, first, second)]
        log_activities(rows, by=alice, origin=Origin.API)
    assert [(n["lead_ids"], n["kinds"]) for n in news] == [([first.pk, second.pk], {"page_view"})]


def test_twenty_activities_cost_as_many_statements_as_one(alice):
    def batch(size):
        rows = [call(LeadFactory(), key=f"{size}-{number}") for number in range(size)]
        return statements_of(lambda: log_activities(rows, by=alice, origin=Origin.API))

    assert batch(20) == batch(1)
