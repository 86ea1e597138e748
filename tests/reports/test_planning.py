"""Coverage counted back by hand; accuracy from snapshots; a movement that adds up, whatever moves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead, Organisation
from pipeline.models import Deal
from reports.accuracy import AccuracyQuery, accuracy, snapshot_days
from reports.coverage import CoverageQuery, coverage
from reports.models import ForecastSnapshot
from reports.movement import Moved, movement
from reports.periods import Span
from reports.scope import Scope
from reports.snapshots import take_snapshot
from tests.api import program_of
from tests.factories_pipeline import ExchangeRateFactory, TargetFactory
from tests.reports.facts import LOST, TODAY, WON, Fact, facts, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

JUNE = Span(date(2026, 6, 1), date(2026, 6, 30))
WEEK = timedelta(days=7)
LATER = date(2026, 6, 25)


def covered(user, need=None, **scope):
    return coverage(user, CoverageQuery(JUNE.start, JUNE.end, need and Decimal(need), **scope))


def won(value, days, on=date(2026, 3, 31)):
    """A deal that took so many days."""
    return Fact(outcome=WON, closed_on=on, value=Decimal(value), created=on - timedelta(days=days))


def test_twenty_thousand_this_month_counted_back(admin, people):
    write(
        [
            won(4_000, 3, on=date(2026, 6, 5)),
            *[won(4_000, 50)] * 3,
            *[Fact(outcome=LOST, closed_on=date(2026, 2, 1))] * 4,
            Fact(outcome="disqualified", closed_on=date(2026, 2, 1)),
            Fact(outcome="disqualified", closed_on=date(2026, 2, 1)),
            Fact(expected_close_on=LATER, value=Decimal(10_000), confidence=20),
            Fact(expected_close_on=date(2026, 6, 1), value=Decimal(900)),
        ],
        people,
    )
    found = covered(admin, 20_000)
    assert (found.figures.won, found.figures.weighted, found.gap) == (4_000, 2_000, 14_000)
    assert (found.pipeline_by_confidence, found.pipeline_by_win_rate) == (70_000, 28_000)  # 20 %, 4 of 8
    assert found.new_leads == 9  # 14,000 / (4,000 x 4 of 10)
    assert (found.record.cycle, found.days_left) == (timedelta(days=50), 15)
    assert found.leads_in_time == 36  # one of four was that quick
    assert round(found.times, 3) == Decimal("0.625")


def test_what_is_covered_has_no_gap_and_nothing_measured_is_none(admin, people):
    write([Fact(expected_close_on=LATER, confidence=50)], people)
    found = covered(admin, 400)
    assert (found.gap, found.new_leads, found.record.win_rate, found.record.cycle) == (0, None, None, None)


def test_without_a_figure_the_target_counts_and_one_without_a_rate_is_listed(admin, people):
    assert covered(admin).need is None
    TargetFactory(month=JUNE.start, amount=Decimal(700))
    assert covered(admin).need == 700
    TargetFactory(month=JUNE.start, owner=people[0], currency="CHF")
    found = covered(admin, owner=people[0])
    assert (found.need, [target.currency for target in found.unconverted_targets]) == (None, ["CHF"])


def test_a_deal_won_before_it_was_created_took_no_time(admin, people):
    write([won(100, -40)], people)
    assert covered(admin, 500).record.cycle == timedelta()


def snapshots(people, *facts, day=date(2026, 6, 8)):
    """Deals as they were on a day."""
    deals = write(list(facts), people)
    take_snapshot(day)
    return deals


def judged(user, **asked):
    return accuracy(user, AccuracyQuery(date(2026, 5, 1), JUNE.end, **asked))


def test_a_period_is_judged_by_the_snapshot_with_which_it_began(admin, people):
    May = date(2026, 5, 20)  # noqa: N806
    (deal,) = snapshots(people, Fact(expected_close_on=May, confidence=40), day=date(2026, 4, 27))
    ForecastSnapshot.objects.create(
        taken_on=date(2026, 5, 4), deal=deal, stage=deal.stage, outcome="open", currency="EUR", confidence=90,
        value=Decimal(9_000), expected_close_on=May,
    )  # fmt: skip
    Lead.objects.filter(pk=deal.pk).update(outcome=WON, closed_on=date(2026, 5, 30))
    found = judged(admin)
    may, june = found.periods
    assert (may.taken_on, may.open, may.forecast, may.won) == (date(2026, 4, 27), 1_000, 400, 1_000)
    assert (may.error, may.error_share, may.is_over) == (-600, Decimal("-0.6"), True)
    assert (june.taken_on, june.forecast, june.error) == (date(2026, 5, 4), 0, None)
    assert found.mean_error == Decimal("0.6")


def test_a_snapshot_within_the_period_counts_what_was_won_by_then(admin, people):
    write(
        [Fact(outcome=WON, closed_on=date(2026, 6, 3)), Fact(outcome=WON, closed_on=date(2026, 6, 12))],
        people,
    )
    snapshots(people, Fact(expected_close_on=LATER), Fact(expected_close_on=date(2026, 6, 2)))
    june = judged(admin).periods[1]
    assert (june.forecast, june.open, june.won) == (1_500, 1_000, 2_000)


def test_snapshots_count_for_the_owner_of_their_day_and_at_its_rate(admin, people):
    ExchangeRateFactory(valid_from=date(2026, 1, 1), rate=Decimal("0.5"))
    ExchangeRateFactory(valid_from=date(2026, 6, 9), rate=Decimal(5))
    (deal, _) = snapshots(
        people, Fact(expected_close_on=LATER, currency="USD"), Fact(expected_close_on=LATER, currency="CHF")
    )
    Lead.objects.filter(pk=deal.pk).update(owner=people[1])
    assert judged(admin, owner=people[0]).periods[1].open == 500
    assert judged(admin, owner=people[1]).periods[1].open == 0
    assert judged(admin).unconverted == 1


def test_everything_that_moves_is_a_step_and_the_steps_add_up(admin, people):
    first, second = date(2026, 6, 8), date(2026, 6, 15)
    then = Fact(expected_close_on=LATER, value=Decimal(100))
    deals = snapshots(
        people, *[then] * 8, Fact(expected_close_on=date(2026, 7, 9), value=Decimal(60)), day=first
    )
    grown, shrunk, slipped, won_, lost, left, overdue, same, came = (deal.pk for deal in deals)
    Deal.objects.filter(pk=grown).update(value=150)
    Deal.objects.filter(pk=shrunk).update(value=70)
    Deal.objects.filter(pk=slipped).update(expected_close_on=date(2026, 7, 9))
    Deal.objects.filter(pk=overdue).update(expected_close_on=date(2026, 6, 10))
    Deal.objects.filter(pk=came).update(expected_close_on=LATER)
    Lead.objects.filter(pk=won_).update(outcome=WON, closed_on=date(2026, 6, 12))
    Lead.objects.filter(pk=lost).update(outcome=LOST, closed_on=date(2026, 6, 8))
    Lead.objects.filter(pk=left).update(status="nurturing")
    snapshots(people, Fact(expected_close_on=LATER, value=Decimal(30)), day=second)
    found = movement(admin, Scope(), JUNE, first, second)
    assert {step.moved: (step.deals, step.change) for step in found.steps} == {
        Moved.NEW: (1, 30),
        Moved.CAME: (1, 60),
        Moved.GROWN: (1, 50),
        Moved.SHRUNK: (1, -30),
        Moved.SLIPPED: (2, -200),
        Moved.WON: (1, -100),
        Moved.LOST: (1, -100),
        Moved.LEFT: (1, -100),
    }
    assert (found.start, found.end) == (800, 410)
    assert same


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=st.lists(facts(), max_size=6), after=st.lists(facts(), max_size=6))
def test_any_movement_adds_up_to_the_cent(admin, people, before, after):
    with transaction.atomic():
        ExchangeRateFactory(rate=Decimal("0.33333333"))
        deals = snapshots(people, *before, day=TODAY - WEEK)
        for deal, fact in zip(deals, after, strict=False):
            Deal.objects.filter(pk=deal.pk).update(value=fact.value, expected_close_on=fact.expected_close_on)
        snapshots(people, *after[len(deals) :], day=TODAY)
        found = movement(admin, Scope(), Span(date(2026, 6, 1), date(2026, 12, 31)), TODAY - WEEK, TODAY)
        transaction.set_rollback(True)
    assert found.start + sum(step.change for step in found.steps) == found.end
    assert found.bars[-1].until == found.end


def test_days_of_snapshots_are_found_whatever_their_number(people):
    assert snapshot_days() == []
    days = [TODAY - WEEK * number for number in (3, 2, 1)]
    for day in days:
        snapshots(people, Fact(), day=day)
    assert snapshot_days() == days


@pytest.fixture
def look(client, admin):
    client.force_login(admin)

    def open_page(address, expect=200):
        response = client.get(f"/reports/{address}")
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode("utf-8", "replace").replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_the_pages_say_it_in_a_sentence_and_open_their_deals(look, people):
    assert "No target is set" in look("coverage/")
    assert "There is nothing to compare yet" in look("accuracy/")
    snapshots(people, Fact(expected_close_on=LATER, value=Decimal(100)), day=TODAY - WEEK)
    snapshots(people, won(400, 20), day=TODAY)
    assert "€550 are missing" in look("coverage/?need=600")
    assert "Covered" in look("coverage/?need=10")
    page = look("accuracy/?by=quarter")
    assert "What moved in Apr – Jun 2026 since 8 Jun" in page
    assert "Nothing" not in look("accuracy/deals/?show=same")
    for report in ("coverage", "accuracy"):
        assert "20" in look(f"{report}/csv/")
        assert look(f"{report}/xlsx/")
    assert "Lead,Company" in look("accuracy/deals/csv/")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("coverage/?need=-1", "never below 0"),
        ("coverage/?need=" + "1" * 30, "below a million millions"),
        ("coverage/?need=NaN", "Write an amount"),
        ("coverage/?start=2026-02-01&end=2026-01-01", "before it begins"),
        ("coverage/?start=2000-01-01&end=2099-12-31", "at most 5 years"),
        ("coverage/?team=Nowhere", "There is no team"),
        ("accuracy/?since=soon", "is not a date"),
        ("accuracy/?start=1990-01-01&end=2090-01-01", "at most 5 years"),
        ("accuracy/?by=week", "is not known here"),
        ("accuracy/?start=2030-01-01", "There is"),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    is_fine = address.endswith("2030-01-01")
    assert sentence in look(address, expect=200 if is_fine else 422)


def test_a_manager_does_not_see_another_teams_plans(client, manager, people):
    write([Fact(expected_close_on=LATER, owner=2)], people)
    client.force_login(manager)
    assert "There is no team “South”" in client.get("/reports/coverage/?team=South").content.decode()
    assert coverage(manager, CoverageQuery(JUNE.start, JUNE.end, Decimal(5))).figures.deals == 0


def test_an_empty_team_is_a_report_with_nothing_in_it(look, people):
    assert "Covered" not in look("coverage/?need=5&team=South")


@pytest.mark.parametrize("name", ["coverage/?need=5000", "accuracy/"])
def test_a_page_costs_the_same_however_many_deals(look, people, name):
    def fill():
        snapshots(people, Fact(expected_close_on=LATER), won(10, 5), day=TODAY - WEEK)
        take_snapshot(TODAY)

    fill()
    look(name)
    few = statements_of(lambda: look(name))
    write([Fact(expected_close_on=LATER), won(10, 5)] * 10, people)
    assert statements_of(lambda: look(name)) == few <= 14


def test_the_api_has_the_same_figures(admin, people):
    snapshots(people, Fact(expected_close_on=LATER), day=TODAY - WEEK)
    take_snapshot(TODAY)
    program = program_of(admin)
    found = program.get("/reports/coverage", need="700", start="2026-06-01", end="2026-06-30")
    assert (found["gap"], found["weighted"], found["mean_confidence"]) == ("200.00", "500.00", 0.5)
    told = program.get("/reports/accuracy")
    assert told["periods"][-1]["period"] == "2026-06"
    assert (told["movement"]["start"], told["movement"]["steps"]) == ("1000.00", [])
    program.get("/reports/coverage", need="-1", expect=422)


def test_another_time_zone_within_the_month_moves_no_closing_day(admin, people):
    write([Fact(outcome=WON, closed_on=JUNE.end)], people)
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        Organisation.objects.update_or_create(pk=1, defaults={"time_zone": zone})
        assert covered(admin, 5).figures.won == 1_000
