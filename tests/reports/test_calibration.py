"""Calibration: definitions on small cases, generated books against the oracle, pages, lists, files."""

import csv
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Organisation, User
from leads.organisation import remembered
from pipeline.models import Pipeline, Stage, StageChange
from reports.calibration import Shown, calibration, shown_deals
from reports.findings.calibration import verdict_finding, worst_stage
from reports.observations import CalibrationQuery, Judged, ages
from tests.api import program_of
from tests.factories_pipeline import StageFactory
from tests.reports import calibrated
from tests.reports.facts import DISQUALIFIED, LOST, NOON, TODAY, WON, Fact, facts, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

ORDER = ["qualify", "discovery", "demo", "proposal", "negotiation"]
LONG_AGO = date(2025, 3, 1)


def deal(outcome=WON, *, stages=("demo",), confidences=None, days=10, **more):
    """A deal of long ago that took so many days."""
    shown = confidences or tuple((50, 40) for _ in stages)
    fact = {"created": LONG_AGO, "closed_on": LONG_AGO + timedelta(days=days), "closed_owner": 0, **more}
    return Fact(outcome=outcome, stages=stages, confidences=shown, **fact)


def query(**asked):
    return CalibrationQuery(**{"pipeline": Pipeline.objects.get(key="default"), **asked})


def ask(user, **asked):
    return calibration(user, query(**asked))


def found(report):
    """By stage: percentage, entries, won."""
    return {
        row.stage.key: [(one.percent, one.entries, one.won) for one in row.judged.bins]
        for row in report.stages
        if row.judged.entries
    }


def test_the_first_entry_counts_though_the_deal_came_back(admin, people):
    path, on_entering = ("demo", "proposal", "demo"), ((50, 40), (60, 65), (90, 95))
    write([deal(stages=path, confidences=on_entering)], people)
    assert found(ask(admin)) == {"demo": [(40, 1, 1)], "proposal": [(65, 1, 1)]}
    assert found(ask(admin, judged=Judged.SHOWN)) == {"demo": [(50, 1, 1)], "proposal": [(60, 1, 1)]}


def test_of_two_entries_at_the_same_moment_the_first_written_counts(admin, people):
    (row,) = write([deal(stages=("demo", "demo"), confidences=((50, 40), (90, 95)))], people)
    StageChange.objects.filter(deal=row).update(entered_at=row.entered_at)
    assert found(ask(admin)) == {"demo": [(40, 1, 1)]}


def test_young_disqualified_and_open_deals_are_left_out_and_counted(admin, people):
    yesterday = TODAY - timedelta(days=1)
    book = [deal(days=100)] * 10
    book += [deal(LOST, created=yesterday, closed_on=TODAY), deal(created=yesterday, closed_on=TODAY)]
    book += [deal(DISQUALIFIED), deal("open", closed_on=None), deal("open", closed_on=None, created=TODAY)]
    write(book, people)
    report = ask(admin)
    assert (report.age.cycle, report.age.entered_by) == (timedelta(days=100), date(2026, 3, 7))
    assert (report.deals, report.won) == (10, 10)
    left = report.left_out
    assert (left.young, left.disqualified, left.open, left.undated) == (2, 1, 1, 0)


def test_who_is_old_enough_is_the_same_for_everybody(admin, alice, people):
    write([deal(days=100, closed_owner=2, owner=2)] * 9 + [deal(created=date(2026, 5, 1), days=2)], people)
    assert ask(alice).age == ask(admin).age
    assert ask(alice).left_out.young == 1


def test_closed_on_an_unknown_day_counts_unless_a_period_is_asked_for(admin, people):
    write([deal(closed_on=None), deal()], people)
    assert (ask(admin).deals, ask(admin).left_out.undated) == (2, 0)
    report = ask(admin, start=LONG_AGO)
    assert (report.deals, report.left_out.undated) == (1, 1)
    assert ask(admin, end=LONG_AGO).deals == 0


def test_a_deal_won_before_it_was_created_took_no_time(admin, people):
    write([deal(days=-30)], people)
    assert (ask(admin).age.cycle, ask(admin).deals) == (timedelta(), 1)


