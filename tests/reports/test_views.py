"""The pages, lists and downloads: the numbers fit together, and a bad address gets a sentence."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from leads.models import Lead, Organisation, User
from pipeline.models import Deal
from tests.factories import CampaignFactory, CompanyFactory, SourceFactory
from tests.factories_pipeline import TargetFactory
from tests.reports.facts import LOST, WON, Fact, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 10)
BOOK = [
    Fact(outcome=WON, closed_on=date(2026, 5, 2), value=Decimal(4000), closed_owner=0),
    Fact(expected_close_on=JULY, value=Decimal(10_000), confidence=20),
    Fact(expected_close_on=date(2026, 6, 1), value=Decimal(500)),
    Fact(value=Decimal(700)),
    Fact(outcome=LOST, value=Decimal(3000), reason="price", stages=("qualify", "demo")),
    Fact(expected_close_on=JULY, currency="CHF"),
]


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator; the answer is its text."""
    write(BOOK, people)
    client.force_login(admin)

    def open_page(address, expect=200, **headers):
        response = client.get(address, headers=headers)
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_the_forecast_shows_its_figures_and_what_stands_beside_them(look):
    page = look("/reports/forecast/")
    assert "€6,000" in page  # 4,000 won and 2,000 of 10,000 at 20 %
    for words in (
        "1 overdue deal, €500 (€250 weighted)",
        "1 deal without a date, €700 (€350 weighted)",
        "1 lost deal, date unknown",
        "1 deal worth CHF 1,000 without an exchange rate",
        "No target is set",
        "treats deals as independent",
    ):
        assert words in page
    assert "€14,000" in look("/reports/forecast/?weighted=false")


def test_a_fragment_is_the_page_without_its_frame(look):
    fragment = look("/reports/forecast/", **{"HX-Request": "true"})
    assert 'id="forecast"' in fragment
    assert "<html" not in fragment


def test_the_gap_to_the_target_says_what_would_fill_it(look):
    TargetFactory(month=date(2026, 7, 1), amount=Decimal(16_000))
    page = look("/reports/forecast/")
    assert "<b>€10,000 short</b> of €16,000" in page
    assert "<b>€50,000 of new pipeline</b>: about 5 deals of today’s average €10,000" in page
    assert "about <b>3 new leads</b> (100 % of the leads closed" in page


def test_a_target_without_a_rate_is_named(look):
    TargetFactory(month=date(2026, 7, 1), currency="CHF")
    assert "the target of CHF 20,000 for Jul 2026, without an exchange rate" in look("/reports/forecast/")


@pytest.mark.parametrize(
    ("asked", "sums"),
    [
        ("show=won", "1 deal · €4,000"),
        ("show=open&period=2026-07", "1 deal · €10,000 · €2,000 with open ones by confidence"),
        ("show=deals", "2 deals · €14,000 · €6,000 with open ones by confidence"),
        ("show=overdue", "1 deal · €500"),
        ("show=undated", "1 deal · €700"),
        ("show=lost_undated", "1 deal · €3,000"),
        ("show=unconverted", "1 deal · €0"),
        ("show=won&period=2026-07", "There is no such deal"),
    ],
)
def test_each_number_of_the_forecast_opens_its_deals(look, asked, sums):
    assert sums in look(f"/reports/forecast/deals/?{asked}")


def test_a_list_turns_its_pages_and_forgives_a_page_that_is_none(look, people):
    write([Fact(expected_close_on=JULY)] * 60, people)
    assert "1–50 of 61" in look("/reports/forecast/deals/?show=open")
    assert "51–61 of 61" in look("/reports/forecast/deals/?show=open&page=2")
    assert "51–61 of 61" in look("/reports/forecast/deals/?show=open&page=99")
    assert "1–50 of 61" in look("/reports/forecast/deals/?show=open&page=x")


