"""The page, files, lists and API of the funnel: the same numbers in all; bad addresses get sentences."""

import csv
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from leads.models import Source
from leads.organisation import organisation, remembered
from pipeline.models import Pipeline
from reports.findings.funnel import funnel_finding
from reports.forms.funnel import FunnelForm
from reports.funnel import FunnelQuery, funnel
from tests.api import program_of
from tests.factories import TeamFactory
from tests.factories_pipeline import StageFactory
from tests.reports.facts import DISQUALIFIED, LOST, WON, Fact, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2026, 5, 10), date(2026, 6, 10)
BOOK = [
    Fact(outcome=WON, created=MAY, source="Fair", value=Decimal(4000), closed_owner=0, stages=("demo",)),
    Fact(outcome=LOST, created=MAY, source="Fair", value=Decimal(900), reason="price", stages=("demo",)),
    Fact(outcome=LOST, created=JUNE, source="Web", value=Decimal(300), reason="timing", stages=("qualify",)),
    Fact(outcome=LOST, created=JUNE, source="Web", value=Decimal(200), reason="price", stages=("qualify",)),
    Fact(outcome=DISQUALIFIED, created=JUNE, role="user", value=Decimal(100), stages=("qualify",)),
    Fact(created=JUNE, pain="Slow", value=Decimal(50), stages=("proposal",)),
]
COMPARED = "start=2026-06-01&end=2026-06-30&against=previous"


@pytest.fixture
def look(client, admin, people):
    """Opens an address of the funnel as the administrator; the answer is its text."""
    write(BOOK, people)
    client.force_login(admin)

    def open_page(address, expect=200):
        response = client.get(f"/reports/funnel/{address}")
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def table(look, asked):
    return list(csv.DictReader(look(f"csv/?{asked}").splitlines()))


def test_reasons_stand_at_each_stage(look):
    rows = table(look, "table=reasons")
    assert [(row["Stage"], row["Reason"], row["Lost"], row["Lost value"]) for row in rows] == [
        ("Qualify", "Disqualified", "1", "100.00"),
        ("Qualify", "Price", "1", "200.00"),
        ("Qualify", "Timing", "1", "300.00"),
        ("Demo", "Price", "1", "900.00"),
        ("All stages", "Price", "2", "1100.00"),
        ("All stages", "Disqualified", "1", "100.00"),
        ("All stages", "Timing", "1", "300.00"),
    ]
    assert "Why they were lost, stage by stage" in look("")


def test_months_and_parts_stand_in_page_file_and_api_alike(look, admin):
    months, parts = table(look, "table=months"), table(look, "table=parts&split=source")
    assert [(row["Month"], row["Entered"], row["Won"], row["Won value"]) for row in months] == [
        ("May 2026", "2", "1", "4000.00"),
        ("Jun 2026", "4", "0", "0.00"),
        ("All", "6", "1", "4000.00"),
    ]
    assert {row["Source"]: row["Win rate"] for row in parts} == {
        "Fair": "0.5",
        "Web": "0.0",
        "No source": "",
        "All": "0.25",
    }
    answer = program_of(admin).get("/reports/funnel", split="source")
    for rows, name in ((months, "months"), (parts, "parts")):
        found = [[part["name"], str(part["entered"]), part["value"]["entered"]] for part in answer[name]]
        assert found == [[*[*row.values()][:2], row["Entered value"]] for row in rows[:-1]]
    page = look("?split=source")
    for words in ("May 2026", "By source", "No source", "50.0 %", "€4,900"):
        assert words in page


@pytest.mark.parametrize(
    ("asked", "title", "sums"),
    [
        ("passed=lost&stage=qualify&reason=price", "Lost, Qualify, Price", "1 deal · €200"),
        ("passed=entered&period=2026-05", "Entered, May 2026", "2 deals · €4,900"),
        ("passed=lost&period=2026-06&source=Web", "Lost, Jun 2026", "2 deals · €500"),
        ("passed=entered&split=source&slice=none", "Entered, No source", "2 deals · €150"),
        ("passed=here&split=pain&slice=Slow", "Still here, Slow", "1 deal · €50"),
        ("passed=entered&split=role&slice=user", "Entered, Will use it", "1 deal · €100"),
        ("passed=entered&split=band&slice=none", "Entered, Not scored then", "6 deals"),
        ("passed=entered&band=none", "Entered", "6 deals"),
        ("passed=entered&band=hot", "Entered", "There is no such deal"),
        ("passed=entered&split=owner&slice=987654321987654321", "Entered, one rep", "There is no such deal"),
        ("passed=entered&split=owner&slice=%27", "Entered, one rep", "There is no such deal"),
        ("passed=entered&split=source&slice=~others", "Entered, all others", "There is no such deal"),
        (f"{COMPARED}&passed=won&side=theirs", "Won, May 2026", "1 deal · €4,000"),
        (f"{COMPARED}&passed=lost&side=ours", "Lost", "3 deals · €600"),
    ],
)
def test_each_number_opens_its_deals(look, asked, title, sums):
    page = look(f"deals/?{asked}")
    assert f"<h1>{title}</h1>" in page
    assert sums in page
    number = 0 if sums == "There is no such deal" else int(sums.split()[0])
    assert len(look(f"deals/csv/?{asked}").splitlines()) == number + 1


