"""The funnel by month and by rep, team, source…: the parts are the oracle's, and add up to the whole."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from leads.models import Lead, Organisation
from pipeline.models import Pipeline
from reports import funnel_parts
from reports.dimensions import Dimension, Segment
from reports.funnel import Cohort, FunnelQuery, Passed, funnel, passed_deals
from reports.funnel_parts import OTHERS, SPLITS, deals_of_part, monthly, parts_by
from scoring.models import Band
from tests.factories import ProductLineFactory
from tests.reports import oracle
from tests.reports.facts import LOST, OPEN, TODAY, WON, Fact, facts, write, write_rates
from tests.reports.test_funnel import ORDER, generated, histories

pytestmark = pytest.mark.django_db

ROLES = {"decider": "Decides", "user": "Will use it"}
PEOPLE = ("Alice Abel", "Bob Baker", "Charlie Cole")


def question(**asked):
    return FunnelQuery(Pipeline.objects.get(key="default"), **asked)


def standing(ends):
    """What the oracle says of a heap of deals."""
    names = ("entered", "won", "lost", "disqualified", "open", "win_rate")
    value = {
        "won_value": ends.value.advanced,
        "lost_value": ends.value.lost,
        "open_value": ends.value.here,
    }
    return {name: getattr(ends, name) for name in names} | value


def holder(fact):
    """Whose a deal is: its owner's, or on closing."""
    return fact.owner if fact.outcome == OPEN else fact.closed_owner


def named(people, fact, dimension):
    """What people call the part to which a deal belongs."""
    person = None if holder(fact) is None else people[holder(fact)]
    band = fact.band and Band.objects.get(key=fact.band).name
    return {
        Dimension.OWNER: str(person) if person else "No rep",
        Dimension.TEAM: str(person.team) if person else "No team",
        Dimension.PRODUCT_LINE: "Line" if fact.has_line else "No product line",
        Dimension.SOURCE: fact.source or "No source",
        Dimension.CAMPAIGN: fact.campaign or "No campaign",
        Dimension.ROLE: ROLES.get(fact.role, "No role"),
        Dimension.PAIN: fact.pain or "No pain",
        Dimension.BAND: band or "Not scored then",
    }[dimension]


@generated
@given(book=st.lists(facts(histories), max_size=12), dimension=st.sampled_from(SPLITS))
def test_any_split_is_the_oracles_and_adds_up(admin, people, book, dimension):
    with transaction.atomic():
        pipeline = Pipeline.objects.create(key="other", name="Other", is_default=False)
        for order in (1, 2):
            pipeline.stages.create(key=f"other-{order}", name="Other", order=order, confidence=50)
        write_rates()
        write(book, people, ProductLineFactory(name="Line"))
        whole = funnel(admin, question())
        parts = parts_by(admin, question(), dimension, whole, {})
        wanted = oracle.parts(book, ORDER, lambda fact: named(people, fact, dimension))
        counts = {
            (part.key, name): deals_of_part(
                passed_deals(admin, question(), name), admin, question(), dimension, part.key
            ).count()
            for part in parts
            for name in (Passed.ENTERED, Passed.LOST, Passed.HERE, Passed.WON)
        }
        filtered = {
            part.key: standing(funnel(admin, question(segments=(Segment(dimension, part.key, part.name),))))
            for part in parts
        }
        transaction.set_rollback(True)
    assert {part.name: standing(part) for part in parts} == wanted
    assert filtered == {part.key: standing(part) for part in parts}
    add_up(parts, whole)
    for part in parts:
        assert part.entered == part.deals.lost + part.open + part.won
        ends = (part.entered, part.deals.lost, part.open, part.won)
        assert tuple(counts[part.key, name] for name in [*list(Passed)[:3], Passed.WON]) == ends


