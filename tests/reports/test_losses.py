"""Losses: any book of deals against the oracle, its page, lists, files and API, and what is refused."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead, Organisation, Team
from leads.organisation import remembered
from pipeline.models import Competitor, LostReason, Pipeline, Stage
from reports.losses import LossesQuery, Split, losses, lost_deals, sliced
from reports.periods import By
from reports.sheets.losses import loss_matrix
from tests.api import program_of
from tests.factories import CompanyFactory, TeamFactory
from tests.factories_pipeline import StageFactory
from tests.reports import oracle_losses
from tests.reports.facts import DISQUALIFIED, LOST, TODAY, WON, Fact, days, facts, write, write_rates
from tests.reports.pages import reader
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
MAY, JUNE = date(2026, 5, 20), date(2026, 6, 3)
BOOK = [
    Fact(
        outcome=LOST, closed_on=MAY, value=Decimal(4000), closed_owner=0, reason="price",
        stages=("qualify", "demo"),
    ),
    Fact(
        outcome=LOST, closed_on=JUNE, value=Decimal(9000), closed_owner=1, reason="competitor",
        competitor="Rival AB", stages=("qualify", "proposal", "discovery"),
    ),
    Fact(outcome=LOST, value=Decimal(500), closed_owner=2),
    Fact(outcome=LOST, closed_on=JUNE, currency="CHF", closed_owner=0, reason="price"),
    Fact(outcome=WON, closed_on=JUNE, closed_owner=0),
    Fact(outcome=DISQUALIFIED, closed_on=JUNE, closed_owner=0),
    Fact(),
]  # fmt: skip


@pytest.fixture
def other_stages(db) -> list[Stage]:
    pipeline = Pipeline.objects.create(key="other", name="Other", is_default=False)
    return [StageFactory(pipeline=pipeline, key=f"other-{order}", order=order) for order in (1, 2)]


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator; the answer is its text."""
    write(BOOK, people)
    return reader(client, admin)


# ---- figures


histories = st.lists(
    st.sampled_from([key for order in oracle_losses.PIPELINES.values() for key in order]), max_size=5
).map(tuple)
bounds = st.one_of(st.none(), days)
spans = st.tuples(bounds, bounds).filter(lambda span: None in span or span[0] <= span[1])


def pile(heap):
    return heap.deals, heap.value


def matrix(lines, names):
    return {
        names[line.key]: {None: pile(line.total)} | {key: pile(heap) for key, heap in line.reasons.items()}
        for line in lines
    }


@generated
@given(book=st.lists(facts(histories), max_size=12), span=spans)
def test_any_book_comes_out_as_counted_by_hand(admin, people, other_stages, book, span):
    start, end = span
    with transaction.atomic():
        write_rates()
        write(book, people)
        report = losses(admin, LossesQuery(start=start, end=end))
        names = {
            Split.STAGE: {str(stage.pk): stage.key for stage in Stage.objects.all()},
            Split.COMPETITOR: {str(row.pk): row.name for row in Competitor.objects.all()} | {"none": None},
            Split.OWNER: {str(person.pk): place for place, person in enumerate(people)} | {"none": None},
        }
        transaction.set_rollback(True)
    wanted = oracle_losses.losses(book, start, end)
    assert pile(report.total) == wanted["total"]
    assert {reason.key: pile(reason) for reason in report.reasons} == wanted["reasons"]
    for split, name in ((Split.STAGE, "stages"), (Split.COMPETITOR, "competitors"), (Split.OWNER, "owners")):
        assert matrix(report.lines(split), names[split]) == wanted[name]
    months = {
        None if line.key == "undated" else line.key: pile(line.total)
        for line in report.periods
        if line.total.deals
    }
    assert months == wanted["months"]
    assert {foreign.currency: foreign.deals for foreign in report.unconverted} == wanted["unconverted"]
    for name in ("won", "disqualified", "undated"):
        assert getattr(report, name) == wanted[name], name


def test_each_number_has_its_deals(admin, people):
    write(BOOK, people)
    report, deals = losses(admin, LossesQuery()), lost_deals(admin, LossesQuery())
    for split in Split:
        for line in report.lines(split):
            assert sliced(deals, split, line.key).count() == line.total.deals


def test_a_removed_stage_counts_where_its_deals_went(admin, people):
    demo, proposal = Stage.objects.get(key="demo"), Stage.objects.get(key="proposal")
    write([Fact(outcome=LOST, stages=("demo",)), Fact(outcome=LOST, stages=("demo", "qualify"))], people)
    Stage.objects.filter(pk=demo.pk).update(
        removed_at=TODAY.isoformat() + "T00:00Z", successor=proposal, order=proposal.order
    )
    [line] = losses(admin, LossesQuery()).stages
    assert (line.name, line.total.deals) == ("Proposal", 2)