def test_a_part_is_a_filter_of_the_whole_funnel(look):
    assert "Nothing was lost" in look("?pain=Slow")
    assert 'href="?split=source&amp;source=Fair"' in look("?split=source")
    assert 'href="?split=role&amp;role=user"' in look("?split=role")
    page = look("?source=Fair")
    assert "The costliest leak is Demo." in page
    assert "All but Fair" in page


def test_two_periods_stand_side_by_side(look, admin):
    page = look(f"?{COMPARED}")
    assert "Jun 2026 against May 2026" in page
    assert "too few to tell" in page
    rows = {row["Share"]: row for row in table(look, f"{COMPARED}&table=comparison")}
    assert (rows["Qualify"]["Jun 2026: part"], rows["Qualify"]["Jun 2026: whole"]) == ("1", "4")
    assert (rows["Qualify"]["May 2026: share"], rows["Qualify"]["Difference"]) == ("1.0", "-0.75")
    assert table(look, "table=comparison") == []
    answer = program_of(admin).get(
        "/reports/funnel", start="2026-06-01", end="2026-06-30", against="previous"
    )
    assert (answer["comparison"]["ours"], answer["comparison"]["theirs"]) == ("Jun 2026", "May 2026")
    qualify = answer["comparison"]["stages"][0]
    assert (qualify["ours"]["share"], qualify["theirs"]["share"], qualify["chance"]) == (0.25, 1.0, None)
    assert qualify["ours"]["low"] == pytest.approx(0.0456, abs=1e-4)


def test_the_answers_of_the_api_add_up(look, admin):
    answer = program_of(admin).get("/reports/funnel")
    for stage in answer["stages"]:
        assert stage["entered"] == stage["lost"] + stage["here"] + stage["advanced"]
        assert sum(reason["deals"] for reason in stage["reasons"]) == stage["lost"]
        value = {name: Decimal(amount) for name, amount in stage["value"].items()}
        assert value["entered"] == value["lost"] + value["here"] + value["advanced"]
    for name in ("months", "parts"):
        assert sum(part["entered"] for part in answer[name]) == answer["entered"] == 6
    assert answer["stages"][0]["median_days"] == answer["stages"][0]["p90_days"] == 1.0
    assert (answer["split"], answer["currency"], answer["comparison"]) == ("band", "EUR", None)