def test_the_csv_has_the_same_figures_to_the_cent(look):
    rows = list(csv.DictReader(look("/reports/forecast/csv/").splitlines()))
    by_name = {row["Period"]: row for row in rows}
    assert (by_name["Jul 2026"]["Open"], by_name["Jul 2026"]["Weighted"]) == ("10000.00", "2000.00")
    assert (by_name["Total"]["Won"], by_name["Total"]["Expected"]) == ("4000.00", "6000.00")
    assert by_name["Overdue"]["Open"] == "500.00"
    assert (by_name["No exchange rate"]["Currency"], by_name["No exchange rate"]["Open"]) == (
        "CHF",
        "1000.00",
    )


def test_deals_stand_in_categories_by_confidence_and_by_hand(look, people):
    for value, confidence, by_hand in [(100, 85, ""), (150, 20, "best_case"), (200, 10, ""), (70, 5, "")]:
        deal = write([Fact(expected_close_on=JULY, value=Decimal(value), confidence=confidence)], people)[0]
        Deal.objects.filter(pk=deal.pk).update(category_by_hand=by_hand)
    page = look("/reports/forecast/?start=2026-07-01&end=2026-07-31")
    for words in ("Commit forecast", "€100", "€250", "€10,450"):
        assert words in page
    assert "1 deal · €150" in look("/reports/forecast/deals/?show=best_case")
    assert "1 deal · €70" in look("/reports/forecast/deals/?show=omitted")


def test_the_forecast_is_split_and_each_part_opens_its_deals(look, people):
    alice, _, charlie = people
    write([Fact(outcome=WON, closed_on=date(2026, 5, 9), owner=2, closed_owner=2, value=Decimal(50))], people)
    page = look("/reports/forecast/")
    assert "Alice Abel" in page
    assert "By rep" in page
    assert "1 deal · €50" in look(f"/reports/forecast/deals/?show=won&slice={charlie.pk}")
    assert "1 deal · €4,000" in look(f"/reports/forecast/deals/?show=won&split=team&slice={alice.team_id}")
    for split in ("product_line", "product", "stage", "source", "campaign"):
        assert "Won" in look(f"/reports/forecast/?split={split}")
    assert "2 deals · €4,050" in look("/reports/forecast/deals/?show=won&split=source&slice=none")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("source=Fair", "€1,000"), ("campaign=Spring", "€1,000"), ("currency=CHF", "CHF 1,000 without an")],
)
def test_source_campaign_and_currency_are_filters(look, people, asked, expected):
    write([Fact(expected_close_on=JULY, value=Decimal(5000), confidence=20)], people)
    lead = Lead.objects.latest("pk")
    Lead.objects.filter(pk=lead.pk).update(
        source=SourceFactory(name="Fair"), campaign=CampaignFactory(name="Spring")
    )
    page = look(f"/reports/forecast/?{asked}")
    assert expected in page
    assert "€3,000" not in page


