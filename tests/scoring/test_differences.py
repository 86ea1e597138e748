"""Two explanations of one lead, line by line: the differences add up, also against the oracle."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.differences import differences
from scoring.explain import explain
from scoring.explanations import ExplainedGroup, Explanation, Line
from tests.scoring import oracle
from tests.scoring.strategies import TODAY, leads, models
from tests.scoring.written import custom_fields, published, write_lead

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def explained(*lines: Line, total: int = 0, kind: str = "engagement") -> Explanation:
    group = ExplainedGroup("Content", kind, sum(line.points for line in lines), lines)
    return Explanation("scored", total=total, groups=[group])


def test_what_decayed_came_and_went_is_said_in_points():
    before = explained(Line("E-book", 200, "Downloaded", NOON), Line("Pricing", 50, "Page viewed", NOON))
    after = explained(
        Line("E-book", 80, "Downloaded", NOON),
        Line("Webinar", 150, "Webinar attended", NOON),
        Line("Pricing", 0, "Page viewed", NOON),
    )
    rows = differences(before, after)

    assert [(row.what, row.how, row.points) for row in rows] == [
        ("Webinar", "new", 150),
        ("E-book", "decayed", -120),
        ("Pricing", "no longer counts", -50),
    ]


def test_two_signals_of_one_moment_are_two_lines():
    one, two = Line("Page", 50, "", NOON), Line("Page", 30, "", NOON)

    assert [row.points for row in differences(explained(one), explained(one, two))] == [30]
    assert differences(explained(one, two), explained(one, two)) == []


def test_what_bounds_take_away_is_a_line_of_its_own():
    before = explained(Line("Page", 300, "", NOON))
    after = explained(Line("Page", 400, "", NOON), Line(None, -70, "This group gives 33 at most", tone="cap"))

    assert {row.what: row.points for row in differences(before, after)} == {
        "Page": 100,
        "This group gives 33 at most": -70,
    }


def test_a_score_that_is_not_there_is_one_of_nothing():
    gone = Explanation("excluded", exclusion="Competitor")
    there = explained(Line("Page", 50, "", NOON), total=5)

    assert [(row.how, row.points) for row in differences(there, gone)] == [("gone", -50)]
    assert [(row.how, row.points) for row in differences(gone, there)] == [("new", 50)]


@pytest.mark.django_db
@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(model=models(), fact=leads(), back=st.integers(1, 60), span=st.integers(1, 60))
def test_the_lines_between_any_two_dates_add_up_to_what_the_oracle_says(model, fact, back, span):
    with transaction.atomic():
        custom_fields(budget="number", renewal="date", vip="boolean")
        lead = write_lead(fact)
        published(model, at=datetime.combine(TODAY - timedelta(days=300), time.min, tzinfo=UTC))
        last = TODAY - timedelta(days=back)
        first = last - timedelta(days=span)
        rows = differences(explain(lead, at=first), explain(lead, at=last))
        expected = total_on(model, fact, last) - total_on(model, fact, first)
        assert sum(row.points for row in rows) == expected * 10
        transaction.set_rollback(True)


def total_on(model: dict, fact: oracle.LeadFact, day) -> int:
    """By the oracle; 0 before the lead's birth and while it is excluded."""
    if day < fact.born:
        return 0
    known = oracle.LeadFact(
        fact.born,
        fact.facts,
        fact.people,
        [signal for signal in fact.signals if signal.day <= day],
        fact.last_contact if fact.last_contact and fact.last_contact <= day else None,
        fact.founded,
    )
    return oracle.score(model, known, day).total or 0
