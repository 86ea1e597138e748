"""Activities through the API, and the keys that open it."""

from datetime import timedelta
from functools import reduce
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from leads.actions import create_api_key, revoke_api_key
from leads.models import Activity, ApiKey
from tests.api import Program, program_of
from tests.factories import LeadFactory


@pytest.fixture
def lead(alice):
    return LeadFactory(owner=alice)


@pytest.fixture
def program(alice):
    return program_of(alice)


def page_view(lead, **changed):
    return {
        "lead": lead.pk,
        "kind": "page_view",
        "occurred_at": timezone.now().isoformat(),
        "url": "https://x.example/pricing",
        **changed,
    }


def test_one_activity_is_logged_for_its_lead(program, lead):
    answer = program.post("/activities", page_view(lead), expect=202)
    assert answer == {"accepted": 1, "duplicates": 0, "rejected": []}
    activity = Activity.objects.get(lead=lead)
    assert (activity.kind.key, activity.url, activity.origin) == (
        "page_view",
        "https://x.example/pricing",
        "api",
    )


def test_a_bad_activity_never_loses_the_others_and_says_which_it_is(program, lead):
    tomorrow = (timezone.now() + timedelta(days=1)).isoformat()
    rows = [
        page_view(lead),
        page_view(lead, kind="teleport"),
        page_view(lead, occurred_at=tomorrow),
        page_view(lead) | {"lead": 10**9},
        page_view(lead, occurred_at="yesterday"),
        page_view(lead, duration_seconds=-1),
        page_view(lead, colour="red"),
    ]
    answer = program.post("/activities", rows, expect=202)
    assert answer["accepted"] == 1
    assert [rejected["index"] for rejected in answer["rejected"]] == [1, 2, 3, 4, 5, 6]
    assert "teleport" in answer["rejected"][0]["error"]
    assert "future" in answer["rejected"][1]["error"]
    assert Activity.objects.count() == 1


def test_five_minutes_of_clock_difference_are_no_future(program, lead):
    soon = (timezone.now() + timedelta(minutes=4)).isoformat()
    assert program.post("/activities", page_view(lead, occurred_at=soon), expect=202)["accepted"] == 1


def test_a_malformed_single_activity_is_answered_with_the_path_of_each_fault(program, lead):
    answer = program.post("/activities", {"lead": lead.pk, "occurred_at": "soon"}, expect=422)
    assert {fault["path"] for fault in answer["errors"]} == {"kind", "occurred_at"}


@pytest.mark.parametrize(
    "activity",
    [
        {"lead": "ext:\ud800"},
        {"lead": "ext:\x00"},
        {"properties": {"page": "\udfff"}},
        {"properties": {"page": reduce(lambda inner, _: [inner], range(200), [])}},
    ],
)
def test_what_no_database_can_store_is_named_and_not_stored(program, lead, activity):
    odd = page_view(lead) | activity
    answer = program.post("/activities", [page_view(lead), odd], expect=202)
    assert answer["accepted"] == 1
    assert [rejected["index"] for rejected in answer["rejected"]] == [1]
    program.post("/activities", odd, expect=422)
    assert Activity.objects.count() == 1


def test_a_body_nested_without_end_is_refused(program):
    headers = {"Authorization": f"Bearer {program.key}"}
    answer = Client().post(
        "/api/v1/activities", "[" * 100_000, content_type="application/json", headers=headers
    )
    assert answer.status_code == 422
    assert "levels deep" in answer.json()["errors"][0]["message"]


def test_what_is_no_object_is_no_activity(program, lead):
    answer = program.post("/activities", [5, page_view(lead)], expect=202)
    assert answer["rejected"] == [
        {"index": 0, "error": 'An activity is an object such as {"lead": 7, "kind": "call", …}.'}
    ]


def test_what_is_no_json_or_too_much_is_refused_whole(program, lead):
    headers = {"Authorization": f"Bearer {program.key}"}
    answer = Client().post("/api/v1/activities", "{", content_type="application/json", headers=headers)
    assert answer.status_code == 422
    assert "not JSON" in answer.json()["errors"][0]["message"]
    program.post("/activities", [page_view(lead)] * 1_001, expect=422)
    assert not Activity.objects.exists()


def test_the_same_key_counts_once(program, lead):
    row = page_view(lead, idempotency_key="visit-1")
    assert program.post("/activities", [row, row], expect=202)["duplicates"] == 1
    assert program.post("/activities", row, expect=202) == {"accepted": 0, "duplicates": 1, "rejected": []}


@pytest.mark.django_db(transaction=True)
def test_the_same_key_twice_at_once_counts_once(alice):
    lead, program = LeadFactory(owner=alice), program_of(alice)
    row, barrier, answers = page_view(lead, idempotency_key="visit-1"), Barrier(2), []

    def send():
        barrier.wait()
        answers.append(program.post("/activities", row, expect=202))
        connection.close()

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer["accepted"] for answer in answers) == [0, 1]
    assert Activity.objects.count() == 1


def test_somebody_elses_lead_is_not_there(charlie, lead):
    answer = program_of(charlie).post("/activities", page_view(lead), expect=202)
    assert answer["rejected"] == [{"index": 0, "error": f"There is no lead {lead.pk}."}]


def test_without_a_key_or_with_a_wrong_or_revoked_one_nothing_opens(alice, lead):
    assert Client().get("/api/v1/leads").status_code == 401
    Program("plumb_wrong").get("/leads", expect=401)
    key, plain = create_api_key("website", alice, by=alice)
    Program(plain).get("/leads")
    revoke_api_key(key, by=alice)
    Program(plain).get("/leads", expect=401)


def test_a_session_is_no_key(client, alice):
    client.force_login(alice)
    assert client.get("/api/v1/leads").status_code == 401


def test_the_key_of_somebody_who_left_is_closed(alice, program):
    alice.is_active = False
    alice.save()
    program.get("/leads", expect=401)


def test_a_key_is_stored_as_its_digest_only_and_remembers_its_use(alice):
    key, plain = create_api_key("website", alice, by=alice)
    assert plain not in str(ApiKey.objects.values().get(pk=key.pk))
    Program(plain).get("/pipelines")
    key.refresh_from_db()
    assert key.last_used_at is not None