def test_days_are_those_of_the_organisation(admin, people):
    """Entered on 15 June by the clocks of London, on the evening before it in New York."""
    write([deal(created=TODAY, closed_on=TODAY)], people)
    assert ask(admin).deals == 1  # it took no day, so today is old enough
    Organisation.objects.update(time_zone="America/New_York")
    assert (ask(admin).age.cycle, ask(admin).deals) == (timedelta(days=1), 1)


def test_a_removed_stage_counts_as_the_one_that_its_deals_went_to(admin, people):
    write([deal(stages=("discovery", "demo"), confidences=((20, 25), (50, 40)))], people)
    demo = Stage.objects.get(key="demo")
    Stage.objects.filter(key="discovery").update(removed_at=NOON, successor=demo, confidence=demo.confidence)
    assert found(ask(admin)) == {"demo": [(25, 1, 1)]}


@pytest.fixture
def _another_pipeline(db) -> None:
    pipeline = Pipeline.objects.create(key="other", name="Other", is_default=False)
    StageFactory(pipeline=pipeline, key="other-1", order=1)


@st.composite
def books(draw):
    histories = st.lists(st.sampled_from(ORDER), max_size=5).map(tuple)
    percent = st.tuples(st.integers(0, 100), st.integers(1, 99))
    book = draw(st.lists(facts(histories), max_size=14))
    return [Fact(**{**vars(fact), "confidences": tuple(draw(percent) for _ in fact.stages)}) for fact in book]


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(book=books())
@pytest.mark.usefixtures("_another_pipeline")
def test_any_book_comes_out_as_counted_by_hand(admin, people, book):
    with transaction.atomic():
        write(book, people)
        shown, automatic = ask(admin, judged=Judged.SHOWN), ask(admin)
        transaction.set_rollback(True)
    for which, report in enumerate((shown, automatic)):
        wanted = calibrated.entries(book, which)
        assert {row.stage.key for row in report.stages if row.judged.entries} == set(wanted)
        for row in report.stages:
            judged = wanted.get(row.stage.key, [])
            assert (row.judged.entries, row.judged.won) == (len(judged), sum(won for _, won in judged))
            if judged:
                assert row.judged.brier == pytest.approx(float(calibrated.brier(judged)))
        assert report.total.entries == sum(map(len, wanted.values()))
    assert automatic.age.entered_by == calibrated.last_entry_day(book)
    assert automatic.deals == len(calibrated.counted(book))
    assert vars(automatic.left_out) == calibrated.left_out(book)


def test_proposals_move_towards_what_came(admin, people):
    write([deal(LOST)] * 24 + [deal(WON)] * 6 + [deal(stages=("proposal",))] * 19, people)
    rows = {row.stage.key: row for row in ask(admin).stages}
    assert rows["demo"].proposed == 28  # 40 + 30/50 × (20 − 40)
    assert (rows["proposal"].proposed, rows["qualify"].proposed) == (None, None)
    assert [row.stage.key for row in ask(admin).proposals] == ["demo"]
    assert ask(admin, judged=Judged.SHOWN).proposals[0].proposed == 28  # always from the automatic one


def test_the_worst_stage_is_the_furthest_off_beyond_chance(admin, people):
    book = [deal(LOST, stages=("demo", "proposal"), confidences=((50, 40), (50, 85)))] * 20
    write([*book, *[deal(stages=("qualify",), confidences=((99, 99),))] * 5], people)
    assert worst_stage(ask(admin)).stage.key == "proposal"
    assert worst_stage(ask(admin, start=TODAY)) is None


def test_the_time_split_proposes_on_the_older_and_judges_on_the_newer(admin, people):
    older = [deal(LOST, days=day) for day in range(70)]
    newer = [deal(LOST, days=day) for day in range(70, 100)]
    write(older + newer, people)
    report = ask(admin)
    assert report.split_on == LONG_AGO + timedelta(days=69)
    demo = next(row for row in report.stages if row.stage.key == "demo")
    assert (demo.older.entries, demo.newer.entries) == (70, 30)
    tried = demo.verdict
    assert tried.proposed == calibrated.proposed(40, [(40, False)] * 70) == 9
    assert (tried.now, tried.then) == (pytest.approx(0.16), pytest.approx(0.09**2))
    assert report.verdict.change == pytest.approx(0.0081 - 0.16)


