"""The forecast: definitions on small cases, and any book of deals against the oracle."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Organisation
from leads.organisation import organisation
from reports.forecast import ForecastQuery, forecast
from reports.periods import By
from tests.factories import ProductLineFactory
from tests.reports import oracle
from tests.reports.facts import LOST, TODAY, WON, Fact, facts, write, write_rates
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

START, END = date(2026, 4, 1), date(2026, 9, 30)
JULY = date(2026, 7, 10)
generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(user, **asked):
    return forecast(user, ForecastQuery(**{"start": START, "end": END} | asked))


def month_of(day):
    return f"{day:%Y-%m}"


def quarter_of(day):
    return f"{day.year}-Q{(day.month + 2) // 3}"


def told(figures):
    return {name: getattr(figures, name) for name in ("won", "open", "weighted", "expected", "deals")}


@pytest.mark.parametrize(("weighted", "expected"), [(True, 2_000), (False, 10_000)])
def test_ten_thousand_at_twenty_percent_adds_two_thousand(admin, people, weighted, expected):
    write([Fact(value=Decimal(10_000), confidence=20, expected_close_on=JULY)], people)
    report = ask(admin, weighted=weighted)
    bucket = next(bucket for bucket in report.buckets if bucket.period == "2026-07")
    assert (bucket.open, bucket.weighted, bucket.expected, bucket.deals) == (10_000, 2_000, expected, 1)
    assert told(report.total) == told(bucket)


def test_won_counts_on_its_closing_day_whatever_its_status(admin, people):
    write(
        [
            Fact(outcome=WON, status="nurturing", closed_on=START),
            Fact(outcome=WON, closed_on=END + timedelta(days=1)),
        ],
        people,
    )
    report = ask(admin)
    assert (report.total.won, report.total.won_deals) == (1000, 1)
    assert report.buckets[0].won == 1000


@pytest.mark.parametrize(
    ("expected_close_on", "place"),
    [
        (TODAY, "total"),
        (TODAY - timedelta(days=1), "overdue"),
        (None, "undated"),
        (date(2020, 1, 1), "overdue"),
    ],
)
def test_open_deals_stand_in_one_place_only(admin, people, expected_close_on, place):
    write([Fact(expected_close_on=expected_close_on)], people)
    report = ask(admin)
    counts = {name: getattr(report, name).open_deals for name in ("total", "overdue", "undated")}
    assert counts == {"total": 0, "overdue": 0, "undated": 0} | {place: 1}


@pytest.mark.parametrize("status", ["new", "nurturing"])
def test_only_leads_that_are_worked_are_open_pipeline(admin, people, status):
    write([Fact(status=status, expected_close_on=JULY)], people)
    assert ask(admin).total.deals == 0


def test_closed_deals_without_a_date_stand_beside_the_forecast(admin, people):
    write([Fact(outcome=WON), Fact(outcome=WON), Fact(outcome=LOST)], people)
    report = ask(admin)
    assert (report.won_undated.won_deals, report.won_undated.won, report.lost_undated) == (2, 2000, 1)
    assert report.total.deals == 0


def test_what_no_rate_converts_is_listed_and_in_no_figure(admin, people):
    write(
        [Fact(currency="CHF", expected_close_on=JULY), Fact(currency="CHF", outcome=WON, closed_on=START)],
        people,
    )
    report = ask(admin)
    assert report.total.deals == 0
    assert [(some.currency, some.deals, some.value) for some in report.unconverted] == [("CHF", 2, 2000)]


def test_a_sum_is_rounded_once(admin, people):
    third = Fact(value=Decimal("0.01"), confidence=33, expected_close_on=JULY)
    write([third] * 3, people)
    assert ask(admin).total.weighted == Decimal("0.01")


def test_a_reassigned_lead_moves_no_past_figure(admin, people):
    alice, bob, charlie = people
    won = Fact(outcome=WON, closed_on=START, owner=2, closed_owner=0)
    write([won, Fact(expected_close_on=JULY, owner=1)], people)
    assert (ask(admin, owner=alice).total.won, ask(admin, owner=charlie).total.won) == (1000, 0)
    assert (ask(admin, owner=bob).total.won, ask(admin, owner=bob).total.open) == (0, 1000)
    assert (ask(admin, team=alice.team).total.won, ask(admin, team=charlie.team).total.won) == (1000, 0)


@pytest.mark.parametrize(
    ("who", "seen"), [("admin", 4), ("manager", 3), ("other_manager", 2), ("alice", 2), ("charlie", 2)]
)
def test_everybody_counts_what_they_see(request, people, who, seen):
    write([Fact(outcome=WON, closed_on=START, owner=owner) for owner in (0, 1, 2, None)], people)
    assert ask(request.getfixturevalue(who)).total.won_deals == seen


def test_unassigned_leads_count_for_reps_only_where_they_may_pick(alice, people):
    write([Fact(outcome=WON, closed_on=START, owner=owner) for owner in (0, None)], people)
    Organisation.objects.update(reps_may_pick=False)
    assert ask(alice).total.won_deals == 1


def test_a_product_line_counts_its_own_leads(admin, people):
    line = ProductLineFactory()
    write([Fact(expected_close_on=JULY, has_line=True), Fact(expected_close_on=JULY)], people, line)
    assert ask(admin, product_line=line).total.open_deals == 1


def test_quarters_follow_the_fiscal_year(admin, people):
    Organisation.objects.update(fiscal_year_start=4)
    write(
        [Fact(outcome=WON, closed_on=date(2026, 4, 1)), Fact(outcome=WON, closed_on=date(2026, 9, 30))],
        people,
    )
    report = ask(admin, by=By.QUARTER)
    assert [(bucket.period, bucket.won) for bucket in report.buckets] == [
        ("2027-Q1", 1000),
        ("2027-Q2", 1000),
    ]


def test_a_period_that_is_cut_counts_only_its_days(admin, people):
    write([Fact(outcome=WON, closed_on=date(2026, 5, day)) for day in (9, 10, 20, 21)], people)
    report = ask(admin, start=date(2026, 5, 10), end=date(2026, 5, 20))
    assert [(bucket.period, bucket.won_deals) for bucket in report.buckets] == [("2026-05", 2)]


@generated
@given(
    book=st.lists(facts(), max_size=12),
    by=st.sampled_from(By),
    weighted=st.booleans(),
    span=st.tuples(*[st.dates(date(2025, 11, 1), date(2027, 2, 28))] * 2).map(sorted),
)
def test_any_book_comes_out_as_counted_by_hand(admin, people, **asked):
    book, by, weighted, span = (asked[name] for name in ("book", "by", "weighted", "span"))
    with transaction.atomic():
        write_rates()
        write(book, people)
        report = forecast(admin, ForecastQuery(*span, by=by, weighted=weighted))
        transaction.set_rollback(True)
    key = quarter_of if by == By.QUARTER else month_of
    wanted = oracle.forecast(book, *span, key=key, by_confidence=weighted)
    empty = oracle.figures([], [], by_confidence=weighted)
    assert {bucket.period: told(bucket) for bucket in report.buckets if bucket.deals} == wanted["buckets"]
    assert all(told(bucket) == empty for bucket in report.buckets if not bucket.deals)
    for name in ("total", "overdue", "undated"):
        assert told(getattr(report, name)) == wanted[name], name
    assert (report.won_undated.deals, report.lost_undated) == (wanted["won_undated"], wanted["lost_undated"])
    assert {some.currency: (some.deals, some.value) for some in report.unconverted} == wanted["unconverted"]


def test_the_figures_take_one_statement_however_many_deals(admin, people):
    organisation()
    write([Fact(expected_close_on=JULY)], people)
    ask(admin)  # knows what the administrator may see from then on
    few = statements_of(lambda: ask(admin))
    write([replace(Fact(), expected_close_on=JULY + timedelta(days=day)) for day in range(20)], people)
    assert statements_of(lambda: ask(admin)) == few
