"""One way to move: what a move changes, records and refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from leads.actions import LeadClosed, LeadGone, set_status
from leads.models import Activity, Lead, StatusChange
from leads.organisation import organisation, remembered
from pipeline.actions import (
    Move,
    MoveTooEarly,
    StaleMove,
    WrongPipeline,
    move_deal,
    move_deals,
    set_confidence,
    start_deals,
)
from pipeline.actions.deals import DealStart
from pipeline.models import ConfidenceChange, Deal, Stage, StageChange
from pipeline.signals import deals_moved
from tests.factories import ActivityFactory, ActivityKindFactory, LeadFactory
from tests.factories_pipeline import DealFactory, KeyActivityFactory, StageFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


@pytest.fixture
def deal(alice):
    """Alice's deal, in the first stage of the pipeline."""
    lead = LeadFactory(owner=alice)
    set_status(lead, "working", by=alice)
    return Deal.objects.select_related("lead", "stage").get(pk=lead.pk)


def test_a_move_changes_stage_and_confidence_and_leaves_its_history(deal, alice):
    entered = deal.stage_entered_at
    moved = move_deal(deal, to=stage("demo"), by=alice)

    first, second = StageChange.objects.filter(deal=deal)
    assert (moved.stage.key, moved.confidence, moved.automatic_confidence) == ("demo", 40, 40)
    assert (first.to_stage.key, first.entered_at, first.left_at) == ("qualify", entered, second.entered_at)
    assert (second.from_stage.key, second.to_stage.key, second.left_at) == ("qualify", "demo", None)
    assert (second.confidence, second.automatic_confidence, second.by) == (40, 40, alice)
    assert not second.reconstructed
    assert moved.stage_entered_at == second.entered_at


def test_a_move_records_the_confidence_with_its_lines(deal, alice):
    move_deal(deal, to=stage("discovery"), by=alice)
    change = ConfidenceChange.objects.get(deal=deal)
    assert (change.before, change.after, change.automatic, change.source, change.by) == (
        10,
        20,
        20,
        "automatic",
        alice,
    )
    assert change.lines == [{"kind": "base", "name": "Stage: Discovery", "points": 20}]


def test_backward_moves_and_skips_are_moves(deal, alice):
    for key in ("proposal", "discovery", "negotiation"):
        deal = move_deal(deal, to=stage(key), by=alice)
    keys = StageChange.objects.filter(deal=deal).values_list("to_stage__key", flat=True)
    assert list(keys) == ["qualify", "proposal", "discovery", "negotiation"]


def test_a_move_to_where_it_stands_changes_nothing(deal, alice):
    with heard(deals_moved) as news:
        move_deal(deal, to=deal.stage, by=alice)
    assert not news
    assert StageChange.objects.filter(deal=deal).count() == 1


def test_each_entry_is_an_activity_of_the_system(deal, alice):
    move_deal(deal, to=stage("demo"), by=alice)
    entries = Activity.objects.filter(lead=deal.lead, kind__key="stage_entered").order_by("id")
    assert [entry.properties for entry in entries] == [
        {"stage": "qualify", "from": None},
        {"stage": "demo", "from": "qualify"},
    ]
    assert {entry.origin for entry in entries} == {"system"}


def test_a_move_is_news(deal, alice):
    with heard(deals_moved) as news:
        move_deal(deal, to=stage("demo"), by=alice)
    assert [(n["lead_ids"], n["by"]) for n in news] == [([deal.pk], alice)]


@pytest.mark.parametrize("status", ["new", "nurturing"])
def test_a_move_makes_an_idle_lead_working_and_enters_it_in_that_stage(alice, status):
    deal = DealFactory(lead__status=status)
    move_deal(deal, to=stage("proposal"), by=alice)

    deal = Deal.objects.get(pk=deal.pk)
    interval = StageChange.objects.get(deal=deal)
    assert Lead.objects.get(pk=deal.pk).status == "working"
    assert StatusChange.objects.get(lead=deal.pk).by == alice
    assert (interval.from_stage, interval.to_stage.key) == (None, "proposal")
    assert deal.entered_at == interval.entered_at == deal.stage_entered_at


def test_a_move_to_the_first_stage_enters_a_deal_that_nobody_worked(alice):
    deal = DealFactory()
    move_deal(deal, to=deal.stage, by=alice)
    assert StageChange.objects.get(deal=deal).to_stage == deal.stage
    assert Deal.objects.get(pk=deal.pk).entered_at


