"""Targets: spread over months, locked when these are over, set by those whose teams they are."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine
from django.test import Client

from leads.models import Organisation
from pipeline.actions import MonthLocked, NotYourTarget, TargetWrong, Wanted, Whose, set_targets
from pipeline.models import Target
from pipeline.years import months_of_year, spread, year_of
from tests.factories import UserFactory
from tests.factories_pipeline import ExchangeRateFactory, TargetFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

MAY, JUNE, JULY = (date(2026, month, 1) for month in (5, 6, 7))
YEAR = tuple(date(2026, month, 1) for month in range(1, 13))


@pytest.fixture(autouse=True)
def _the_day():
    with time_machine.travel(datetime(2026, 6, 15, 12, tzinfo=UTC), tick=False):
        yield


def amounts(**whose):
    return dict(Target.objects.filter(**whose).values_list("month", "amount"))


def put(amount, *months, whose=None, currency="EUR", by=None):
    wanted = None if amount is None else Decimal(amount)
    return set_targets([Wanted(months, wanted)], whose=whose or Whose(), currency=currency, by=by)


@pytest.mark.parametrize("whole", ["100000", "0.05", "0", "99999.99"])
def test_what_is_spread_adds_up_to_the_cent(whole):
    parts = spread(Decimal(whole), YEAR).values()
    assert sum(parts) == Decimal(whole)
    assert max(parts) - min(parts) <= Decimal("0.01")


def test_a_fiscal_year_is_named_after_the_year_in_which_it_ends():
    assert months_of_year(2027, 4)[::11] == [date(2026, 4, 1), date(2027, 3, 1)]
    assert [year_of(day, 4) for day in (date(2026, 3, 31), date(2026, 4, 1))] == [2026, 2027]
    assert months_of_year(2026, 1) == list(YEAR)


def test_a_yearly_figure_fills_the_months_that_are_left(north):
    TargetFactory(team=north, month=MAY, amount=Decimal(5_000))
    put(12_000, *YEAR, whose=Whose(north))
    assert amounts() == {MAY: 5_000} | dict.fromkeys(YEAR[5:], Decimal(1_000))


def test_a_quarter_keeps_its_months_that_are_over():
    put(900, date(2026, 4, 1), MAY, JUNE)
    assert amounts() == {JUNE: 900}


def test_saying_what_is_there_changes_nothing():
    put(700, JUNE, JULY)
    TargetFactory(month=MAY, amount=Decimal(100))
    assert put(700, JUNE, JULY) == put(100, MAY) == 0
    assert Target.objects.count() == 3


def test_none_takes_targets_out():
    put(700, JUNE, JULY)
    assert put(None, JUNE) == 1
    assert amounts() == {JULY: 350}


def test_each_change_stands_in_the_history_with_its_actor(admin):
    for amount in (100, 200, None):
        put(amount, JULY, by=admin)
    events = Target.pgh_event_model.objects.order_by("pgh_id").select_related("pgh_context")
    assert [(event.pgh_label, event.amount) for event in events] == [
        ("insert", 100),
        ("update", 200),
        ("delete", 200),
    ]
    assert {event.pgh_context.metadata["user"] for event in events} == {admin.pk}


@pytest.mark.parametrize(
    ("refused", "sentence", "given"),
    [
        (MonthLocked, "May 2026 is over", {"amount": 5, "months": [MAY]}),
        (TargetWrong, "between 0 and", {"amount": -1, "months": [JULY]}),
        (TargetWrong, "between 0 and", {"amount": "1" * 30, "months": [JULY]}),
        (TargetWrong, "between 0 and", {"amount": "NaN", "months": [JULY]}),
        (TargetWrong, "no exchange rate for “XYZ”", {"amount": 5, "months": [JULY], "currency": "XYZ"}),
        (TargetWrong, "July 2026 is given more than once", {"amount": 5, "months": [JULY, JULY]}),
        (TargetWrong, "a whole month", {"amount": 5, "months": [date(2026, 7, 2)]}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_stored(refused, sentence, given):
    with pytest.raises(refused, match=sentence):
        put(given["amount"], *given["months"], currency=given.get("currency", "EUR"))
    assert not Target.objects.exists()


def test_two_rows_for_one_month_are_refused_whole():
    rows = [Wanted((JULY,), Decimal(1)), Wanted((JUNE, JULY), Decimal(2))]
    with pytest.raises(TargetWrong, match="more than once"):
        set_targets(rows, whose=Whose(), currency="EUR", by=None)
    assert not Target.objects.exists()


def test_a_year_below_what_its_past_months_have_is_refused():
    TargetFactory(month=MAY, amount=Decimal(500))
    with pytest.raises(TargetWrong, match="already have more than 400"):
        put(400, *YEAR)


def test_a_year_in_another_currency_than_its_past_months_is_refused():
    ExchangeRateFactory()
    TargetFactory(month=MAY, amount=Decimal(500))
    with pytest.raises(TargetWrong, match="has its target in EUR"):
        put(400, *YEAR, currency="USD")
    assert put(400, JULY, currency="USD") == 1


def test_only_those_whose_team_it_is_set_targets(request, alice, bob, manager, admin):
    north, other_manager = alice.team, request.getfixturevalue("other_manager")
    for whose in (Whose(north), Whose(owner=bob)):
        for by in (alice, other_manager):
            with pytest.raises(NotYourTarget):
                put(100, JULY, whose=whose, by=by)
        assert [put(number, JULY, whose=whose, by=by) for number, by in enumerate([manager, admin])] == [1, 1]
    with pytest.raises(NotYourTarget):
        put(100, JULY, by=manager)
    assert put(100, JULY, by=admin) == 1


@pytest.fixture
def visit():
    """Opens or sends a page of targets as somebody."""

    def open_page(user, address="/targets/", sent=None, expect=200):
        client = Client()
        client.force_login(user)
        answer = client.get(address) if sent is None else client.post(address, sent)
        assert answer.status_code == expect, answer.content.decode()
        return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


@pytest.mark.usefixtures("bob", "charlie")
def test_everybody_sees_their_own_part_of_the_sheet(visit, alice, manager, admin):
    put(4_321, JULY, whose=Whose(owner=alice))
    mine, teams, everything = visit(alice), visit(manager), visit(admin)
    assert all("€4,321" in seen for seen in (mine, teams, everything))
    assert "Bob Berg" not in mine
    assert "Bob Berg" in teams
    assert "Charlie Cole" not in teams
    assert "Charlie Cole" in everything
    assert "Your manager sets your targets." in mine
    assert "Q3" in visit(admin, "/targets/?by=quarter")


def test_a_manager_saves_months_and_the_past_stays(visit, manager, north):
    TargetFactory(team=north, month=MAY, amount=Decimal(5_000))
    address = f"/targets/team-{north.pk}/2026/"
    assert "disabled" in visit(manager, address)
    visit(manager, address, {"currency": "EUR", "period-6": "700.50"}, expect=302)
    assert amounts() == {MAY: 5_000, JULY: Decimal("700.5")}
    visit(manager, address, {"currency": "EUR", "period-6": ""}, expect=302)
    assert amounts() == {MAY: 5_000}


def test_a_yearly_figure_is_spread_on_the_page(visit, admin):
    Organisation.objects.get_or_create(pk=1)
    Organisation.objects.update(fiscal_year_start=4)
    visit(admin, "/targets/organisation/2027/", {"currency": "EUR", "yearly": "10000"}, expect=302)
    assert amounts()[date(2027, 3, 1)] == 1_000
    visit(admin, "/targets/organisation/2027/?by=quarter", {"currency": "EUR", "period-3": "600"}, expect=302)
    assert amounts()[date(2027, 3, 1)] == 200


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({"period-6": "1" * 30}, 422, "below a million millions"),
        ({"period-6": "-1"}, 422, "never below 0"),
        ({"period-6": "many"}, 422, "Write an amount such as"),
        ({"period-6": "1.005"}, 422, "at most two decimals"),
        ({"period-6": "5", "currency": "euro"}, 422, "ISO code"),
        ({"period-6": "5", "currency": "XYZ"}, 409, "no exchange rate for “XYZ”"),
        ({"period-4": "5"}, 409, "May 2026 is over"),
        ({"yearly": ""}, 422, "This field is required"),
    ],
)
def test_a_bad_figure_gets_its_sentence(visit, admin, sent, status, sentence):
    seen = visit(admin, "/targets/organisation/2026/", {"currency": "EUR"} | sent, expect=status)
    assert sentence in seen
    assert not Target.objects.exists()


@pytest.mark.parametrize("key", ["team-0", "team-x", "person-999999999999999999999", "nobody", "team-1-2"])
def test_what_is_nobodys_is_not_found(visit, admin, key):
    visit(admin, f"/targets/{key}/2026/", expect=404)


def test_the_sheet_costs_the_same_however_many_targets(visit, admin, north):
    UserFactory(team=north)
    visit(admin)
    few = statements_of(lambda: visit(admin))
    for person in UserFactory.create_batch(20, team=north):
        put(1_200, *YEAR, whose=Whose(owner=person))
    assert statements_of(lambda: visit(admin)) == few
