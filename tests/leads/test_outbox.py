"""Announcements are written with their cause, delivered once, and tried again when that fails."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from leads import announcements
from leads.actions import announce
from leads.actions.news import MOST_ATTEMPTS, deliver
from leads.announcements import register, tell_owner
from leads.models import Notification, Outbox
from leads.tasks import deliver_outbox
from tests.factories import LeadFactory, OutboxFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """A registry of our own."""
    monkeypatch.setattr(announcements, "_deliveries", {})


def failing(_announcement):
    raise OSError("The line is dead.")


def band_reached(name, payload):
    return f"{name} is now {payload.get('band', 'hot')}."


def test_the_owner_is_told_in_the_app(alice):
    lead = LeadFactory(owner=alice)
    register("reached", tell_owner(band_reached))
    announce("reached", lead, band="hot")

    deliver_outbox()

    told = Notification.objects.get()
    assert (told.user, told.lead, told.text) == (alice, lead, f"{lead} is now hot.")
    assert Outbox.objects.get().sent_at


def test_a_lead_of_nobody_tells_nobody():
    register("reached", tell_owner(band_reached))
    announce("reached", LeadFactory())
    deliver_outbox()
    assert not Notification.objects.exists()
    assert Outbox.objects.get().sent_at


def test_an_announcement_vanishes_with_its_cause():
    lead = LeadFactory()
    with transaction.atomic():
        announce("reached", lead)
        transaction.set_rollback(True)
    assert not Outbox.objects.exists()


def test_one_that_fails_stops_no_other_and_leaves_nothing_half_done(alice):
    register("torn", tell_owner(band_reached))
    register("torn", failing)
    register("whole", tell_owner(band_reached))
    lead = LeadFactory(owner=alice)
    announce("torn", lead)
    announce("whole", lead)

    deliver_outbox()

    assert [told.kind for told in Notification.objects.all()] == ["whole"]
    torn = Outbox.objects.get(kind="torn")
    assert (torn.sent_at, torn.attempts) == (None, 1)
    assert "The line is dead." in torn.error


def test_a_failed_one_is_tried_again_after_a_growing_pause_and_not_for_ever():
    register("test", failing)
    waiting = OutboxFactory(created_at=timezone.now())
    tries = 0
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(24 * 60):
            clock.shift(timedelta(minutes=1))
            deliver_outbox()
            waiting.refresh_from_db()
            tries += waiting.attempts > tries
    assert waiting.attempts == tries == MOST_ATTEMPTS


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_once(alice):
    register("test", tell_owner(band_reached))
    waiting = OutboxFactory(lead=LeadFactory(owner=alice))

    def work(_):
        try:
            return deliver(waiting.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as four:
        assert sorted(four.map(work, range(4))) == [False, False, False, True]
    assert Notification.objects.count() == 1


@pytest.mark.usefixtures("workers")
def test_a_worker_tells_the_owner_within_seconds(alice):
    lead = LeadFactory(owner=alice)
    announce("band_risen", lead, band="hot", total=72)
    told = Notification.objects.filter(user=alice, text=f"{lead} became hot, with a score of 72.")
    patience = time.monotonic() + 20  # seconds
    while not told.exists() and time.monotonic() < patience:
        time.sleep(0.1)
    assert told.count() == 1