def test_handing_a_lead_over_or_renaming_a_reason_moves_no_loss(admin, people):
    deal = write([Fact(outcome=LOST, owner=0, closed_owner=0, reason="price")], people)[0]
    Lead.objects.filter(pk=deal.pk).update(owner=people[2])
    LostReason.objects.filter(key="price").update(name="Too dear")
    report = losses(admin, LossesQuery())
    assert [line.name for line in report.owners] == ["Alice Abel"]
    assert [(reason.key, reason.name) for reason in report.reasons] == [("price", "Too dear")]


def test_losses_long_ago_share_one_line_before_the_last_sixty_periods(admin, people):
    write([Fact(outcome=LOST, closed_on=day) for day in (date(1995, 5, 1), date(2021, 6, 30), TODAY)], people)
    lines = losses(admin, LossesQuery()).periods
    assert len(lines) == 61
    assert [(line.name, line.total.deals) for line in lines if line.total.deals] == [
        ("Before Jul 2021", 2),
        ("Jun 2026", 1),
    ]


def test_quarters_add_up_to_the_same_deals_as_months(admin, people):
    write(BOOK, people)
    monthly, quarterly = (losses(admin, LossesQuery(by=by)).periods for by in By)
    assert sum(line.total.deals for line in monthly) == sum(line.total.deals for line in quarterly) == 4
    assert {line.key for line in quarterly} == {"2026-Q2", "undated"}


def test_a_change_of_the_time_zone_moves_no_day_of_closing(admin, people):
    write([Fact(outcome=LOST, closed_on=date(2026, 5, 31))], people)
    Organisation.objects.update(time_zone="Pacific/Kiritimati")
    assert losses(admin, LossesQuery(start=date(2026, 5, 1), end=date(2026, 5, 31))).total.deals == 1


def test_a_deal_lost_before_it_was_created_counts_on_its_day(admin, people):
    write([Fact(outcome=LOST, closed_on=TODAY - timedelta(days=90), created=TODAY)], people)
    assert losses(admin, LossesQuery(end=TODAY - timedelta(days=60))).total.deals == 1


def test_each_cell_of_the_matrix_is_as_dark_as_its_part_of_the_largest(admin, people):
    values = {"price": 1000, "timing": 501, "no_budget": 1, "other": 0}
    write([Fact(outcome=LOST, value=Decimal(value), reason=key) for key, value in values.items()], people)
    [row] = loss_matrix(losses(admin, LossesQuery()), Split.STAGE, by_value=True).rows
    assert {cell.reason.key: (cell.heat, cell.deals) for cell in row.cells} == {
        "price": (4, 1),
        "timing": (3, 1),
        "no_budget": (1, 1),
        "other": (0, 1),
    }


# ---- page, lists, files


def test_the_page_says_what_costs_most_and_what_stands_beside_it(look):
    page = look("/reports/losses/")
    assert "<b>“Competitor” costs most</b>: 1 deal worth €9,000, 67 % of all that was lost." in page
    assert "Of 1 deal lost to competitors, <b>Rival AB</b> took 1 worth €9,000." in page
    assert "1 disqualified lead" in page
    assert "1 deal worth CHF 1,000" in page
    assert "No reason given" in page
    june = look("/reports/losses/?start=2026-06-01&end=2026-06-30")
    assert "1 lost deal, date unknown" in june
    assert "€9,000 a deal" not in june


def test_every_split_stands_on_the_page_in_deals_and_in_value(look):
    for split, name in (("stage", "Proposal"), ("competitor", "Rival AB"), ("owner", "Alice Abel")):
        assert name in look(f"/reports/losses/?split={split}")
        assert "€9,000" in look(f"/reports/losses/?split={split}&measure=value")


def test_a_fragment_is_the_page_without_its_frame(look):
    fragment = look("/reports/losses/", **{"HX-Request": "true"})
    assert 'id="losses"' in fragment
    assert "<html" not in fragment


def test_numbers_open_their_deals(look):
    rival, proposal = Competitor.objects.get(), Stage.objects.get(key="proposal")
    for asked, sums in [
        ("show=lost", "4 deals · €13,500"),
        ("show=lost&start=2026-06-01&end=2026-06-30", "2 deals · €9,000"),
        ("reason=price", "2 deals · €4,000"),
        ("reason=~untold", "1 deal · €500"),
        (f"split=competitor&slice={rival.pk}", "1 deal · €9,000"),
        ("split=competitor&slice=none", "3 deals · €4,500"),
        (f"split=stage&slice={proposal.pk}&reason=competitor", "1 deal · €9,000"),
        ("show=unconverted", "1 deal · €0"),
        ("show=undated", "1 deal · €500"),
        ("show=won", "1 deal · €1,000"),
        ("show=disqualified", "1 deal · €1,000"),
    ]:
        assert sums in look(f"/reports/losses/deals/?{asked}"), asked
    assert "Lost: Competitor, to Rival AB" in look("/reports/losses/deals/?reason=competitor")