def test_stays_stand_in_the_file(look):
    rows = table(look, "")
    assert (rows[0]["Median days"], rows[0]["90th percentile days"]) == ("1.0", "1.0")
    assert (rows[0]["Advanced of entered"], rows[0]["Won of entered"]) == ("0.5", "0.1667")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_is_text(client, admin, people, kind):
    write(BOOK, people)
    Source.objects.filter(name="Fair").update(name="=1+1")
    client.force_login(admin)
    answer = client.get(f"/reports/funnel/{kind}/?table=parts&split=source")
    if kind == "csv":
        assert b"'=1+1" in b"".join(answer.streaming_content)
        return
    sheet = load_workbook(BytesIO(answer.content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?start=2026-02-01&end=2026-01-01", "before it begins on 2026-02-01"),
        ("?start=0001-01-01", "1 is too far away."),
        ("?owner=nobody", "There is no owner “nobody”"),
        ("?team=Nowhere", "There is no team “Nowhere”"),
        ("?band=lukewarm", "There is no band “lukewarm”"),
        ("?role=queen", "There is no role “queen”"),
        ("?split=city", "“city” is not known here."),
        ("csv/?table=all", "“all” is not known here."),
        ("xlsx/?against=previous", "Choose a first and a last day"),
        ("?against=source:Web", "Filter by source first"),
        ("deals/?period=2026-13", "That is no month. Write it as 2026-10."),
        ("deals/?side=both", "“both” is not known here."),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(address, expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


def test_a_century_is_answered_like_any_time(admin, people):
    write(BOOK, people)
    program = program_of(admin)
    assert program.get("/reports/funnel", start="2000-01-01", end="2099-12-31") == program.get(
        "/reports/funnel"
    )


def test_an_empty_team_and_a_currency_without_a_rate(look, admin, people):
    TeamFactory(name="Empty")
    assert FunnelForm({"team": "Empty"}, user=admin).is_valid() is False  # nobody is in it to be seen
    assert "No lead has entered this pipeline" in look("?currency=CHF")
    write([Fact(outcome=LOST, currency="CHF")], people)
    page = look("?currency=CHF")
    assert "1 deal without an exchange rate counts without a value" in page
    assert "Most are lost in <b>Qualify</b>: 1 lead, 100 % of those that entered." in page


def test_a_manager_gets_their_teams_figures_only(client, manager, people):
    write([Fact(owner=0), Fact(owner=2)], people)
    client.force_login(manager)
    assert client.get("/reports/funnel/?owner=charlie").status_code == 422
    program = program_of(manager)
    answer = program.get("/reports/funnel", split="owner")
    assert [(part["name"], part["entered"]) for part in answer["parts"]] == [("Alice Abel", 1)]
    program.get("/reports/funnel", owner="charlie", expect=422)


@pytest.mark.parametrize(
    "asked", [f"?split={split}" for split in ("band", "source", "owner", "role", "pain")] + [f"?{COMPARED}"]
)
def test_a_page_costs_as_many_statements_for_many_deals_as_for_few(client, manager, people, asked):
    client.force_login(manager)
    write(BOOK, people)
    few = statements_of(lambda: client.get(f"/reports/funnel/{asked}"))
    write(BOOK * 5, people)
    assert statements_of(lambda: client.get(f"/reports/funnel/{asked}")) == few


@pytest.mark.parametrize("asked", [{}, {"start": "2026-06-01", "end": "2026-06-30", "against": "previous"}])
def test_the_report_itself_costs_at_most_ten_statements(admin, people, asked):
    write(BOOK, people)
    form = FunnelForm(asked, user=admin)
    assert form.is_valid()
    with remembered():
        organisation()
        assert statements_of(form.report) <= 10


def said(user, **asked):
    pipeline = Pipeline.objects.get(key=asked.get("pipeline", "default"))
    return funnel_finding(funnel(user, FunnelQuery(pipeline))).replace("\N{NO-BREAK SPACE}", " ")


def test_the_leak_is_where_most_value_is_lost_and_by_number_where_most_leads_are(admin, people):
    write(BOOK, people)
    assert said(admin) == (
        "<b>The costliest leak is Demo.</b> 1 lead worth €900 was lost there. 1 of them: “Price”. "
        "By number it is <b>Qualify</b>: 3 leads, 50 % of those that entered. 1 of them: “Disqualified”."
    )


def test_the_mean_of_a_leak_counts_only_deals_that_have_a_value(admin, people):
    write([Fact(outcome=LOST, value=amount) for amount in (Decimal(300), Decimal(100), None)], people)
    assert "3 leads worth €400 were lost there, €200 each; 1 of them without a value." in said(admin)


def test_a_leak_without_any_value_is_told_by_number(admin, people):
    write([Fact(outcome=LOST, value=None)] * 2, people)
    assert said(admin) == "Most are lost in <b>Qualify</b>: 2 leads, 100 % of those that entered."


def test_equal_numbers_are_no_second_leak(admin, people):
    write([Fact(outcome=LOST, value=Decimal(10))], people)
    write([Fact(outcome=LOST, value=Decimal(90), stages=("demo",))], people)
    assert said(admin) == "<b>The costliest leak is Demo.</b> 1 lead worth €90 was lost there."


def test_without_losses_nothing_leaks(admin, people):
    write([Fact(outcome=WON), Fact()], people)
    assert said(admin) == "<b>Nothing was lost</b> of the 2 leads that entered."


def test_a_pipeline_of_one_stage_leaks_there(admin, people):
    pipeline = Pipeline.objects.create(key="short", name="Short", is_default=False)
    StageFactory(pipeline=pipeline, key="only", name="Only", order=1)
    write([Fact(outcome=LOST, stages=("only",)), Fact(outcome=WON, stages=("only",))], people)
    assert said(admin, pipeline="short") == (
        "<b>The costliest leak is Only.</b> 1 lead worth €1,000 was lost there."
    )
