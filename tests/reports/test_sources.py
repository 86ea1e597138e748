"""Sources: any book of leads against the oracle, its page, lists, files and API, and what is refused."""

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Campaign, Lead, Organisation, Source
from leads.organisation import remembered
from reports.sources import CAMPAIGN, SOURCE, Grouping, SourcesQuery, shown_deals, sources
from tests.api import program_of
from tests.factories import CustomFieldFactory, TeamFactory
from tests.reports import oracle_sources
from tests.reports.facts import DISQUALIFIED, LOST, TODAY, WON, Fact, days, facts, write, write_rates
from tests.reports.pages import reader
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
CLOSED = date(2026, 6, 1)
BOOK = [
    Fact(
        outcome=WON, closed_on=CLOSED, value=Decimal(4000), closed_owner=0, source="Fair", campaign="Spring"
    ),
    Fact(outcome=LOST, closed_on=CLOSED, closed_owner=0, source="Fair", campaign="Spring"),
    Fact(source="Fair", was_qualified=True),
    Fact(source="Web", campaign="Autumn", status="new"),
    Fact(
        outcome=DISQUALIFIED, status="disqualified", closed_on=CLOSED, closed_owner=1, campaign="Spring",
        source="Web", was_qualified=True,
    ),
    Fact(outcome=WON, closed_on=CLOSED, currency="CHF", closed_owner=2),
]  # fmt: skip


