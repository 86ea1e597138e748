"""Several people and workers on the same deals at the same moment, each with a connection of their own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leads.actions import LeadClosed, NewActivity, log_activity, set_status
from leads.models import Lead
from leads.models.activities import Origin
from pipeline.actions import (
    Move,
    StaleMove,
    move_deal,
    move_deals,
    recalculate,
    set_confidence,
    win_deal,
)
from pipeline.models import ConfidenceChange, Deal, PendingConfidence, Stage, StageChange
from tests.factories import ActivityFactory, ActivityKindFactory, LeadFactory
from tests.factories_pipeline import DealFactory

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 20  # seconds, for a machine that is busy otherwise; two are usual


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


@pytest.fixture
def people():
    """Runs work in a thread with a database connection of its own."""
    with ThreadPoolExecutor() as pool:

        def begin(work: Callable[[], object]) -> Future:
            def with_own_connection():
                try:
                    return work()
                finally:
                    connection.close()

            return pool.submit(with_own_connection)

        yield begin


@pytest.fixture
def deal(alice):
    lead = LeadFactory(owner=alice)
    set_status(lead, "working", by=alice)
    return Deal.objects.select_related("stage").get(pk=lead.pk)


def outcome_of(future):
    try:
        return future.result()
    except (StaleMove, LeadClosed) as refusal:
        return type(refusal)


def wait_for_a_lock():
    """Until somebody waits for what this transaction holds."""
    deadline = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            assert time.monotonic() < deadline, "Nobody waits."
            time.sleep(0.02)


def test_of_two_moves_at_the_same_moment_one_wins_and_the_other_is_told(deal, alice, bob, people):
    def move(to, by):
        return lambda: move_deal(deal, to=to, by=by, expected_stage=deal.stage)

    both = [people(move(stage("demo"), alice)), people(move(stage("proposal"), bob))]
    results = [outcome_of(one) for one in both]
    assert results.count(StaleMove) == 1
    assert StageChange.objects.filter(deal=deal, left_at=None).count() == 1
    assert StageChange.objects.filter(deal=deal).count() == 2


def test_a_move_that_waited_for_a_win_is_refused(deal, alice, bob, people):
    with transaction.atomic():
        win_deal(deal, by=alice)
        move = people(lambda: move_deal(deal, to=stage("demo"), by=bob))
        wait_for_a_lock()
    assert outcome_of(move) is LeadClosed
    assert Deal.objects.get(pk=deal.pk).stage == deal.stage


def test_moves_of_the_same_deals_in_another_order_wait_for_each_other(alice, bob, people):
    deals = [DealFactory(lead__status="working") for _ in range(10)]

    def move(some, to, by):
        return lambda: move_deals([Move(deal.pk, to.pk) for deal in some], by=by)

    both = [people(move(deals, stage("demo"), alice)), people(move(deals[::-1], stage("proposal"), bob))]
    assert [refused.result() for refused in both] == [[], []]
    assert StageChange.objects.filter(left_at=None).count() == 10


def test_a_recalculation_that_waited_for_a_win_leaves_the_confidence(deal, alice, people):
    ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"))
    with transaction.atomic():
        win_deal(deal, by=alice)
        worker = people(lambda: recalculate([deal.pk]))
        wait_for_a_lock()
    worker.result()
    assert Deal.objects.get(pk=deal.pk).confidence == 10
    assert not ConfidenceChange.objects.exists()


def test_a_recalculation_that_waited_for_a_value_by_hand_leaves_it(deal, alice, people):
    ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"))
    with transaction.atomic():
        set_confidence(deal, 75, reason="Sure", by=alice)
        worker = people(lambda: recalculate([deal.pk]))
        wait_for_a_lock()
    worker.result()
    assert Deal.objects.get(pk=deal.pk).confidence == 75


def test_an_activity_logged_while_a_recalculation_waits_is_counted(deal, people):
    with transaction.atomic():
        list(Deal.objects.locked([deal.pk]))
        worker = people(lambda: recalculate([deal.pk]))
        wait_for_a_lock()
        ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"))
    worker.result()
    assert Deal.objects.get(pk=deal.pk).confidence == 20


def test_an_activity_reaches_the_confidence_through_the_workers(deal, alice, workers):
    log_activity(NewActivity(deal.pk, "demo_held", timezone.now()), by=alice, origin=Origin.HAND)
    deadline = time.monotonic() + PATIENCE
    while Deal.objects.get(pk=deal.pk).confidence == 10:
        assert time.monotonic() < deadline, "The workers did not do it in time."
        time.sleep(0.05)
    assert Deal.objects.get(pk=deal.pk).confidence == 20
    assert Lead.objects.get(pk=deal.pk).last_contact_at
    assert not PendingConfidence.objects.filter(lead=deal.pk).exists()