@generated
@given(book=st.lists(facts(histories), max_size=12), cohort=st.sampled_from(Cohort))
def test_any_cohorts_are_the_oracles_and_add_up(admin, people, book, cohort):
    with transaction.atomic():
        pipeline = Pipeline.objects.create(key="other", name="Other", is_default=False)
        for order in (1, 2):
            pipeline.stages.create(key=f"other-{order}", name="Other", order=order, confidence=50)
        write_rates()
        write(book, people)
        whole = funnel(admin, question(cohort=cohort))
        months = monthly(admin, question(cohort=cohort))
        transaction.set_rollback(True)
    wanted = oracle.parts(book, ORDER, lambda fact: f"{fact.created:%Y-%m}")
    assert {month.key: standing(month) for month in months} == wanted
    assert [month.key for month in months] == sorted(wanted)
    add_up(months, whole)


def add_up(parts, whole):
    for name in ("entered", "won", "lost", "disqualified", "open"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    for end in ("lost", "here", "advanced"):
        rest = sum(getattr(part.value, end) for part in parts) - getattr(whole.value, end)
        assert abs(rest) <= Decimal("0.005") * (len(parts) + 1), end  # each figure is rounded once


def test_a_month_is_that_of_the_organisation_also_when_its_clocks_change(admin, people):
    Organisation.objects.update(time_zone="Europe/Berlin")  # from UTC+1 to UTC+2 on 29 March 2026
    deals = write([Fact()] * 4, people)
    moments = [
        datetime(2026, 2, 28, 22, 59, tzinfo=UTC),
        datetime(2026, 2, 28, 23, tzinfo=UTC),  # 1 March
        datetime(2026, 3, 31, 21, 59, tzinfo=UTC),
        datetime(2026, 3, 31, 22, tzinfo=UTC),  # 1 April
    ]
    for deal, moment in zip(deals, moments, strict=True):
        Lead.objects.filter(pk=deal.pk).update(created_at=moment)
    found = monthly(admin, question())
    assert [(month.key, month.entered) for month in found] == [("2026-02", 1), ("2026-03", 2), ("2026-04", 1)]
    for month in found:
        asked = replace(question(), start=month.span.start, end=month.span.end)
        assert funnel(admin, asked).entered == month.entered


def test_a_month_is_cut_to_the_days_that_are_asked_for(admin, people):
    write([Fact(created=date(2026, 5, day)) for day in (1, 10, 20)], people)
    (month,) = monthly(admin, question(start=date(2026, 5, 5), end=date(2026, 5, 19)))
    assert (month.name, month.entered) == ("May 2026", 1)
    assert (month.span.start, month.span.end) == (date(2026, 5, 5), date(2026, 5, 19))


def test_parts_beyond_the_largest_are_one_line_with_its_deals(admin, people, monkeypatch):
    monkeypatch.setattr(funnel_parts, "MOST", 2)
    write([Fact(pain="Slow")] * 3 + [Fact(pain="Dear", outcome=WON)] * 2, people)
    write([Fact(pain="Old", outcome=LOST, value=Decimal(50)), Fact()], people)
    whole = funnel(admin, question())
    parts = parts_by(admin, question(), Dimension.PAIN, whole, {})
    assert [(part.name, part.entered) for part in parts] == [("Slow", 3), ("Dear", 2), ("All others", 2)]
    others = parts[-1]
    assert (others.key, others.lost, others.open, others.value.lost) == (OTHERS, 1, 1, 50)
    add_up(parts, whole)
    lost = passed_deals(admin, question(), Passed.LOST)
    assert deals_of_part(lost, admin, question(), Dimension.PAIN, OTHERS).count() == 1


def test_the_first_contact_decides_the_role(admin, people):
    deal = write([Fact(role="decider")], people)[0]
    first = deal.lead.people.get()
    deal.lead.people.create(contact=first.contact.__class__.objects.create(), role="user")
    (part,) = parts_by(admin, question(), Dimension.ROLE, funnel(admin, question()), {})
    assert (part.name, part.entered) == ("Decides", 1)


def test_a_deal_that_was_won_before_it_was_created_stands_in_the_month_of_its_creation(admin, people):
    write([Fact(outcome=WON, created=TODAY, closed_on=date(2026, 1, 2))], people)
    (month,) = monthly(admin, question())
    assert (month.key, month.won) == ("2026-06", 1)


def test_nothing_has_no_parts(admin, people):
    whole = funnel(admin, question())
    assert monthly(admin, question()) == []
    assert parts_by(admin, question(), Dimension.SOURCE, whole, {}) == []
