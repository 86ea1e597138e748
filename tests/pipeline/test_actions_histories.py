"""Histories from another system: written as reconstructed, once, and read back as they were."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from leads.actions import NewStatus, set_statuses
from leads.models import Activity, Lead
from pipeline.actions import (
    DealClosing,
    DealHistory,
    HistoryWrong,
    MovedHere,
    move_deal,
    record_closings,
    record_histories,
)
from pipeline.models import Deal, Stage, StageChange
from scoring.models import Band, LeadScore
from tests.factories_pipeline import DealFactory, StageFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

JANUARY, FEBRUARY, MARCH = (datetime(2025, month, 1, 9, tzinfo=UTC) for month in (1, 2, 3))


@pytest.fixture
def stages():
    """A pipeline of two stages, other than the one in which deals are born."""
    first = StageFactory(key="prospecting", order=1, confidence=15)
    return first, StageFactory(pipeline=first.pipeline, key="engaging", order=2, confidence=45)


def history(deal, *intervals):
    return DealHistory(deal.pk, intervals)


def test_a_history_places_the_deal_and_makes_its_lead_working(stages, alice):
    first, second = stages
    deal = DealFactory(lead__created_at=JANUARY)
    row = history(deal, (first.pk, JANUARY, FEBRUARY), (second.pk, FEBRUARY, None))
    assert record_histories([row], by=alice) == []

    deal = Deal.objects.select_related("lead", "stage").get(pk=deal.pk)
    assert (deal.stage, deal.entered_at, deal.stage_entered_at) == (second, JANUARY, FEBRUARY)
    assert (deal.confidence, deal.automatic_confidence, deal.lead.status) == (45, 45, "working")
    assert deal.imported_at
    facts = ("from_stage", "to_stage", "entered_at", "left_at", "confidence", "reconstructed")
    assert list(StageChange.objects.filter(deal=deal).values_list(*facts)) == [
        (None, first.pk, JANUARY, FEBRUARY, 15, True),
        (first.pk, second.pk, FEBRUARY, None, 45, True),
    ]


def test_a_reconstructed_history_is_no_activity(stages, alice):
    deal = DealFactory()
    record_histories([history(deal, (stages[0].pk, JANUARY, None))], by=alice)
    set_statuses([NewStatus(deal.pk, "qualified")], by=alice)
    assert not Activity.objects.filter(kind__key="stage_entered").exists()
    assert StageChange.objects.filter(deal=deal).count() == 1


@pytest.mark.parametrize("left_at", [MARCH, None])
def test_a_closing_ends_the_last_interval(stages, alice, left_at):
    deal = DealFactory(lead__created_at=JANUARY)
    record_histories([history(deal, (stages[1].pk, JANUARY, left_at))], by=alice)
    record_closings([DealClosing(deal.pk, "won", date(2025, 3, 1))], by=alice)
    interval = StageChange.objects.get(deal=deal)
    assert (interval.left_at.date(), interval.reconstructed) == (date(2025, 3, 1), True)


def test_the_next_import_replaces_what_the_last_one_wrote(stages, alice):
    first, second = stages
    deal = DealFactory(lead__created_at=JANUARY)
    record_histories([history(deal, (first.pk, JANUARY, None))], by=alice)
    row = history(deal, (first.pk, JANUARY, FEBRUARY), (second.pk, FEBRUARY, None))
    assert record_histories([row], by=alice) == []
    assert StageChange.objects.filter(deal=deal).count() == 2


def test_the_history_of_a_deal_that_is_closed_already_ends_with_its_closing(stages, alice):
    deal = DealFactory(lead__created_at=JANUARY)
    for _ in range(2):
        record_histories([history(deal, (stages[0].pk, JANUARY, None))], by=alice)
        record_closings([DealClosing(deal.pk, "lost", date(2025, 3, 1))], by=alice)
    assert StageChange.objects.get(deal=deal).left_at.date() == date(2025, 3, 1)


def test_a_deal_that_was_moved_here_since_keeps_its_history(stages, alice):
    first, second = stages
    deal = DealFactory(lead__created_at=JANUARY)
    row = history(deal, (first.pk, JANUARY, None))
    record_histories([row], by=alice)
    move_deal(deal, to=second, by=alice)
    [refused] = record_histories([row], by=alice)
    assert (refused.refusal, Deal.objects.get(pk=deal.pk).stage) == (MovedHere, second)


@pytest.mark.parametrize(
    ("intervals", "sentence"),
    [
        ([], "A history needs stages that there are."),
        ([(0, JANUARY, None)], "A history needs stages that there are."),
        ([("own", JANUARY, FEBRUARY), ("foreign", FEBRUARY, None)], "belong to one pipeline"),
        ([("own", FEBRUARY, JANUARY)], "was left on 01 Jan 2025, but entered on 01 Feb 2025"),
        ([("own", JANUARY, MARCH), ("own", FEBRUARY, None)], "was entered before"),
        ([("own", JANUARY, None), ("own", FEBRUARY, None)], "was entered before"),
        ([("own", datetime(2999, 1, 1, tzinfo=UTC), None)], "a day still to come"),
    ],
)
def test_what_no_deal_can_have_passed_is_refused_and_nothing_stored(stages, alice, intervals, sentence):
    places = {"own": stages[0].pk, "foreign": Stage.objects.get(key="demo").pk, 0: 0}
    deal = DealFactory()
    rows = [history(deal, *((places[place], *dates) for place, *dates in intervals))]
    [refused] = record_histories(rows, by=alice)
    assert refused.refusal is HistoryWrong
    assert sentence in refused.message
    assert Deal.objects.get(pk=deal.pk).entered_at is None


def test_an_entry_on_another_day_had_another_score(stages, alice):
    deal = DealFactory(entry_score=50, entry_band=Band.objects.get(key="warm"), entered_at=MARCH)
    record_histories([history(deal, (stages[0].pk, JANUARY, None))], by=alice)
    assert Deal.objects.get(pk=deal.pk).entry_band is None


def test_the_scores_of_a_deal_that_was_scored_before_are_filled_for_their_days(stages, alice):
    deal = DealFactory(lead__created_at=JANUARY)
    LeadScore.objects.filter(pk=deal.pk).update(state="scored", total=99, band=Band.objects.get(key="hot"))
    record_histories([history(deal, (stages[0].pk, JANUARY, None))], by=alice)
    record_closings([DealClosing(deal.pk, "won", date(2025, 3, 1))], by=alice)
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.entry_score, deal.close_score, deal.scores_filled_later) == (0, 0, True)


def test_a_life_reads_back_as_it_was(stages, alice):
    first, second = stages
    deal = DealFactory(lead__created_at=JANUARY)
    record_histories([history(deal, (first.pk, JANUARY, None))], by=alice)
    move_deal(deal, to=second, by=alice)
    record_closings([DealClosing(deal.pk, "won", timezone.now().date())], by=alice)

    life = list(StageChange.objects.filter(deal=deal))
    assert [step.reconstructed for step in life] == [True, False]
    assert life[0].left_at == life[1].entered_at
    assert life[1].left_at >= life[1].entered_at
    assert Lead.objects.get(pk=deal.pk).outcome == "won"


def test_twenty_histories_cost_as_many_statements_as_one(stages, alice):
    first, second = stages
    deals = [DealFactory(lead__created_at=JANUARY) for _ in range(21)]

    def record(some):
        rows = [history(deal, (first.pk, JANUARY, FEBRUARY), (second.pk, FEBRUARY, None)) for deal in some]
        return lambda: record_histories(rows, by=alice)

    one = statements_of(record(deals[:1]))
    assert statements_of(record(deals[1:])) == one


def test_closings_of_imported_deals_on_many_days_cost_as_many_statements_as_one(stages, alice):
    deals = [DealFactory(lead__created_at=JANUARY) for _ in range(21)]
    record_histories([history(deal, (stages[0].pk, JANUARY, None)) for deal in deals], by=alice)

    def close(some):
        rows = [
            DealClosing(deal.pk, "won", (JANUARY + timedelta(days=place)).date())
            for place, deal in enumerate(some)
        ]
        return lambda: record_closings(rows, by=alice)

    one = statements_of(close(deals[:1]))
    assert statements_of(close(deals[1:])) == one
