"""How deals are won, lost and opened again, and what stays of them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from leads.actions import LeadClosed, close_lead, reopen_lead, set_status
from leads.actions.closing import ClosingDateWrong, LeadOpen, UnknownOutcome
from leads.models import Lead, Organisation, StatusChange, Team
from leads.organisation import today
from pipeline.actions import (
    ClosedBeforeOpening,
    DealClosing,
    ReasonNeeded,
    Reopening,
    WrongPipeline,
    close_deals,
    lose_deal,
    move_deal,
    record_closings,
    reopen_deal,
    reopen_deals,
    set_confidence,
    win_deal,
)
from pipeline.models import ConfidenceChange, Deal, LostReason, Stage, StageChange
from scoring.models import Band, LeadScore
from tests.factories import ActivityFactory, ActivityKindFactory, LeadFactory
from tests.factories_pipeline import DealFactory, StageFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


def reason(key="price"):
    return LostReason.objects.get(key=key)


@pytest.fixture
def deal(alice):
    """Alice's deal in the demo stage, worked since a week ago."""
    week_ago = timezone.now() - timedelta(days=7)
    lead = LeadFactory(owner=alice, created_at=week_ago)
    set_status(lead, "working", by=alice, at=week_ago)
    return move_deal(Deal.objects.get(pk=lead.pk), to=stage("demo"), by=alice, at=week_ago)


def test_a_deal_is_won_from_any_stage_and_keeps_its_confidence(deal, alice):
    deal = win_deal(deal, by=alice, note="Signed")
    lead = Lead.objects.get(pk=deal.pk)
    step = StatusChange.objects.filter(lead=lead).last()
    assert (lead.outcome, lead.closed_on, lead.status) == ("won", today(), "working")
    assert (deal.confidence, deal.automatic_confidence, deal.lost_reason) == (40, 40, None)
    assert (step.outcome_after, step.note, step.by) == ("won", "Signed", alice)


def test_closing_ends_the_last_stage(deal, alice):
    win_deal(deal, by=alice)
    last = StageChange.objects.filter(deal=deal).last()
    assert last.left_at == StatusChange.objects.filter(lead=deal.lead).last().at


def test_a_closing_on_an_earlier_day_ends_the_stage_on_that_day(deal, alice):
    day = today() - timedelta(days=3)
    win_deal(deal, by=alice, closed_on=day)
    last = StageChange.objects.filter(deal=deal).last()
    assert last.left_at == datetime.combine(day, datetime.min.time(), tzinfo=UTC)


def test_losing_keeps_the_reason_and_its_note(deal, alice):
    deal = lose_deal(deal, reason=reason("other"), note="They were bought.", by=alice)
    step = StatusChange.objects.filter(lead=deal.lead).last()
    assert (deal.lost_reason.key, deal.lost_note) == ("other", "They were bought.")
    assert (step.outcome_after, step.reason, step.note) == ("lost", "Other", "They were bought.")


@pytest.mark.parametrize(
    ("row", "refusal", "sentence"),
    [
        ({"outcome": "lost"}, ReasonNeeded, "is lost."),
        ({"outcome": "lost", "reason_key": "weather"}, ReasonNeeded, "There is no reason “weather”"),
        ({"outcome": "lost", "reason_key": "other", "note": " "}, ReasonNeeded, "“Other” needs a note"),
        ({"outcome": "disqualified"}, UnknownOutcome, "A deal is won or lost, not “disqualified”"),
        (
            {"outcome": "won", "closed_on": date(2020, 1, 1)},
            ClosedBeforeOpening,
            "cannot have closed on 01 Jan 2020",
        ),
        ({"outcome": "won", "closed_on": date(2999, 1, 1)}, ClosingDateWrong, "a day still to come"),
    ],
)
def test_a_closing_that_cannot_be_is_refused_and_nothing_stored(deal, alice, row, refusal, sentence):
    [refused] = close_deals([DealClosing(deal.pk, **row)], by=alice)
    assert refused.refusal is refusal
    assert sentence in refused.message
    assert Lead.objects.get(pk=deal.pk).outcome == "open"
    assert Deal.objects.get(pk=deal.pk).lost_reason is None


def test_a_closed_deal_is_not_closed_again(deal, alice):
    win_deal(deal, by=alice)
    with pytest.raises(LeadClosed, match="is already won"):
        lose_deal(deal, reason=reason(), by=alice)
    assert Deal.objects.get(pk=deal.pk).lost_reason is None


def test_owner_team_score_and_band_stay_as_they_were_on_closing(deal, alice, charlie):
    hot = Band.objects.get(key="hot")
    LeadScore.objects.filter(pk=deal.pk).update(state="scored", total=81, band=hot)
    win_deal(deal, by=alice)
    LeadScore.objects.filter(pk=deal.pk).update(total=12, band=Band.objects.get(key="cold"))
    Lead.objects.filter(pk=deal.pk).update(owner=charlie)

    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.closed_owner, deal.closed_team) == (alice, Team.objects.get(name="North"))
    assert (deal.close_score, deal.close_band) == (81, hot)


def test_disqualifying_keeps_the_facts_too(deal, alice):
    set_status(deal.lead, "disqualified", reason="A student", by=alice)
    deal = Deal.objects.get(pk=deal.pk)
    assert deal.closed_owner == alice
    assert StageChange.objects.filter(deal=deal).last().left_at


