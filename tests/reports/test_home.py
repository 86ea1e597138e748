"""The month at a glance: each tile against plain Python, who lands there, and what it costs."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead, Organisation, ProductLine, User
from leads.organisation import organisation, remembered
from pipeline.models import Deal, Stage
from reports.forms.home import HomeForm
from reports.home import HomeQuery, home, rotting_deals
from tests.factories import LeadFactory, TeamFactory
from tests.factories_pipeline import TargetFactory
from tests.reports import oracle
from tests.reports.facts import LOST, NOON, TODAY, WON, Fact, facts, write, write_rates
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

JUNE = (date(2026, 6, 1), date(2026, 6, 30))
ALLOWED = 14  # days in a stage
BOOK = [
    Fact(outcome=WON, closed_on=date(2026, 6, 2), value=Decimal(4000), closed_owner=0),
    Fact(outcome=WON, closed_on=date(2026, 5, 31), value=Decimal(999), closed_owner=0),
    Fact(expected_close_on=date(2026, 6, 20), value=Decimal(10_000), confidence=20),
    Fact(expected_close_on=date(2026, 6, 1), value=Decimal(500)),
    Fact(outcome=LOST, value=Decimal(3000), reason="price", stages=("qualify", "demo")),
]


def month_of(user: User, **scope):
    return home(user, HomeQuery(TODAY, **scope))


def stand_since(deals: list[Deal], days: list[int]) -> None:
    """The deals have stood in their stage for so many days, and every stage allows the same."""
    Stage.objects.update(rot_days=ALLOWED)
    for deal, ago in zip(deals, days, strict=True):
        Deal.objects.filter(pk=deal.pk).update(stage_entered_at=NOON - timedelta(days=ago))


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator, or as `who`; the answer is its text."""
    write(BOOK, people)

    def open_page(address, expect=200, who=admin, **headers):
        client.force_login(who)
        response = client.get(address, headers=headers)
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_those_who_lead_people_land_on_the_month_and_the_others_on_their_leads(client, alice, manager, admin):
    for user, address in [(alice, "/leads/"), (manager, "/reports/"), (admin, "/reports/")]:
        client.force_login(user)
        assert client.get("/").headers["Location"] == address


def test_the_month_shows_won_expected_and_what_is_missing(look):
    TargetFactory(month=JUNE[0], amount=Decimal(8000))
    page = look("/reports/")
    for words in ("€4,000", "won of €8,000, 50 %", "€6,000", "€2,000 short", "1 overdue", "P10 – P90"):
        assert words in page
    assert "<b>€2,000 short</b> of €8,000 in Jun 2026" in page


def test_without_a_target_it_offers_to_set_one(look, alice):
    assert "Set a target" in look("/reports/")
    page = look("/reports/", who=alice)
    assert "no target is set" in page
    assert "Set a target" not in page


def test_the_costliest_leak_is_one_sentence(look):
    page = look("/reports/")
    assert (
        "<b>The costliest leak is Demo.</b> 1 lead worth €3,000 was lost there. 1 of them: “Price”." in page
    )


def test_the_worst_calibrated_stage_is_named_with_what_history_suggests(look, people):
    write([Fact(outcome=WON, closed_on=date(2026, 4, 1), created=date(2025, 12, 1))] * 30, people)
    page = look("/reports/")
    assert "<b>Qualify is furthest off.</b> Deals entered it at 50 % on average" in page
    assert "for Qualify instead of 10 %" in page


def test_an_empty_organisation_has_a_sentence_in_every_tile(client, admin):
    client.force_login(admin)
    page = client.get("/reports/").content.decode()
    for words in (
        "no target is set",
        "nothing is expected this month",
        "No deal is open.",
        "No lead has entered this pipeline in twelve months.",
        "Nobody has a capacity yet.",
        "<b>Not enough data</b>",
    ):
        assert words in page


def test_a_deal_rots_from_the_day_after_the_last_that_its_stage_allows(admin, people):
    deals = write([Fact(value=Decimal(100)), Fact(value=Decimal(10)), Fact(value=Decimal(1))], people)
    stand_since(deals, [ALLOWED, ALLOWED + 1, 90])
    rot = month_of(admin).rot
    assert (rot.deals, rot.value, rot.open_deals, rot.open_value) == (2, 11, 3, 111)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(facts(), st.integers(0, 40)), max_size=12))
def test_the_month_is_what_plain_python_counts(admin, people, book):
    with transaction.atomic():
        write_rates()
        written = [fact for fact, _ in book]
        stand_since(write(written, people), [days for _, days in book])
        found = month_of(admin)
        won = [fact for fact in written if fact.outcome == WON and is_within(fact.closed_on)]
        opened = [fact for fact in written if oracle.is_worked(fact) and is_ahead(fact.expected_close_on)]
        known = [fact for fact in won + opened if not oracle.is_foreign(fact)]
        assert found.month.figures.won == oracle.money(won)
        assert found.month.figures.weighted == oracle.weighted(opened)
        assert found.month.figures.deals == len(known)
        worked = [(fact, days) for fact, days in book if oracle.is_worked(fact)]
        rotten = [fact for fact, days in worked if days > ALLOWED]
        assert (found.rot.deals, found.rot.value) == (len(rotten), oracle.money(rotten))
        assert found.rot.open_value == oracle.money(fact for fact, _ in worked)
        assert found.rot.unconverted == sum(map(oracle.is_foreign, rotten))
        assert {deal.value for deal in rotting_deals(admin, HomeQuery(TODAY))} == {
            fact.value for fact in rotten
        }
        transaction.set_rollback(True)