def test_the_first_guess_gives_way_to_the_first_move(alice):
    lead = LeadFactory()
    start_deals([DealStart(lead.pk, confidence=70)], by=alice)
    deal = Deal.objects.get(pk=lead.pk)
    assert (deal.confidence, deal.confidence_source) == (70, "initial")
    assert StageChange.objects.get(deal=deal).confidence == 70

    deal = move_deal(deal, to=stage("discovery"), by=alice)
    assert (deal.confidence, deal.confidence_source) == (20, "automatic")


def test_a_value_set_by_hand_stays_with_the_automatic_one_beside_it(deal, alice):
    set_confidence(deal, 75, reason="Their board has agreed.", by=alice)
    moved = move_deal(deal, to=stage("discovery"), by=alice)
    last = StageChange.objects.filter(deal=deal).last()
    assert (moved.confidence, moved.automatic_confidence, moved.confidence_source) == (75, 20, "manual")
    assert (last.confidence, last.automatic_confidence) == (75, 20)


def test_key_activities_of_the_stage_count_on_entering_it(deal, alice):
    ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="call"))
    KeyActivityFactory(stage=stage("demo"), points=7)
    assert move_deal(deal, to=stage("demo"), by=alice).confidence == 47
    assert move_deal(deal, to=stage("proposal"), by=alice).confidence == 60


def test_two_who_move_at_once_are_told(deal, alice, bob):
    expected = deal.stage
    move_deal(deal, to=stage("demo"), by=alice, expected_stage=expected)
    with pytest.raises(StaleMove, match="has been moved to Demo meanwhile"):
        move_deal(deal, to=stage("proposal"), by=bob, expected_stage=expected)
    assert Deal.objects.get(pk=deal.pk).stage == stage("demo")


def test_a_stage_of_another_pipeline_is_refused(deal, alice):
    elsewhere = StageFactory(name="Elsewhere")
    with pytest.raises(WrongPipeline, match="Elsewhere is not a stage of the pipeline"):
        move_deal(deal, to=elsewhere, by=alice)
    assert Deal.objects.get(pk=deal.pk).stage == deal.stage


def test_a_closed_deal_does_not_move(deal, alice):
    Lead.objects.filter(pk=deal.pk).update(outcome="lost")
    with pytest.raises(LeadClosed, match="is already lost"):
        move_deal(deal, to=stage("demo"), by=alice)


def test_a_stage_is_not_left_before_it_was_entered(deal, alice):
    with pytest.raises(MoveTooEarly, match="entered Qualify only on"):
        move_deal(deal, to=stage("demo"), by=alice, at=timezone.now() - timedelta(days=3))
    assert StageChange.objects.filter(deal=deal).count() == 1


def test_a_row_that_is_refused_never_loses_the_others(deal, alice):
    rows = [Move(0, stage("demo").pk), Move(deal.pk, stage("demo").pk), Move(deal.pk, 0)]
    refused = move_deals(rows, by=alice)
    assert [(row.index, row.refusal) for row in refused] == [(0, LeadGone), (2, WrongPipeline)]
    assert Deal.objects.get(pk=deal.pk).stage == stage("demo")


def test_a_dated_move_counts_only_what_had_been_done_by_then(alice):
    lead = LeadFactory(created_at=datetime(2026, 1, 1, tzinfo=UTC))
    ActivityFactory(
        lead=lead, kind=ActivityKindFactory(key="call"), occurred_at=datetime(2026, 3, 1, tzinfo=UTC)
    )
    KeyActivityFactory(points=9)
    rows = [("discovery", datetime(2026, 2, 1, tzinfo=UTC)), ("demo", datetime(2026, 4, 1, tzinfo=UTC))]
    for key, at in rows:
        move_deals([Move(lead.pk, stage(key).pk, at=at)], by=alice)

    intervals = StageChange.objects.filter(deal=lead.pk).values_list("entered_at", "confidence")
    assert list(intervals) == [(rows[0][1], 20), (rows[1][1], 49)]
    assert list(ConfidenceChange.objects.filter(deal=lead.pk).values_list("at", flat=True)) == [
        at for _, at in rows
    ]


def test_a_move_costs_at_most_fifteen_queries_of_a_request(deal, alice):
    """Begin and commit included; the organisation is read before, as the middleware has it."""
    target = stage("demo")
    with remembered():
        organisation()
        assert statements_of(lambda: move_deals([Move(deal.pk, target.pk)], by=alice)) <= 15


def test_twenty_moves_cost_as_many_statements_as_one(alice):
    deals = [DealFactory(lead__status="new") for _ in range(21)]
    target = stage("demo").pk
    one = statements_of(lambda: move_deals([Move(deals[0].pk, target)], by=alice))
    twenty = statements_of(lambda: move_deals([Move(deal.pk, target) for deal in deals[1:]], by=alice))
    assert twenty == one