@pytest.mark.parametrize("status", ["new", "nurturing"])
def test_winning_a_lead_that_nobody_worked_brings_it_through_the_pipeline(alice, status):
    deal = DealFactory(lead__status=status)
    win_deal(deal, by=alice)
    interval = StageChange.objects.get(deal=deal)
    lead = Lead.objects.get(pk=deal.pk)
    assert (lead.outcome, lead.status) == ("won", "working")
    assert (interval.to_stage.key, interval.left_at >= interval.entered_at) == ("qualify", True)


def test_a_lead_that_nobody_worked_is_entered_on_the_day_it_was_won(alice):
    created_at = timezone.now() - timedelta(days=30)
    deal = DealFactory(lead__created_at=created_at)
    day = today() - timedelta(days=10)
    win_deal(deal, by=alice, closed_on=day)
    assert Deal.objects.get(pk=deal.pk).entered_at.date() == day
    assert StatusChange.objects.filter(lead=deal.pk).first().at.date() == day


def test_what_another_system_closed_needs_neither_day_nor_reason(deal, alice):
    other = DealFactory()
    rows = [DealClosing(deal.pk, "lost"), DealClosing(other.pk, "won")]
    assert record_closings(rows, by=alice) == []
    assert set(Lead.objects.values_list("outcome", "closed_on")) == {("lost", None), ("won", None)}
    assert not StageChange.objects.filter(left_at=None).exists()


def test_without_a_day_a_dated_closing_is_on_its_date(deal, alice):
    at = timezone.now() - timedelta(days=2)
    close_deals([DealClosing(deal.pk, "won", at=at)], by=alice)
    assert Lead.objects.get(pk=deal.pk).closed_on == at.date()
    assert StageChange.objects.filter(deal=deal).last().left_at == at


def test_twenty_closings_cost_as_many_statements_as_one(alice):
    deals = [DealFactory() for _ in range(21)]

    def lose(some):
        return lambda: close_deals(
            [DealClosing(deal.pk, "lost", reason_key="price") for deal in some], by=alice
        )

    one = statements_of(lose(deals[:1]))
    assert statements_of(lose(deals[1:])) == one


def test_a_reopened_deal_goes_on_in_its_stage_without_the_facts_of_its_closing(deal, alice):
    lose_deal(deal, reason=reason(), by=alice)
    deal = reopen_deal(deal, to=stage("discovery"), by=alice)

    lead, last = Lead.objects.get(pk=deal.pk), StageChange.objects.filter(deal=deal).last()
    assert (lead.outcome, lead.closed_on) == ("open", None)
    assert (last.from_stage.key, last.to_stage.key, last.left_at) == ("demo", "discovery", None)
    assert (deal.confidence, deal.stage.key, deal.reopened_at) == (20, "discovery", last.entered_at)
    assert (deal.lost_reason, deal.lost_note, deal.closed_owner, deal.close_band) == (None, "", None, None)


def test_after_reopening_key_activities_count_anew(deal, alice):
    ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"), occurred_at=timezone.now())
    lose_deal(deal, reason=reason(), by=alice)
    assert reopen_deal(deal, to=stage("demo"), by=alice).confidence == 40


def test_a_value_set_by_hand_survives_closing_and_reopening(deal, alice):
    set_confidence(deal, 77, reason="Word from their board", by=alice)
    win_deal(deal, by=alice)
    deal = reopen_deal(deal, to=stage("demo"), by=alice)
    assert (deal.confidence, deal.confidence_source) == (77, "manual")


def test_requalifying_a_disqualified_new_lead_enters_it(alice):
    lead = LeadFactory()
    close_lead(lead, "disqualified", reason="Wrong number", by=alice)
    reopen_lead(lead, by=alice)
    interval = StageChange.objects.get(deal=lead.pk)
    assert (interval.from_stage, interval.to_stage.key) == (None, "qualify")


def test_an_open_deal_and_a_foreign_stage_are_refused(deal, alice):
    with pytest.raises(LeadOpen, match="is open already"):
        reopen_deal(deal, to=stage("demo"), by=alice)
    win_deal(deal, by=alice)
    with pytest.raises(WrongPipeline):
        reopen_deal(deal, to=StageFactory(), by=alice)
    assert Lead.objects.get(pk=deal.pk).outcome == "won"


def test_twenty_reopenings_cost_as_many_statements_as_one(alice):
    deals = [DealFactory() for _ in range(21)]
    record_closings([DealClosing(deal.pk, "won") for deal in deals], by=alice)
    target = stage("demo").pk

    def reopen(some):
        return lambda: reopen_deals([Reopening(deal.pk, target) for deal in some], by=alice)

    one = statements_of(reopen(deals[:1]))
    assert statements_of(reopen(deals[1:])) == one


@time_machine.travel(datetime(2026, 3, 1, 23, 30, tzinfo=UTC), tick=False)
def test_days_are_those_of_the_organisation(alice):
    Organisation.objects.update(time_zone="Asia/Tokyo")
    deal = DealFactory()
    win_deal(deal, by=alice)
    assert Lead.objects.get(pk=deal.pk).closed_on == date(2026, 3, 2)
    assert ConfidenceChange.objects.filter(deal=deal).count() == 0
