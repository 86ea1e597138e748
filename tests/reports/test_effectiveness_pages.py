"""The page that asks whether scoring works: its words, lists, files, API and cost."""

import csv
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from leads.models import Lead, Organisation
from leads.organisation import remembered, today
from reports.effectiveness import effectiveness
from reports.forms.effectiveness import EffectivenessForm
from scoring.models import ScoringModel
from tests.api import program_of
from tests.factories import CompanyFactory, SourceFactory
from tests.reports.facts import LOST, WON
from tests.reports.scored_facts import Life, Scored, write_lives
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

MARCH = date(2026, 3, 31)
SCORES = (Scored(date(2026, 2, 1), 80), Scored(date(2026, 5, 10), 30))
BOOK = [
    *[Life(outcome=WON, entry=80, closed_on=MARCH, scores=SCORES[:1], filled=True)] * 15,
    *[Life(outcome=LOST, entry=80, closed_on=MARCH)] * 5,
    *[Life(outcome=WON, entry=20, closed_on=date(2026, 5, 1))] * 4,
    *[Life(outcome=LOST, entry=20, closed_on=date(2026, 5, 1))] * 16,
    Life(outcome=WON),
    Life(scores=SCORES),
    Life(),
]


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator; the answer is its text."""
    write_lives(BOOK, people)
    client.force_login(admin)

    def open_page(address="", expect=200, **headers):
        response = client.get(f"/reports/effectiveness/{address}", headers=headers)
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_the_page_shows_rates_cycles_quality_and_what_it_leaves_out(look):
    page = look()
    for words in (
        "<b>Yes: higher scores are won more often.</b>",
        "Hot: 75 % won (53.1–88.8 %, 20 closed), Cold: 20 % won (8.1–41.6 %, 20 closed).",
        "48.78 %",  # 20 of 41
        "15 computed afterwards",
        "1 had no score on entering",
        "1 closed deal</a>, 1 won and 0 lost, closed on a day that nobody knows",
        "in the win rates above, but in no cycle and nowhere over time",
        "points of 1 scored lead; mean 30",
        "Before and after is no experiment.",
        "How these figures are defined",
    ):
        assert words in page
    assert "not in this report, for it names a period" in look("?start=2026-01-01&end=2026-06-30")


def test_a_fragment_is_the_page_without_its_frame(look):
    fragment = look(**{"HX-Request": "true"})
    assert 'id="effectiveness"' in fragment
    assert "<html" not in fragment


def test_an_empty_report_says_so(client, alice):
    client.force_login(alice)
    page = client.get("/reports/effectiveness/").content.decode()
    assert "Nothing has closed here" in page
    assert "so nobody can say whether scoring works" in page


def test_a_version_shows_both_its_sides(look):
    ScoringModel.objects.update(active_from=datetime(2025, 12, 20, tzinfo=UTC))
    page = look("?window=30")
    assert "12 days on each side" not in page
    assert "30 days on each side" in page
    assert "On one side nothing has closed." in page
    assert "41 deals" in look(
        f"deals/?show=closed&version={ScoringModel.objects.get().pk}&side=after&window=30"
    )


@pytest.mark.parametrize(
    ("asked", "title", "number"),
    [
        ("show=closed", "Won and lost deals", "41 deals"),
        ("show=won&part=hot", "Won deals, Band on entering: Hot", "15 deals"),
        ("show=lost&period=2026-05", "Lost deals, May 2026", "16 deals"),
        ("show=filled", "Closed deals with scores computed afterwards", "15 deals"),
        ("show=undated", "Closed deals, date unknown", "1 deal"),
        ("show=open&period=2026-04&band_then=hot", "Open leads, Hot, at the end of Apr 2026", "1 deal"),
        ("show=unscored&period=2026-04", "Open leads not scored by then, at the end of Apr 2026", "21 deals"),
        ("show=won&split=source&part=none", "Won deals, Source: none", "20 deals"),
        ("show=won&start=2026-05-01&end=2026-05-31", "Won deals, May 2026", "4 deals"),
    ],
)
def test_each_number_opens_its_deals(look, asked, title, number):
    page = look(f"deals/?{asked}")
    assert f"<h1>{title}</h1>" in page
    assert f"{number} ·" in page


def test_lists_show_the_scores_and_mark_those_computed_afterwards(look):
    assert "computed afterwards" in look("deals/?show=won&part=hot")
    assert "computed afterwards" not in look("deals/?show=lost&part=hot")
    assert "Score then" in look("deals/?show=open&period=2026-04")


def test_a_list_says_of_which_report_it_is(look):
    assert ">Does scoring work?</a>" in look("deals/?show=won")


def test_a_list_leads_back_to_the_report_as_it_was(look):
    assert "/reports/effectiveness/?split=source&amp;by=quarter" in look(
        "deals/?split=source&by=quarter&show=won&part=none&period=2026-Q2"
    )


def test_the_csv_has_the_figures_of_the_page(look):
    rows = list(csv.DictReader(look("csv/").splitlines()))
    named = {(row["Table"], row["Name"]): row for row in rows}
    everything, hot = named["All", "All"], named["Band on entering", "Hot"]
    assert (everything["Won"], everything["Lost"], everything["Win rate"]) == ("20", "21", "0.4878")
    assert (hot["Won"], hot["Win rate"], hot["Median days won"]) == ("15", "0.75", "89.0")
    assert (hot["Interval from"], hot["Scores computed afterwards"]) == ("0.5313", "15")
    april = named["Month", "Apr 2026"]
    assert (april["Open leads at the end"], april["Sum of scores"], april["In Hot"]) == ("22", "80", "1")
    assert (april["Mean score"], april["Not scored"]) == ("80.0", "21")


def test_the_workbook_holds_no_formula(client, admin, people):
    deals = write_lives(BOOK[:2], people)
    Lead.objects.filter(pk=deals[0].pk).update(source=SourceFactory(name='=HYPERLINK("x")'))
    client.force_login(admin)
    answer = client.get("/reports/effectiveness/xlsx/?split=source")
    sheet = load_workbook(BytesIO(answer.content)).active
    assert any(row[1] == '=HYPERLINK("x")' for row in sheet.iter_rows(values_only=True))
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_the_csv_of_deals_holds_scores_and_no_formula(look, people):
    lead = Lead.objects.filter(outcome=WON).order_by("pk").first()
    Lead.objects.filter(pk=lead.pk).update(company=CompanyFactory(name="=cmd|' /C calc'!A0"))
    rows = list(csv.DictReader(look("deals/csv/?show=won&part=hot").splitlines()))
    assert {row["Score on entering"] for row in rows} == {"80"}
    assert {(row["Band on entering"], row["Scores computed afterwards"]) for row in rows} == {("Hot", "yes")}
    assert "'=cmd|' /C calc'!A0" in {row["Company"] for row in rows}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?start=2026-02-01&end=2026-01-01", "before it begins on 2026-02-01"),
        ("?start=2000-01-01&end=2099-12-31", "A report covers at most 5 years."),
        ("?start=1990-01-01", "A report covers at most 5 years."),
        ("?owner=zoe", "There is no owner “zoe”"),
        ("?team=None", "There is no team “None”"),
        ("?currency=euro", "“euro” is no currency."),
        ("?split=city", "There is no split “city”"),
        ("?by=week", "Choose month or quarter."),
        ("?window=45", "“45” is not known here. Choose 90 or 30 or 60 or 180 or 365."),
        ("csv/?by=week", "Choose month or quarter."),
        ("deals/?show=all", "“all” is not known here."),
        ("deals/?show=open", "There is no month “” in this report."),
        ("deals/?period=2020-01", "There is no month “2020-01” in this report."),
        ("deals/?show=entered", "There is no such version to compare here."),
        ("deals/?version=99999999999", "less than or equal"),
        ("deals/csv/?band_then=lukewarm", "There is no band “lukewarm”"),
        ("deals/?part=%00", "Null characters are not allowed."),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(address, expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


def test_a_manager_cannot_ask_for_another_teams_figures(client, other_manager, people):
    client.force_login(other_manager)
    assert "There is no team" in client.get("/reports/effectiveness/?team=North").content.decode()
    assert "There is no owner" in client.get("/reports/effectiveness/?owner=alice").content.decode()


def test_an_empty_team_and_a_currency_without_a_rate_have_empty_reports(look, people, south):
    assert "Nothing has closed here" in look("?team=South")
    assert "Nothing has closed here" in look("?currency=CHF")


def test_the_api_has_the_figures_of_the_page(admin, people):
    write_lives(BOOK, people)
    answer = program_of(admin).get("/reports/effectiveness", split="source")
    assert set(answer) == {
        *("total", "undated", "evidence", "bands", "split", "parts", "periods", "versions"),
    }
    total = answer["total"]
    assert (total["won"], total["lost"], round(total["win_rate"], 4)) == (20, 21, 0.4878)
    assert (total["won_cycle"]["median"], total["won_cycle"]["deals"]) == (89, 19)
    assert [(band["key"], band["outcomes"]["won"]) for band in answer["bands"]] == [
        ("hot", 15),
        ("cold", 4),
        ("none", 1),
    ]
    assert (answer["split"], [part["key"] for part in answer["parts"]]) == ("source", ["none"])
    april = next(period for period in answer["periods"] if period["period"] == "2026-04")
    assert april["quality"] == {
        "open": 22,
        "total": 80,
        "mean": 80.0,
        "bands": {"hot": 1, "warm": 0, "cold": 0, "dead": 0},
        "excluded": 0,
        "unscored": 21,
    }
    assert answer["evidence"]["auc"]["value"] > 0.5
    assert [version["before"] for version in answer["versions"]] == [None]


def test_the_api_names_the_path_of_what_is_wrong(admin):
    answer = program_of(admin).get("/reports/effectiveness", expect=422, split="city")
    assert [fault["path"] for fault in answer["errors"]] == ["split"]


@pytest.mark.parametrize("address", ["", "?split=source", "?split=pain", "deals/?show=won", "csv/"])
def test_a_page_costs_as_many_statements_for_twenty_rows_as_for_one(client, manager, people, address):
    Organisation.objects.get_or_create(pk=1)
    client.force_login(manager)
    write_lives(BOOK[:1], people)
    few = statements_of(lambda: client.get(f"/reports/effectiveness/{address}"))
    write_lives(BOOK, people)
    ScoringModel.objects.update(active_from=datetime(2025, 12, 20, tzinfo=UTC))
    many = statements_of(lambda: client.get(f"/reports/effectiveness/{address}"))
    assert many - few in (0, 1)  # one statement more where a version can be compared
    assert many <= 18


def test_the_report_itself_takes_at_most_ten_statements(admin, people):
    write_lives(BOOK, people)
    ScoringModel.objects.update(active_from=datetime.now(UTC) - timedelta(days=150))
    form = EffectivenessForm({"split": "source"}, user=admin)
    assert form.is_valid()
    with remembered():
        today()
        assert statements_of(lambda: effectiveness(admin, form.query())) <= 10