def test_the_workbook_has_the_figures_and_no_formula(client, admin, people):
    write(BOOK, people)
    User.objects.filter(pk=people[0].pk).update(first_name='=HYPERLINK("x")', last_name="")
    client.force_login(admin)
    answer = client.get("/reports/forecast/xlsx/")
    sheet = load_workbook(BytesIO(answer.content)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert next(row for row in rows if row[0] == "Total")[5] == 4000
    assert any(row[0] == 'Rep: =HYPERLINK("x")' for row in rows)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n", "d"}


def test_the_deals_behind_a_number_come_as_a_csv_without_formulas(look, people):
    deal = write([Fact(expected_close_on=JULY)], people)[0]
    company = CompanyFactory(name="=cmd|' /C calc'!A0")
    Lead.objects.filter(pk=deal.pk).update(company=company)
    rows = list(csv.DictReader(look("/reports/forecast/deals/csv/?show=open").splitlines()))
    assert {row["Value"] for row in rows} == {"10000.00", "1000.00"}
    assert f"'{company.name}" in {row["Company"] for row in rows}


def test_the_funnel_shows_its_stages_and_the_costliest_leak(look):
    page = look("/reports/funnel/")
    assert "The costliest leak is Demo." in page
    assert "1 lead worth €3,000 was lost there. 1 of them: “Price”." in page
    assert "50.00 %" in page
    assert "Where value goes" in look("/reports/funnel/?measure=value")


@pytest.mark.parametrize(
    ("asked", "title", "sums"),
    [
        ("passed=lost&stage=demo&reason=price", "Lost, Demo, Price", "1 deal · €3,000"),
        ("passed=entered&stage=qualify", "Entered, Qualify", "6 deals"),
        ("passed=won", "Won", "1 deal · €4,000"),
        ("passed=here", "Still here", "4 deals"),
    ],
)
def test_each_number_of_the_funnel_opens_its_deals(look, asked, title, sums):
    page = look(f"/reports/funnel/deals/?{asked}")
    assert f"<h1>{title}</h1>" in page
    assert sums in page


def test_the_funnels_csv_has_a_row_for_each_stage(look):
    rows = list(csv.DictReader(look("/reports/funnel/csv/").splitlines()))
    assert [row["Stage"] for row in rows] == [
        *("Qualify", "Discovery", "Demo", "Proposal", "Negotiation"),
        "All stages",
    ]
    assert (rows[2]["Lost"], rows[2]["Lost value"], rows[2]["First reason"]) == ("1", "3000.00", "Price")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("forecast/?start=soon", "“soon” is not a date. Write it as 2026-10-31."),
        ("forecast/?start=2026-02-31", "There is no 31 February. The last day is 28 Feb 2026."),
        ("forecast/?start=2026-13-01", "There is no month 13."),
        ("forecast/?start=0001-01-01", "1 is too far away."),
        ("forecast/?start=2026-02-01&end=2026-01-01", "before it begins on 2026-02-01"),
        ("forecast/?start=2000-01-01&end=2099-12-31", "A report covers at most 5 years."),
        ("forecast/?owner=zoe", "There is no owner “zoe”"),
        ("forecast/?team=%00", "There is no team"),
        ("forecast/?product_line=None", "There is no product line “None”"),
        ("forecast/?source=Nowhere", "There is no source “Nowhere”"),
        ("forecast/?campaign=None", "There is no campaign “None”"),
        ("forecast/?currency=euro", "“euro” is no currency."),
        ("forecast/?split=city", "“city” is not known here."),
        ("forecast/xlsx/?by=year", "“year” is not known here."),
        ("forecast/deals/?slice=x", "There is no such row."),
        ("forecast/deals/csv/?show=all", "“all” is not known here."),
        ("forecast/?by=year", "“year” is not known here. Choose month or quarter."),
        ("forecast/?weighted=maybe", "Choose true or false."),
        ("forecast/csv/?by=year", "“year” is not known here."),
        ("forecast/deals/?show=all", "“all” is not known here."),
        ("forecast/deals/?period=2026", "There is no month “2026” in this forecast."),
        ("funnel/?pipeline=nowhere", "There is no pipeline “nowhere”"),
        ("funnel/?cohort=closed", "Choose created or entered."),
        ("funnel/csv/?start=x", "“x” is not a date."),
        ("funnel/deals/?stage=signing", "Sales has no stage “signing”."),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(f"/reports/{address}", expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


def test_another_reps_name_is_unknown_to_a_rep(client, alice, people):
    client.force_login(alice)
    assert client.get("/reports/forecast/?owner=alice").status_code == 200
    assert "There is no owner" in client.get("/reports/forecast/?owner=charlie").content.decode()


@pytest.mark.parametrize("name", ["forecast/", "forecast/deals/", "funnel/", "funnel/deals/"])
def test_a_page_costs_at_most_ten_statements_however_many_deals(client, manager, people, name):
    TargetFactory(month=date(2026, 7, 1), team=people[0].team, amount=Decimal(900_000))
    Organisation.objects.get_or_create(pk=1)
    client.force_login(manager)
    write(BOOK, people)
    few = statements_of(lambda: client.get(f"/reports/{name}"))
    write(BOOK * 5, people)
    assert statements_of(lambda: client.get(f"/reports/{name}")) == few <= 15