def test_a_trial_without_enough_older_deals_says_so(admin, people):
    write([deal(LOST, days=day) for day in range(24)], people)
    report = ask(admin)
    assert report.verdict.change == 0
    assert "Not enough data" in verdict_finding(report)
    assert verdict_finding(ask(admin, start=TODAY)) is None


def test_what_is_adopted_is_not_proposed_again(admin, people):
    """The history keeps what deals entered with, and is read as if the base of now had stood then."""
    write([deal(LOST)] * 80 + [deal(WON)] * 20, people)
    assert ask(admin).proposals[0].proposed == 23  # 40 − 100/120 × 20
    with time_machine.travel(NOON, tick=False):
        Stage.objects.filter(key="demo").update(confidence=23)
    report = ask(admin)
    demo = next(row for row in report.stages if row.stage.key == "demo")
    assert (demo.judged.mean, demo.automatic.mean) == (pytest.approx(0.4), pytest.approx(0.23))
    assert demo.proposed == 21  # three points of what is left
    assert [(change.before, change.after) for change in report.changes] == [(40, 23)]


def test_a_base_that_changed_twice_is_read_by_its_days(admin, people):
    write([deal(LOST)] * 2, people)
    events = Stage.pgh_event_model.objects.filter(pgh_obj__key="demo").order_by("-pgh_id")
    for base, day in ((60, date(2025, 3, 1)), (30, date(2025, 6, 1))):
        Stage.objects.filter(key="demo").update(confidence=base)
        moment = NOON.replace(year=day.year, month=day.month, day=day.day)
        events.model.objects.filter(pk=events.first().pk).update(pgh_created_at=moment)
    spring = NOON.replace(year=2025, month=4)
    StageChange.objects.filter(pk=StageChange.objects.first().pk).update(entered_at=spring, left_at=spring)
    demo = next(row for row in ask(admin).stages if row.stage.key == "demo")
    assert [(one.percent, one.entries) for one in demo.automatic.bins] == [(10, 1), (30, 1)]


BOOK = [
    *[deal(LOST)] * 15,
    *[deal(WON, closed_owner=1, owner=1)] * 5,
    deal(DISQUALIFIED),
    deal(created=TODAY, closed_on=TODAY),
    deal(stages=("proposal",), currency="CHF"),
]


@pytest.fixture
def look(client, admin, people):
    """Opens an address as the administrator; the answer is its text."""
    write(BOOK, people)
    client.force_login(admin)

    def open_page(address="", expect=200):
        response = client.get(f"/reports/calibration/{address}")
        assert response.status_code == expect
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return body.decode().replace("\N{NO-BREAK SPACE}", " ")

    return open_page


def test_the_page_says_what_is_off_and_what_is_left_out(look):
    page = look()
    for words in (
        "No stage is off by more than chance explains",
        "Adopt 33 %",  # 40 + 20/40 × (25 − 40), rounded
        "not enough data",
        "1 closed deal</a> that entered after",
        "1 disqualified",
        "Alice Abel",
    ):
        assert words in page
    assert "Confidence shown and what came" in look("?confidence=shown")
    assert "Demo only." in look("?stage=demo")


@pytest.mark.parametrize(
    ("asked", "deals"),
    [
        ("show=counted", 21),
        ("show=won", 6),
        ("show=lost", 15),
        ("show=counted&stage=demo", 20),
        ("show=won&stage=demo", 5),
        ("show=counted&percent=40", 21),
        ("show=counted&percent=50&confidence=shown", 21),
        ("show=counted&percent=41", 0),
        ("show=young", 1),
        ("show=disqualified", 1),
        ("show=open", 0),
    ],
)
def test_each_number_opens_its_deals(look, asked, deals):
    page = look(f"deals/?{asked}")
    assert ("There is no such deal" if not deals else f"{deals} deal{'s' if deals > 1 else ''} ·") in page
    assert len(look(f"deals/csv/?{asked}").splitlines()) == deals + 1


