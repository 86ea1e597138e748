"""The funnel: definitions on small cases, and random histories against the oracle."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Organisation
from pipeline.models import Pipeline, Stage
from reports.funnel import Cohort, FunnelQuery, Passed, funnel, passed_deals, pipelines_for, with_reason
from reports.stays import Stay, stays_in_stages
from tests.factories_pipeline import StageFactory
from tests.reports import oracle
from tests.reports.facts import DISQUALIFIED, LOST, TODAY, WON, Fact, facts, write, write_rates

pytestmark = pytest.mark.django_db

ORDER = ["qualify", "discovery", "demo", "proposal", "negotiation"]
generated = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def ask(user, **asked):
    return funnel(user, FunnelQuery(Pipeline.objects.get(key="default"), **asked))


def counts(report):
    return {
        stage.stage: {name: getattr(stage, name) for name in ("entered", "lost", "here", "advanced")}
        for stage in report.stages
    }


def test_a_deal_counts_where_its_furthest_reach_is_though_it_went_back(admin, people):
    write([Fact(outcome=LOST, stages=("qualify", "demo", "discovery"))], people)
    assert counts(ask(admin)) == {
        "qualify": {"entered": 1, "lost": 0, "here": 0, "advanced": 1},
        "discovery": {"entered": 1, "lost": 0, "here": 0, "advanced": 1},
        "demo": {"entered": 1, "lost": 1, "here": 0, "advanced": 0},
        "proposal": {"entered": 0, "lost": 0, "here": 0, "advanced": 0},
        "negotiation": {"entered": 0, "lost": 0, "here": 0, "advanced": 0},
    }


def test_a_won_deal_advanced_from_every_stage(admin, people):
    write([Fact(outcome=WON, stages=("qualify",))], people)
    report = ask(admin)
    assert {stage.advanced for stage in report.stages} == {1}
    assert (report.won, report.win_rate) == (1, 1)


def test_the_disqualified_are_lost_at_their_stage_and_not_in_the_win_rate(admin, people):
    write([Fact(outcome=outcome, stages=("demo",)) for outcome in (WON, LOST, DISQUALIFIED)], people)
    report = ask(admin)
    assert (report.won, report.lost, report.disqualified, report.win_rate) == (1, 1, 1, 0.5)
    demo = report.stages[2]
    assert (demo.lost, demo.lost_value) == (2, 2000)
    assert [(reason.key, reason.deals) for reason in demo.reasons] == [("~disqualified", 1), ("~untold", 1)]


def test_leads_that_never_entered_are_no_part_of_it(admin, people):
    write([Fact(stages=(), status="new")], people)
    report = ask(admin)
    assert (report.entered, report.win_rate) == (0, None)


@pytest.mark.parametrize(
    ("span", "seen"),
    [
        ({}, 3),
        ({"start": TODAY}, 2),
        ({"end": TODAY}, 2),
        ({"start": TODAY, "end": TODAY}, 1),
    ],
)
@pytest.mark.parametrize("cohort", Cohort)
def test_the_days_of_the_cohort_are_both_included(admin, people, span, seen, cohort):
    write([Fact(created=TODAY + timedelta(days=day)) for day in (-1, 0, 1)], people)
    assert ask(admin, cohort=cohort, **span).entered == seen


def test_days_are_those_of_the_organisation(admin, people):
    Organisation.objects.update(
        time_zone="America/New_York"
    )  # midnight in London is the evening before there
    write([Fact(created=TODAY)], people)
    assert ask(admin, start=TODAY).entered == 0
    assert ask(admin, end=TODAY - timedelta(days=1)).entered == 1


def test_closed_deals_without_a_date_stand_in_every_funnel(admin, people):
    write([Fact(outcome=WON), Fact(outcome=LOST)], people)
    report = ask(admin)
    assert (report.won, report.lost) == (1, 1)


def test_what_no_rate_converts_counts_without_a_value(admin, people):
    write([Fact(outcome=LOST, currency="CHF"), Fact(outcome=LOST)], people)
    report = ask(admin)
    assert (report.lost, report.value.lost, report.unconverted) == (2, 1000, 1)


@pytest.fixture
def other_stages(db) -> list[Stage]:
    pipeline = Pipeline.objects.create(key="other", name="Other", is_default=False)
    return [StageFactory(pipeline=pipeline, key=f"other-{order}", order=order) for order in (1, 2)]


histories = st.lists(st.sampled_from([*ORDER, "other-1", "other-2"]), max_size=6).map(tuple)


@generated
@given(book=st.lists(facts(histories), max_size=12))
def test_any_history_comes_out_as_walked_by_hand(admin, people, other_stages, book):
    with transaction.atomic():
        write_rates()
        write(book, people)
        report = ask(admin)
        transaction.set_rollback(True)
    wanted = oracle.funnel(book, ORDER)
    assert counts(report) == wanted["stages"]
    assert all(stage.entered == stage.lost + stage.here + stage.advanced for stage in report.stages)
    assert {stage.stage: stage.lost_value for stage in report.stages} == wanted["lost_value"]
    assert {reason.key: reason.deals for reason in report.reasons} == wanted["reasons"]
    for name in ("won", "lost", "disqualified", "open", "win_rate", "unconverted"):
        assert getattr(report, name) == wanted[name], name


@pytest.mark.parametrize("name", Passed)
def test_each_number_has_its_deals(admin, people, name):
    stages = [("qualify",), ("qualify", "demo"), ("demo", "discovery"), ("proposal",)]
    write(
        [
            Fact(outcome=outcome, stages=path)
            for outcome in ("open", WON, LOST, DISQUALIFIED)
            for path in stages
        ],
        people,
    )
    query = FunnelQuery(Pipeline.objects.get(key="default"))
    report = funnel(admin, query)
    for stage, flow in zip(query.pipeline.stages.all(), report.stages, strict=True):
        number = report.won if name == Passed.WON else getattr(flow.deals, name)
        assert passed_deals(admin, query, name, stage).count() == number
    whole = report.won if name == Passed.WON else getattr(report.deals, name)
    assert passed_deals(admin, query, name).count() == whole


def test_each_reason_has_its_deals(admin, people):
    write([Fact(outcome=LOST, reason="price"), Fact(outcome=LOST), Fact(outcome=DISQUALIFIED)], people)
    query = FunnelQuery(Pipeline.objects.get(key="default"))
    lost = passed_deals(admin, query, Passed.LOST)
    assert {reason.key for reason in funnel(admin, query).reasons} == {"price", "~untold", "~disqualified"}
    assert all(with_reason(lost, key).count() == 1 for key in ("price", "~untold", "~disqualified"))


def test_stays_leave_out_what_was_reconstructed_but_the_last(admin, people):
    deals = write(
        [Fact(outcome=LOST, stages=("qualify", "demo"), created=date(2026, 1, day)) for day in (1, 2, 3)],
        people,
    )
    for days, deal in zip((2, 4, 9), deals, strict=True):
        first, last = deal.stage_changes.all()
        deal.stage_changes.update(reconstructed=days == 9)
        deal.stage_changes.filter(pk=last.pk).update(left_at=last.entered_at + timedelta(days=days))
        deal.stage_changes.filter(pk=first.pk).update(left_at=first.entered_at + timedelta(days=days))
    stays = stays_in_stages(admin, FunnelQuery(Pipeline.objects.get(key="default")))
    assert stays == {
        "qualify": Stay(timedelta(days=3), timedelta(days=3.8)),
        "demo": Stay(timedelta(days=4), timedelta(days=8)),
    }


def test_the_usual_pipeline_is_the_first_with_deals_that_one_sees(admin, alice, people, other_stages):
    assert pipelines_for(admin)[0].key == "default"
    write([Fact(stages=("other-1",), owner=2)], people)
    assert [pipelines_for(user)[0].key for user in (admin, alice)] == ["other", "default"]


def test_values_add_up_like_deals(admin, people):
    write(
        [Fact(outcome=outcome, value=Decimal("33.33"), stages=("demo",)) for outcome in ("open", WON, LOST)],
        people,
    )
    demo = ask(admin).stages[2].value
    assert (demo.entered, demo.lost, demo.here, demo.advanced) == tuple(
        Decimal(x) for x in ("99.99", "33.33", "33.33", "33.33")
    )
