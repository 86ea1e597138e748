"""Confidence by people, and by itself: first guess, by hand, released, recalculated."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone

from leads.actions import LeadClosed, NewActivity, answer_question, log_activities, log_activity
from leads.models import Lead
from leads.models.activities import Origin
from leads.organisation import today
from pipeline.actions import (
    ConfidenceNeedsReason,
    NotAPercentage,
    ReturnInThePast,
    drain_confidence,
    queue_confidence,
    recalculate,
    refresh_pipelines,
    release_confidence,
    release_due_confidences,
    set_confidence,
    set_initial_confidence,
)
from pipeline.models import ConfidenceChange, Deal, PendingConfidence, Pipeline, Stage, StageChange
from tests.factories import ActivityFactory, ActivityKindFactory, LeadFactory, QuestionFactory
from tests.factories_pipeline import AnswerPointFactory, DealFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def fresh(deal):
    return Deal.objects.get(pk=deal.pk)


def hold_demo(lead, by=None):
    row = NewActivity(lead.pk, "demo_held", timezone.now())
    return log_activity(row, by=by, origin=Origin.HAND)


class TestByHand:
    def test_it_stays_with_the_automatic_value_beside_it_and_is_recorded(self, alice):
        deal = DealFactory()
        deal = set_confidence(deal, 55, reason=" Their CFO told me. ", by=alice)
        change = ConfidenceChange.objects.get(deal=deal)
        assert (deal.confidence, deal.automatic_confidence, deal.confidence_source) == (55, 10, "manual")
        assert (change.before, change.after, change.automatic, change.source) == (10, 55, 10, "manual")
        assert (change.reason, change.by) == ("Their CFO told me.", alice)
        assert sum(line["points"] for line in change.lines) == 10

    @pytest.mark.parametrize("percent", [0, 100])
    def test_none_and_all_can_be_set(self, alice, percent):
        assert set_confidence(DealFactory(), percent, reason="Sure", by=alice).confidence == percent

    @pytest.mark.parametrize("percent", [101, -1])
    def test_what_is_no_percentage_is_refused(self, alice, percent):
        deal = DealFactory()
        with pytest.raises(NotAPercentage, match=f"between 0 and 100 %, not {percent}"):
            set_confidence(deal, percent, reason="Sure", by=alice)
        assert fresh(deal).confidence == 10

    def test_a_reason_is_needed(self, alice):
        with pytest.raises(ConfidenceNeedsReason):
            set_confidence(DealFactory(), 50, reason="  ", by=alice)

    def test_a_return_is_on_a_day_to_come(self, alice):
        with pytest.raises(ReturnInThePast):
            set_confidence(DealFactory(), 50, reason="Sure", until=today(), by=alice)

    def test_a_closed_deal_keeps_its_confidence(self, alice):
        deal = DealFactory(lead__outcome="won")
        for change in (
            lambda: set_confidence(deal, 50, reason="Sure", by=alice),
            lambda: release_confidence(deal, by=alice),
        ):
            with pytest.raises(LeadClosed, match="is already won"):
                change()

    def test_released_it_follows_again(self, alice, bob):
        deal = set_confidence(DealFactory(), 55, reason="Sure", until=today() + timedelta(5), by=alice)
        hold_demo(deal.lead)
        deal = release_confidence(deal, by=bob)
        change = ConfidenceChange.objects.filter(deal=deal).last()
        assert (deal.confidence, deal.confidence_source, deal.manual_until) == (20, "automatic", None)
        assert (change.before, change.after, change.by) == (55, 20, bob)

    def test_releasing_what_is_automatic_leaves_no_trace(self, alice):
        deal = release_confidence(DealFactory(), by=alice)
        assert deal.confidence_source == "automatic"
        assert not ConfidenceChange.objects.exists()

    def test_it_returns_on_its_day_and_not_before(self, alice):
        until = today() + timedelta(days=2)
        deal = set_confidence(DealFactory(), 55, reason="Sure", until=until, by=alice)
        held = set_confidence(DealFactory(), 56, reason="Sure", by=alice)
        release_due_confidences(by=None)
        assert fresh(deal).confidence == 55
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            release_due_confidences(by=None)
        assert (fresh(deal).confidence, fresh(held).confidence) == (10, 56)
        assert ConfidenceChange.objects.filter(deal=deal).last().reason == "Its day has come."


class TestFirstGuess:
    def test_it_makes_the_lead_working_and_stands_in_its_first_interval(self, alice):
        lead = LeadFactory()
        set_initial_confidence({lead.pk: 65}, by=alice)
        deal, interval = Deal.objects.get(pk=lead.pk), StageChange.objects.get(deal=lead.pk)
        assert (deal.confidence, deal.confidence_source) == (65, "initial")
        assert (interval.confidence, interval.automatic_confidence) == (65, 10)
        assert Lead.objects.get(pk=lead.pk).status == "working"

    def test_it_gives_way_to_the_first_key_activity(self, alice):
        lead = LeadFactory()
        set_initial_confidence({lead.pk: 65}, by=alice)
        log_activity(NewActivity(lead.pk, "call", timezone.now()), by=alice, origin=Origin.HAND)
        drain_confidence()
        assert Deal.objects.get(pk=lead.pk).confidence == 65
        hold_demo(lead, by=alice)
        drain_confidence()
        deal = Deal.objects.get(pk=lead.pk)
        assert (deal.confidence, deal.confidence_source) == (20, "automatic")

    def test_an_answer_does_not_end_it(self, alice):
        lead, question = LeadFactory(), QuestionFactory()
        AnswerPointFactory(question=question, value=True, points=5)
        set_initial_confidence({lead.pk: 65}, by=alice)
        answer_question(lead, question, True, by=alice)
        drain_confidence()
        deal = Deal.objects.get(pk=lead.pk)
        assert (deal.confidence, deal.automatic_confidence) == (65, 15)

    def test_rows_are_refused_one_by_one(self, alice):
        fine, wrong, closed = LeadFactory(), LeadFactory(), LeadFactory(outcome="lost")
        refused = set_initial_confidence({wrong.pk: 101, closed.pk: 5, fine.pk: 0}, by=alice)
        assert [(row.index, row.refusal) for row in refused] == [(0, NotAPercentage), (1, LeadClosed)]
        assert Deal.objects.get(pk=fine.pk).confidence == 0
        assert Lead.objects.get(pk=wrong.pk).status == "new"


class TestRecalculation:
    def test_an_activity_changes_it_and_says_why(self, alice):
        deal = DealFactory()
        hold_demo(deal.lead)
        assert drain_confidence() == 1
        change = ConfidenceChange.objects.get(deal=deal)
        assert fresh(deal).confidence == 20
        assert (change.before, change.after, change.by) == (10, 20, None)
        assert change.lines == [
            {"kind": "base", "name": "Stage: Qualify", "points": 10},
            {"kind": "activity", "name": "Demo held", "points": 10},
        ]

    def test_doing_it_again_changes_nothing(self):
        deal = DealFactory()
        hold_demo(deal.lead)
        for _ in range(2):
            recalculate([deal.pk])
        assert ConfidenceChange.objects.count() == 1

    def test_a_manual_value_is_never_overwritten(self, alice):
        deal = set_confidence(DealFactory(), 55, reason="Sure", by=alice)
        hold_demo(deal.lead)
        drain_confidence()
        deal = fresh(deal)
        assert (deal.confidence, deal.automatic_confidence) == (55, 20)
        assert ConfidenceChange.objects.filter(deal=deal).last().automatic == 20

    @pytest.mark.parametrize("outcome", ["won", "lost", "disqualified"])
    def test_closed_deals_keep_their_last_open_confidence(self, outcome):
        deal = DealFactory(lead__outcome=outcome)
        ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"))
        queue_confidence([deal.pk])
        drain_confidence()
        assert fresh(deal).confidence == 10
        assert not PendingConfidence.objects.exists()

    def test_much_news_of_a_lead_is_one_recalculation(self):
        deal = DealFactory()
        for _ in range(4):
            hold_demo(deal.lead)
        assert drain_confidence() == 4
        assert ConfidenceChange.objects.count() == 1

    def test_only_the_leads_asked_for_are_drained(self):
        mine, other = DealFactory(), DealFactory()
        queue_confidence([mine.pk, other.pk, mine.pk])
        assert drain_confidence([mine.pk]) == 2
        assert list(PendingConfidence.objects.values_list("lead", flat=True)) == [other.pk]

    def test_twenty_leads_cost_as_many_statements_as_one(self):
        Stage.objects.update(silence_days=0, silence_points=3)
        deals = [DealFactory() for _ in range(21)]
        one = statements_of(lambda: recalculate([deals[0].pk]))
        assert statements_of(lambda: recalculate([deal.pk for deal in deals[1:]])) == one
        assert ConfidenceChange.objects.count() == 21

    def test_news_of_twenty_leads_costs_as_many_statements_as_news_of_one(self):
        deals = [DealFactory() for _ in range(21)]
        queue_confidence([deals[0].pk])
        one = statements_of(drain_confidence)
        queue_confidence([deal.pk for deal in deals[1:]])
        assert statements_of(drain_confidence) == one


@pytest.mark.django_db(transaction=True)
def test_news_that_arrives_during_a_recalculation_is_not_lost():
    deal = DealFactory(lead__status="working")
    queue_confidence([deal.pk])

    def log_while_draining():
        try:
            hold_demo(deal.lead)
        finally:
            connection.close()

    with ThreadPoolExecutor() as people, transaction.atomic():
        list(PendingConfidence.objects.select_for_update())
        recalculate([deal.pk])  # computed without the demo, which is logged before the news is deleted
        people.submit(log_while_draining).result()
        PendingConfidence.objects.filter(pk=PendingConfidence.objects.earliest("pk").pk).delete()

    assert PendingConfidence.objects.count() == 1
    drain_confidence()
    assert fresh(deal).confidence == 20


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_news_and_each_piece_is_worked_off_once():
    deals = [DealFactory() for _ in range(20)]
    log_activities(
        [NewActivity(deal.pk, "demo_held", timezone.now()) for deal in deals], by=None, origin=Origin.API
    )

    def drain(_):
        try:
            return drain_confidence()
        finally:
            connection.close()

    with ThreadPoolExecutor() as workers:
        done = sum(workers.map(drain, range(3)))
    done += drain_confidence()
    assert done == 20
    assert set(Deal.objects.values_list("confidence", flat=True)) == {20}
    assert ConfidenceChange.objects.count() == 20


def test_silence_is_noticed_by_a_new_day_once():
    Stage.objects.filter(key="qualify").update(silence_days=10, silence_points=4)
    begun = datetime(2026, 5, 1, 9, tzinfo=UTC)
    with time_machine.travel(begun):
        deal = DealFactory(lead__status="working", stage_entered_at=begun)
    with time_machine.travel(begun + timedelta(days=10)):
        refresh_pipelines()
        assert drain_confidence() == 1
        assert fresh(deal).confidence == 6
        refresh_pipelines()
        assert drain_confidence() == 0
    assert Pipeline.objects.get(key="default").refreshed_on == (begun + timedelta(days=10)).date()