@pytest.mark.parametrize("split", ["owner", "team", "product_line", "pipeline", "source", "campaign", "band"])
def test_each_part_opens_its_deals_and_the_parts_are_the_whole(look, admin, people, split):
    answer = program_of(admin).get("/reports/calibration", split=split)
    assert sum(part["entries"] for part in answer["slices"]) == answer["total"]["entries"] == 21
    key = {"owner": people[1].pk, "team": people[0].team_id, "pipeline": Pipeline.objects.first().pk}
    wanted = {"owner": 5}.get(split, 21)
    page = look(f"deals/?show=counted&split={split}&slice={key.get(split, 'none')}")
    assert f"{wanted} deals ·" in page


def test_page_files_and_api_have_the_same_figures(look, client, admin):
    rows = list(csv.DictReader(look("csv/").splitlines()))
    demo = next(row for row in rows if (row["Kind"], row["Name"]) == ("Stage", "Demo"))
    program = program_of(admin)
    answer = program.get("/reports/calibration")
    told = next(stage for stage in answer["stages"] if stage["stage"] == "demo")
    assert (demo["Entries"], demo["Won"], demo["Proposed base"]) == ("20", "5", "33")
    assert (told["entries"], told["won"], told["proposed"], told["confidence"]) == (20, 5, 33, 40)
    assert float(demo["Brier score"]) == pytest.approx(told["brier"], abs=1e-6)
    assert told["brier"] == pytest.approx(told["reliability"] - told["resolution"] + told["uncertainty"])
    assert (answer["left_out"]["young"], answer["entered_by"], answer["deals"]) == (1, "2026-06-05", 21)
    assert answer["bins"][0]["percent"] == 40
    assert client.get("/reports/calibration/xlsx/").content.startswith(b"PK")
    program.get("/reports/calibration", confidence="felt", expect=422)


def test_a_formula_in_a_name_is_text_in_the_file(look, people):
    User.objects.filter(pk=people[1].pk).update(first_name="=1+1", last_name="")
    assert "Rep,'=1+1," in look("csv/")


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?start=2026-02-01&end=2026-01-01", "before it begins"),
        ("?start=1026-02-01", "1026 is too far away"),
        ("?owner=zoe", "There is no owner “zoe”"),
        ("?pipeline=nowhere", "There is no pipeline “nowhere”"),
        ("?stage=signing", "There is no stage “signing”"),
        ("?confidence=felt", "“felt” is not known here"),
        ("?split=city", "“city” is not known here"),
        ("csv/?start=x", "“x” is not a date"),
        ("deals/?percent=101", "from 0 to 100"),
        ("deals/?percent=x", "from 0 to 100"),
        ("deals/?show=all", "is not known here"),
        ("deals/csv/?slice=x", "There is no such row"),
    ],
)
def test_a_bad_address_gets_a_sentence(look, address, sentence):
    page = look(address, expect=422)
    assert sentence in page
    assert "Show the report as usual" in page


def test_nothing_in_it_is_said_and_an_empty_team_is_nothing(look):
    assert "No deal counts yet" in look("?team=South")
    assert "No deal counts yet" in look("?start=1990-01-01&end=2000-01-01")
    assert "No deal counts yet" not in look(
        "?currency=CHF"
    )  # no rate converts it, and it counts all the same
    assert "1 deal · €0" in look("deals/?currency=CHF")


def test_a_manager_sees_the_team_and_a_rep_what_is_their_own(client, manager, other_manager, people, alice):
    write(
        [deal(owner=0, closed_owner=0), deal(owner=2, closed_owner=2), deal(owner=1, closed_owner=1)], people
    )
    assert [ask(user).deals for user in (manager, other_manager, alice)] == [2, 1, 1]
    client.force_login(manager)
    assert client.get("/reports/calibration/?team=South").status_code == 422
    assert "Adopt" not in client.get("/reports/calibration/").content.decode()


def test_twenty_deals_cost_as_many_statements_as_one(client, admin, people):
    client.force_login(admin)
    write(BOOK, people)
    client.get("/reports/calibration/")
    few = statements_of(lambda: client.get("/reports/calibration/"))
    write(BOOK * 3, people)
    assert statements_of(lambda: client.get("/reports/calibration/")) == few <= 18
    with remembered():
        assert statements_of(lambda: ask(admin)) <= 10


def test_shown_deals_carry_their_money(admin, people):
    write([deal(value=Decimal(700))], people)
    asked = query()
    (row,) = shown_deals(admin, asked, ages([asked.pipeline]), Shown.WON)
    assert row.converted == 700