def set_costs(costs=None):
    for name, (cost, currency) in (costs or oracle_sources.COSTS).items():
        Campaign.objects.update_or_create(name=name, defaults={"cost": cost, "currency": currency})


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator; the answer is its text."""
    write(BOOK, people)
    set_costs({"Spring": (Decimal(1000), ""), "Winter": (Decimal(70), "USD")})
    return reader(client, admin)


# ---- figures


bounds = st.one_of(st.none(), days)
NAMES = ("leads", "qualified", "won", "lost", "win_rate", "revenue", "cost", "returned")


def told(figures):
    days = None if figures.cycle is None else figures.cycle / timedelta(days=1)
    return {name: getattr(figures, name) for name in NAMES} | {"days": days}


@generated
@given(book=st.lists(facts(), max_size=12), start=bounds, end=bounds)
def test_any_book_comes_out_as_counted_by_hand(admin, people, book, start, end):
    with transaction.atomic():
        write_rates()
        write(book, people)
        set_costs()
        report = sources(admin, SourcesQuery(start=start, end=end))
        transaction.set_rollback(True)
    wanted = oracle_sources.sources(book, start, end)
    assert told(report.total) == wanted["total"]
    for grouping, name in ((SOURCE, "sources"), (CAMPAIGN, "campaigns")):
        lines = report.table(grouping).lines
        found = {None if line.key == "none" else line.name: told(line) for line in lines}
        assert found == wanted[name]
    assert {cost.name for cost in report.elsewhere} == wanted["elsewhere"]
    assert sum(foreign.deals for foreign in report.unconverted) == wanted["unconverted"]


def test_a_campaigns_whole_cost_counts_though_the_period_cuts_its_leads(admin, people):
    write([Fact(campaign="Spring", created=TODAY - timedelta(days=age)) for age in (0, 1, 40)], people)
    set_costs({"Spring": (Decimal(900), "EUR")})
    report = sources(admin, SourcesQuery(start=TODAY - timedelta(days=7)))
    [line] = report.table(CAMPAIGN).lines
    assert (line.cost, line.cost_per_lead, line.leads, line.of) == (900, 450, 2, 3)


def test_nothing_is_divided_by_nothing(admin, people):
    write([Fact(campaign="Gratis", status="new"), Fact(campaign="Spring", status="new")], people)
    set_costs({"Gratis": (Decimal(0), ""), "Spring": (Decimal(900), "")})
    lines = {line.name: line for line in sources(admin, SourcesQuery()).table(CAMPAIGN).lines}
    assert (lines["Gratis"].cost_per_lead, lines["Gratis"].returned) == (0, None)
    assert (lines["Spring"].cost_per_qualified, lines["Spring"].cost_per_won) == (None, None)
    assert (lines["Spring"].returned, lines["Spring"].win_rate, lines["Spring"].interval) == (-1, None, None)


def test_a_cost_without_a_rate_is_listed_and_counts_nowhere(admin, people):
    write([Fact(campaign="Alps")], people)
    set_costs({"Alps": (Decimal(500), "CHF")})
    report = sources(admin, SourcesQuery())
    assert [(cost.name, cost.paid, cost.currency) for cost in report.foreign_costs] == [("Alps", 500, "CHF")]
    assert (report.total.cost, report.table(CAMPAIGN).lines[0].cost) == (None, None)


def test_an_administrator_enters_a_cost_and_the_report_has_it(client, admin, people):
    write([Fact(campaign="Spring")], people)
    client.force_login(admin)
    address = f"/admin/leads/campaign/{Campaign.objects.get().pk}/change/"
    assert "The cost is the whole cost of the campaign." in client.get(address).content.decode()
    client.post(address, {"name": "Spring", "cost": "1250.50", "currency": ""})
    assert sources(admin, SourcesQuery()).total.cost == Decimal("1250.50")


def test_sources_share_a_campaigns_cost_by_their_leads(admin, people):
    write([Fact(campaign="Spring", source=source) for source in ("Fair", "Fair", "Fair", "Web")], people)
    set_costs({"Spring": (Decimal(1000), "")})
    lines = {line.name: line.cost for line in sources(admin, SourcesQuery()).table(SOURCE).lines}
    assert lines == {"Fair": 750, "Web": 250}


def test_days_of_creation_are_those_of_the_organisation(admin, people):
    write([Fact(created=TODAY)], people)
    Organisation.objects.update(time_zone="America/New_York")  # the evening before, there
    assert sources(admin, SourcesQuery(start=TODAY)).total.leads == 0
    assert sources(admin, SourcesQuery(end=TODAY - timedelta(days=1))).total.leads == 1


def test_a_deal_won_before_it_was_created_took_no_time(admin, people):
    write([Fact(outcome=WON, closed_on=TODAY - timedelta(days=60), created=TODAY)], people)
    assert sources(admin, SourcesQuery()).total.cycle == timedelta()


def test_custom_fields_of_words_tell_leads_apart_and_open_their_leads(admin, people):
    CustomFieldFactory(key="origin", label="Lead origin")
    deals = write([Fact(outcome=WON), Fact(outcome=LOST), Fact()], people)
    Lead.objects.filter(pk__in=[deal.pk for deal in deals[:2]]).update(attributes={"origin": "Landing page"})
    query = SourcesQuery(grouping=Grouping("lead.custom.origin", "Lead origin"))
    lines = sources(admin, query).table(query.grouping).lines
    assert [(line.key, line.name, line.leads) for line in lines] == [
        ("=Landing page", "Landing page", 2),
        ("none", "No Lead origin", 1),
    ]
    for line in lines:
        assert shown_deals(admin, query, "leads", line.key).count() == line.leads


# ---- page, lists, files


def test_the_page_says_who_brings_most_and_what_it_cost(look):
    page = look("/reports/sources/")
    assert "<b>Fair brings most</b>: 1 won of 3 leads, worth €4,000, 100 % of all revenue." in page
    assert "Spring returns +300 %." in page
    assert "Without a lead here: Winter ($70)." in page
    assert "1 lead worth CHF 1,000" in page
    campaigns = look("/reports/sources/?split=campaign")
    assert "€333" in campaigns
    assert "No campaign" in campaigns


def test_a_fragment_is_the_page_without_its_frame(look):
    fragment = look("/reports/sources/", **{"HX-Request": "true"})
    assert 'id="sources"' in fragment
    assert "<html" not in fragment


def test_numbers_open_their_leads(look):
    fair, spring = Source.objects.get(name="Fair"), Campaign.objects.get(name="Spring")
    for asked, sums in [
        ("show=leads", "6 leads · "),
        ("show=qualified", "4 leads · "),
        ("show=won", "2 leads · €4,000"),
        (f"slice={fair.pk}", "3 leads · "),
        (f"slice={fair.pk}&show=lost", "1 lead · €1,000"),
        (f"split=campaign&slice={spring.pk}&show=qualified", "2 leads · "),
        ("slice=none&show=won", "1 lead · €0"),
        ("show=unconverted", "1 lead · €0"),
    ]:
        assert sums in look(f"/reports/sources/deals/?{asked}"), asked


def test_the_files_have_every_table_to_the_cent_and_no_formula(look):
    Source.objects.filter(name="Fair").update(name="=cmd|' /C calc'!A0")
    rows = list(csv.DictReader(look("/reports/sources/csv/").splitlines()))
    found = {(row["Split"], row["Name"]): row for row in rows}
    spring = found["Campaign", "Spring"]
    assert (spring["Leads"], spring["Qualified"], spring["Won"], spring["Lost"]) == ("3", "2", "1", "1")
    assert (spring["Cost"], spring["Cost per lead"], spring["Return"]) == ("1000.00", "333.33", "3.0000")
    assert found["Source", "'=cmd|' /C calc'!A0"]["Cost"] == "666.67"
    assert found["Campaign", "No campaign"]["Cost"] == ""
    assert found["Campaign without a lead here", "Winter"]["Cost"] == "70.00"
    for split in ("Source", "Campaign"):
        assert sum(int(row["Leads"]) for row in rows if row["Split"] == split) == 6
    leads = list(csv.DictReader(look("/reports/sources/deals/csv/?show=won").splitlines()))
    assert {row["Value"] for row in leads} == {"4000.00", "1000.00"}


def test_no_lead_offers_what_there_is(client, admin):
    client.force_login(admin)
    assert "No lead arrived" in client.get("/reports/sources/").content.decode()
    assert client.get("/reports/sources/csv/").status_code == 200


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?start=2026-02-01&end=2026-01-01", "before it begins on 2026-02-01"),
        ("?start=2000-01-01&end=2099-12-31", "A report covers at most 5 years."),
        ("?owner=zoe", "There is no owner “zoe”"),
        ("?campaign=None", "There is no campaign “None”"),
        ("?split=city", "There is no split “city”"),
        ("csv/?currency=euro", "“euro” is no currency."),
        ("deals/?slice=x", "There is no such row."),
        ("deals/?slice=99999999999999999999", "There is no such row."),
        ("deals/csv/?show=all", "“all” is not known here."),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(f"/reports/sources/{address}", expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


# ---- who sees what


def test_reps_see_their_own_leads_and_managers_their_teams(client, alice, manager, people):
    write([Fact(owner=place, campaign="Spring") for place in (0, 1, 1, 2)], people)
    set_costs({"Spring": (Decimal(900), "")})
    for person, leads in ((alice, 1), (manager, 3)):
        [line] = sources(person, SourcesQuery()).table(CAMPAIGN).lines
        assert (line.leads, line.of, line.cost) == (leads, leads, 900)
    client.force_login(alice)
    assert "There is no owner" in client.get("/reports/sources/?owner=charlie").content.decode()


def test_an_empty_team_has_no_lead(client, admin, people):
    write(BOOK, people)
    team = TeamFactory(name="Nobody here")
    assert sources(admin, SourcesQuery(team=team)).total.leads == 0


def test_a_page_costs_as_many_statements_however_many_leads(client, manager, people):
    Organisation.objects.get_or_create(pk=1)
    client.force_login(manager)
    set_costs()
    for address in ("/reports/sources/", "/reports/sources/deals/"):
        write(BOOK, people)
        few = statements_of(lambda address=address: client.get(address))
        write(BOOK * 5, people)
        assert statements_of(lambda address=address: client.get(address)) == few <= 19
    with remembered():
        sources(manager, SourcesQuery())
        assert statements_of(lambda: sources(manager, SourcesQuery())) <= 10


def test_the_api_has_the_same_figures(admin, people):
    deals = write(BOOK, people)
    set_costs({"Spring": (Decimal(1000), ""), "Winter": (Decimal(70), "USD")})
    Lead.objects.filter(pk=deals[0].pk).update(created_at=datetime(2026, 5, 1, tzinfo=UTC))
    program = program_of(admin)
    answer = program.get("/reports/sources")
    spring = next(line for line in answer["campaigns"] if line["name"] == "Spring")
    assert (spring["leads"], spring["won"], spring["cost"], spring["returned"]) == (3, 1, "1000.00", 3.0)
    assert spring["interval"][0] < spring["win_rate"] == 0.5 < spring["interval"][1]
    assert answer["campaigns_without_leads"] == [{"name": "Winter", "cost": "70.00", "currency": "USD"}]
    assert answer["unconverted"] == [{"currency": "CHF", "deals": 1, "value": "1000.00"}]
    for name in ("sources", "campaigns", "split"):
        assert sum(line["leads"] for line in answer[name]) == answer["total"]["leads"] == 6
    faults = program.get("/reports/sources", expect=422, split="city")
    assert [fault["path"] for fault in faults["errors"]] == ["split"]