def test_the_files_have_every_split_to_the_cent_and_no_formula(look, people):
    Competitor.objects.update(name="=cmd|' /C calc'!A0")
    rows = list(csv.DictReader(look("/reports/losses/csv/").splitlines()))
    found = {(row["Split"], row["Name"], row["Reason"]): row for row in rows}
    assert found["All", "", ""]["Lost deals"] == "4"
    assert found["Stage", "Proposal", "Competitor"]["Value"] == "9000.00"
    assert found["Rep", "Alice Abel", ""]["Lost deals"] == "2"
    assert found["Period", "May 2026", "Price"]["Value"] == "4000.00"
    assert found["Competitor", "'=cmd|' /C calc'!A0", ""]["Share"] == "0.25"
    assert found["No exchange rate", "", ""]["Currency"] == "CHF"
    for split in Split:
        whole = [int(row["Lost deals"]) for row in rows if row["Split"] == split.label and not row["Reason"]]
        assert sum(whole) == 4


def test_the_list_of_deals_names_reason_and_competitor_in_its_file(look, people):
    company = CompanyFactory(name="=1+1")
    Lead.objects.update(company=company)
    rows = list(csv.DictReader(look("/reports/losses/deals/csv/?reason=competitor").splitlines()))
    assert [(row["Company"], row["Lost because"], row["Lost to"]) for row in rows] == [
        ("'=1+1", "Competitor", "Rival AB")
    ]


def test_nothing_lost_offers_what_there_is(client, admin):
    client.force_login(admin)
    page = client.get("/reports/losses/").content.decode()
    assert "No deal was lost" in page
    assert client.get("/reports/losses/csv/").status_code == 200


def test_losses_without_any_reason_are_all_there(client, admin, people):
    write([Fact(outcome=LOST, closed_on=JUNE)] * 3, people)
    client.force_login(admin)
    assert "<b>No reason was given</b> for 3 lost deals worth €3,000" in (
        client.get("/reports/losses/").content.decode()
    )


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?start=2026-02-01&end=2026-01-01", "before it begins on 2026-02-01"),
        ("?start=2000-01-01&end=2099-12-31", "A report covers at most 5 years."),
        ("?start=1066-01-01", "1066 is too far away."),
        ("?owner=zoe", "There is no owner “zoe”"),
        ("?team=%00", "There is no team"),
        ("?currency=euro", "“euro” is no currency."),
        ("?split=city", "“city” is not known here."),
        ("csv/?by=week", "“week” is not known here."),
        ("deals/?slice=x", "There is no such row."),
        ("deals/?reason=weather", "There is no reason “weather” for losing a deal."),
        ("deals/csv/?show=all", "“all” is not known here."),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(f"/reports/losses/{address}", expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


# ---- who sees what


def test_reps_see_their_own_losses_and_managers_their_teams(client, alice, manager, people):
    write([Fact(outcome=LOST, owner=place, closed_owner=place) for place in (0, 1, 1, 2)], people)
    assert {line.name for line in losses(alice, LossesQuery()).owners} == {"Alice Abel"}
    assert {line.name for line in losses(manager, LossesQuery()).owners} == {"Alice Abel", "Bob Berg"}
    assert losses(manager, LossesQuery(team=people[0].team)).total.deals == 3
    client.force_login(alice)
    assert "There is no owner" in client.get("/reports/losses/?owner=charlie").content.decode()


def test_another_teams_figures_are_refused_and_an_empty_team_has_none(client, manager, admin, people):
    write(BOOK, people)
    TeamFactory(name="Nobody here")
    client.force_login(manager)
    south = Team.objects.exclude(managers=manager).exclude(name="Nobody here").first()
    assert "There is no team" in client.get(f"/reports/losses/?team={south}").content.decode()
    client.force_login(admin)
    assert client.get("/reports/losses/?currency=USD").status_code == 200


def test_a_page_costs_as_many_statements_however_many_deals(client, manager, people):
    Organisation.objects.get_or_create(pk=1)
    client.force_login(manager)
    for address in ("/reports/losses/?split=competitor", "/reports/losses/deals/"):
        write(BOOK, people)
        few = statements_of(lambda address=address: client.get(address))
        write(BOOK * 5, people)
        assert statements_of(lambda address=address: client.get(address)) == few <= 19
    with remembered():
        losses(manager, LossesQuery())
        assert statements_of(lambda: losses(manager, LossesQuery())) <= 10


def test_the_api_has_the_same_figures(admin, people):
    write(BOOK, people)
    program = program_of(admin)
    answer = program.get("/reports/losses")
    assert (answer["lost"], Decimal(answer["value"]), answer["loss_rate"]) == (4, 13_500, 0.8)
    for split in ("stages", "competitors", "owners", "periods"):
        assert sum(line["deals"] for line in answer[split]) == 4
        assert all(
            sum(reason["deals"] for reason in line["reasons"]) == line["deals"] for line in answer[split]
        )
    assert answer["unconverted"] == [{"currency": "CHF", "deals": 1, "value": "1000.00"}]
    faults = program.get("/reports/losses", expect=422, start="2026-02-01", end="2026-01-01")
    assert [fault["path"] for fault in faults["errors"]] == ["end"]
