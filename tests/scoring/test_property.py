"""The compiled SQL against the oracle, on generated models, leads, activities and dates."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead
from scoring.engine import score_range
from scoring.explain import explain
from scoring.models import LeadScore
from tests.scoring import oracle
from tests.scoring.strategies import TODAY, leads, models
from tests.scoring.written import custom_fields, published, write_lead

pytestmark = pytest.mark.django_db
SOON = 120  # days looked ahead


@pytest.fixture(autouse=True)
def _fields(db) -> None:
    custom_fields(budget="number", renewal="date", vip="boolean")


generated = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


def stored(lead: Lead) -> tuple:
    row = LeadScore.objects.select_related("band").get(pk=lead.pk)
    return row.state, row.fit, row.engagement, row.total, row.band and row.band.key, row.grade


def expected(score: oracle.OracleScore) -> tuple:
    return score.state, score.fit, score.engagement, score.total, score.band, score.grade


def lines(explanation) -> list[list[int]]:
    return [sorted(line.points for line in group.lines if line.rule) for group in explanation.groups[:-1]]


def oracle_lines(model: dict, score: oracle.OracleScore) -> list[list[int]]:
    return [
        sorted(points for r, _ in enumerate(group["rules"]) for points in score.lines[g, r])
        for g, group in enumerate(model["groups"])
    ]


@generated
@given(
    model=models(),
    facts=st.lists(leads(), min_size=1, max_size=3),
    later=st.lists(st.integers(1, 40), max_size=2),
)
def test_scores_lines_and_bands_are_those_of_the_oracle(model, facts, later):
    with transaction.atomic():
        written = [write_lead(fact) for fact in facts]
        published(model)
        bands: list[str | None] = [None] * len(facts)
        day = TODAY
        for days in [0, *later]:
            day += timedelta(days=days)
            score_range([lead.pk for lead in written], as_of=day, silent=True)
            for place, (lead, fact) in enumerate(zip(written, facts, strict=True)):
                score = oracle.score(model, fact, day, bands[place])
                bands[place] = score.band
                assert stored(lead) == expected(score)
                check_explanation(model, lead, score)
        transaction.set_rollback(True)


def check_explanation(model: dict, lead: Lead, score: oracle.OracleScore) -> None:
    explanation = explain(Lead.objects.get(pk=lead.pk))
    assert explanation.total == score.total
    if score.state == "scored":
        assert lines(explanation) == oracle_lines(model, score)
        assert [group.points for group in explanation.groups[:-1]] == score.groups
        for group in explanation.groups:
            assert sum(line.points for line in group.lines) == group.points
        assert sum(group.points for group in explanation.groups) == score.total * 10


@generated
@given(model=models(), fact=leads())
def test_time_alone_changes_nothing_before_next_change_on(model, fact):
    with transaction.atomic():
        lead = write_lead(fact)
        published(model)
        next_on = LeadScore.objects.get(pk=lead.pk).next_change_on
        first = oracle.first_change(model, fact, TODAY, SOON)
        if first is not None:
            assert next_on is not None
            assert TODAY < next_on <= first
        transaction.set_rollback(True)


@generated
@given(model=models(), fact=leads(), back=st.integers(1, 60))
def test_parts_sum_to_the_whole_on_every_past_date(model, fact, back):
    day = TODAY - timedelta(days=back)
    with transaction.atomic():
        lead = write_lead(fact)
        published(model, at=datetime.combine(TODAY - timedelta(days=300), time.min, tzinfo=UTC))
        explanation = explain(lead, at=day)
        known_then = oracle.LeadFact(
            fact.born,
            fact.facts,
            fact.people,
            [signal for signal in fact.signals if signal.day <= day],
            fact.last_contact if fact.last_contact and fact.last_contact <= day else None,
            fact.founded,
        )
        if day < fact.born:
            assert explanation.state == "unscored"
        else:
            score = oracle.score(model, known_then, day)
            assert (explanation.state, explanation.total, explanation.grade) == (
                score.state,
                score.total,
                score.grade,
            )
            check_sums(model, explanation, score)
        transaction.set_rollback(True)


def check_sums(model: dict, explanation, score: oracle.OracleScore) -> None:
    if score.state == "scored":
        assert lines(explanation) == oracle_lines(model, score)
        assert all(sum(line.points for line in group.lines) == group.points for group in explanation.groups)
        assert sum(group.points for group in explanation.groups) == explanation.total * 10