def is_within(day: date | None) -> bool:
    return day is not None and JUNE[0] <= day <= JUNE[1]


def is_ahead(day: date | None) -> bool:
    return day is not None and TODAY <= day <= JUNE[1]


def give_leads(user: User, number: int, capacity: int | None, **fact) -> None:
    User.objects.filter(pk=user.pk).update(capacity=capacity)
    for _ in range(number):
        LeadFactory(owner=user, **fact)


def test_who_has_more_than_their_capacity_is_named_the_most_overloaded_first(look, alice, bob, charlie):
    Lead.objects.all().delete()
    give_leads(alice, 3, 2)
    give_leads(alice, 4, 2, status="nurturing")
    give_leads(bob, 4, 1)
    give_leads(charlie, 2, 2)
    page = look("/reports/")
    assert page.index('pl-trunc">Bob Berg</span><span') < page.index('pl-trunc">Alice Abel</span><span')
    assert (
        f'<a class="pl-link" href="/leads/?owner={bob.pk}">4 leads</a> <span class="pl-3">of 1</span>' in page
    )
    assert "2 of 3 with a capacity, 1 exactly full" in page


def test_managers_see_their_team_and_reps_themselves(look, alice, charlie, manager):
    give_leads(alice, 2, 1)
    give_leads(charlie, 2, 1)
    assert "Charlie" not in look("/reports/", who=manager)
    assert "Alice Abel</span>" in look("/reports/", who=manager)
    assert month_of(charlie).month.figures.won == 0
    assert [load.name for load in month_of(charlie).loads] == ["Charlie Cole"]


def test_a_managers_target_is_the_sum_of_their_teams(look, manager, north, south):
    TargetFactory(month=JUNE[0], amount=Decimal(5000), team=north)
    TargetFactory(month=JUNE[0], amount=Decimal(7000), team=south)
    assert "won of €5,000" in look("/reports/", who=manager)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("team=South", "There is no team “South” among those that you can see."),
        ("owner=nobody", "There is no owner “nobody” among those that you can see."),
        ("product_line=None", "There is no product line “None” among those that you can see."),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(look, manager, asked, sentence):
    for address in ("/reports/", "/reports/month/csv/", "/reports/month/deals/", "/reports/month/deals/csv/"):
        assert sentence in look(f"{address}?{asked}", expect=422, who=manager)


def test_an_empty_team_has_an_empty_month(look):
    TeamFactory(name="Nobody's")
    assert HomeForm({"team": "Nobody's"}, user=User.objects.get(username="ada")).is_valid() is False
    User.objects.filter(username="charlie").update(team=TeamFactory(name="Alone"))
    assert "No deal is open." in look("/reports/?team=Alone")


def test_filters_narrow_every_tile(look, admin, alice, bob, people):
    line = ProductLine.objects.create(name="Pumps")
    write([Fact(has_line=True, value=Decimal(70), expected_close_on=date(2026, 6, 20))], people, line)
    assert month_of(admin, product_line=line).rot.open_value == 70
    assert month_of(admin, product_line=line).month.figures.open == 70
    assert month_of(admin, owner=bob).rot.open_deals == 0
    assert month_of(admin, team=alice.team).month.figures.won == 4000


def test_the_rotting_value_opens_its_deals_and_their_file(look, people):
    deals = write([Fact(value=Decimal(70))], people)
    stand_since(deals, [50])
    assert "1 deal · €70" in look("/reports/month/deals/")
    rows = list(csv.DictReader(look("/reports/month/deals/csv/").splitlines()))
    assert [row["Converted"] for row in rows] == ["70.00"]


def test_the_file_has_the_same_figures_and_no_formula(look, alice):
    User.objects.filter(pk=alice.pk).update(first_name="=1+1", last_name="")
    give_leads(alice, 3, 1)
    rows = {row["Figure"]: row["Value"] for row in csv.DictReader(look("/reports/month/csv/").splitlines())}
    assert (rows["Won"], rows["Open, weighted"], rows["Expected"]) == ("4000.00", "2000.00", "6000.00")
    assert rows["Lost in Demo"] == "3000.00"
    assert rows["People over capacity"] == "1"
    assert not any(name.startswith("=") for name in rows)


def test_the_month_is_the_organisations(admin, people, time_machine):
    write([Fact(outcome=WON, closed_on=date(2026, 7, 1), value=Decimal(5))], people)
    time_machine.move_to(datetime(2026, 6, 30, 23, tzinfo=UTC), tick=False)
    Organisation.objects.update_or_create(pk=1, defaults={"time_zone": "Europe/Berlin"})
    form = HomeForm({}, user=admin)
    assert form.is_valid()
    assert home(admin, form.query()).month.figures.won == 5


def test_a_deal_won_before_it_was_created_counts_in_the_month_in_which_it_was_won(admin, people):
    write([Fact(outcome=WON, closed_on=date(2026, 6, 1), created=date(2026, 6, 14))], people)
    assert month_of(admin).month.figures.won == 1000


def test_twenty_deals_and_people_cost_as_many_statements_as_one(admin, people, north):
    def cost() -> int:
        with remembered():
            organisation()
            return statements_of(lambda: month_of(admin))

    admin.has_perm("leads.view_all_leads")  # read once for each request

    write(BOOK[:1], people)
    one = cost()
    write(BOOK * 4, people)
    TargetFactory(month=JUNE[0], amount=Decimal(10**9))
    give_leads(people[1], 2, 1)
    assert cost() == one
    assert one <= 15
