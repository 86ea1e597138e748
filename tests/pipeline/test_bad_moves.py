"""Moves and confidences that cannot be, or not by this person; and news that comes while no worker runs."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions import NewActivity, create_api_key, log_activity
from leads.models import Lead
from leads.models.activities import Origin
from leads.organisation import today
from pipeline.actions import drain_confidence, move_deal, set_confidence
from pipeline.models import ConfidenceChange, Deal, PendingConfidence, Stage, StageChange
from tests.factories import LeadFactory
from tests.factories_pipeline import DealFactory, KeyActivityFactory, StageFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def stage(key: str) -> Stage:
    return Stage.objects.get(pipeline__key="default", key=key)


@pytest.fixture
def theirs(charlie) -> Lead:
    """A lead of the other team."""
    return LeadFactory(owner=charlie, status="working")


@pytest.fixture
def own(alice) -> Lead:
    return LeadFactory(owner=alice, status="working")


@pytest.mark.parametrize("who", ["alice", "manager"])
def test_nobody_moves_a_deal_that_is_not_theirs_to_see(client, request, theirs, who):
    user = request.getfixturevalue(who)
    client.force_login(user)
    key = create_api_key(user.username, user, by=user)[1]
    demo, before = stage("demo"), theirs.deal.stage

    sent = {"stage": demo.pk}
    answers = [
        client.post(f"/leads/{theirs.pk}/move/", sent, headers=HTMX),
        client.get(f"/leads/{theirs.pk}/ahead/"),
        client.get(f"/leads/{theirs.pk}/life/"),
        client.post(f"/leads/{theirs.pk}/confidence/", {"percent": 50, "reason": "Mine"}, headers=HTMX),
        client.post(
            f"/api/v1/leads/{theirs.pk}/move",
            json.dumps({"stage": "demo"}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        ),
    ]

    assert [answer.status_code for answer in answers] == [404] * 5
    assert client.post("/leads/bulk/move/", {"lead": [theirs.pk], **sent}, headers=HTMX).status_code == 422
    assert Deal.objects.get(pk=theirs.pk).stage == before
    assert not StageChange.objects.filter(deal=theirs.pk).exists()


@pytest.mark.parametrize("typed", ["101", "-1", "abc", "", "50.5", "9" * 30])
def test_a_confidence_that_is_none_is_refused_by_page_and_program(client, own, alice, typed):
    client.force_login(alice)
    key = create_api_key("test", alice, by=alice)[1]
    before = Deal.objects.values_list("confidence", flat=True).get(pk=own.pk)

    page = client.post(f"/leads/{own.pk}/confidence/", {"percent": typed, "reason": "So"}, headers=HTMX)
    program = client.put(
        f"/api/v1/leads/{own.pk}/confidence",
        json.dumps({"percent": typed, "reason": "So"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (page.status_code, program.status_code) == (422, 422)
    assert Deal.objects.values_list("confidence", flat=True).get(pk=own.pk) == before
    assert not ConfidenceChange.objects.filter(deal=own.pk, source="manual").exists()


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("deal", {"value": "1" * 30, "currency": "EUR"}),
        ("win", {"closed_on": "1999-01-01"}),
        ("win", {"closed_on": "31 February"}),
        ("move", {"stage": "999999"}),
        ("move", {"stage": "demo"}),
        ("confidence", {"percent": "50", "reason": " "}),
        ("confidence", {"percent": "50", "reason": "So", "until": "2001-01-01"}),
    ],
)
def test_what_cannot_be_is_said_where_it_was_typed_and_stored_nowhere(client, own, alice, address, typed):
    client.force_login(alice)
    before = Deal.objects.values("stage", "value", "confidence").get(pk=own.pk)

    answer = client.post(f"/leads/{own.pk}/{address}/", typed, headers=HTMX)

    assert answer.status_code in (409, 422)
    assert Deal.objects.values("stage", "value", "confidence").get(pk=own.pk) == before
    assert Lead.objects.get(pk=own.pk).outcome == "open"


def test_a_stage_of_another_pipeline_is_refused_by_every_way(client, own, alice):
    client.force_login(alice)
    foreign = StageFactory(name="Signed up", key="signed")
    key = create_api_key("test", alice, by=alice)[1]

    page = client.post(f"/leads/{own.pk}/move/", {"stage": foreign.pk}, headers=HTMX)
    bulk = client.post("/leads/bulk/move/", {"lead": [own.pk], "stage": foreign.pk}, headers=HTMX)
    program = client.post(
        f"/api/v1/leads/{own.pk}/move",
        json.dumps({"stage": "signed"}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}"},
    )

    assert (page.status_code, bulk.status_code, program.status_code) == (422, 409, 422)
    assert Deal.objects.get(pk=own.pk).stage.key == "qualify"


def test_confidence_catches_up_in_order_after_the_worker_was_down(alice):
    """Activities, a move and a value by hand, while nothing is worked off; afterwards all of it counts."""
    KeyActivityFactory(points=3)
    deal = DealFactory(lead__owner=alice, lead__status="working")
    start = timezone.now() - timedelta(minutes=4)
    for minute, kind in enumerate(("call", "meeting", "call", "demo_held")):
        moment = start + timedelta(minutes=minute)
        log_activity(NewActivity(deal.pk, kind, moment), by=alice, origin=Origin.HAND)
    move_deal(deal, to=stage("demo"), by=alice)
    set_confidence(deal, 33, reason="They hesitate", by=alice)
    log_activity(NewActivity(deal.pk, "proposal_sent", timezone.now()), by=alice, origin=Origin.HAND)
    assert PendingConfidence.objects.filter(lead=deal.pk).exists()

    drain_confidence()

    found = Deal.objects.get(pk=deal.pk)
    assert found.automatic_confidence == 40 + 3 + 5 + 10 + 5
    assert (found.confidence, found.confidence_source) == (33, "manual")
    assert not PendingConfidence.objects.exists()
    moments = list(ConfidenceChange.objects.filter(deal=deal.pk).values_list("at", flat=True))
    assert moments == sorted(moments)


def test_until_a_day_a_value_by_hand_holds(own, alice):
    until = today() + timedelta(days=3)

    assert set_confidence(own.deal, 90, reason="Verbal yes", by=alice, until=until).manual_until == until
