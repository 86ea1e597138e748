"""The weekly memory of the forecast."""

from datetime import timedelta

import pytest

from reports.models import ForecastSnapshot
from reports.snapshots import take_snapshot, take_weekly_snapshot
from reports.tasks import snapshot_forecast
from tests.reports.facts import LOST, TODAY, WON, Fact, write
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def test_it_holds_open_deals_and_those_closed_in_the_week_before(people):
    week = timedelta(days=7)
    write(
        [
            Fact(confidence=35, expected_close_on=TODAY),
            Fact(status="new"),
            Fact(outcome=WON, closed_on=TODAY, owner=0, closed_owner=2),
            Fact(outcome=LOST, closed_on=TODAY - week),
            Fact(outcome=WON),
        ],
        people,
    )
    assert take_snapshot(TODAY) == 2
    opened, won = ForecastSnapshot.objects.order_by("deal")
    assert (opened.owner, opened.team, opened.confidence) == (people[0], people[0].team, 35)
    assert (opened.stage.key, opened.expected_close_on, opened.taken_on) == ("qualify", TODAY, TODAY)
    assert (won.owner, won.team, won.closed_on, won.outcome) == (people[2], people[2].team, TODAY, WON)


def test_a_second_run_of_a_day_adds_only_what_is_new(people):
    write([Fact()], people)
    assert take_snapshot(TODAY) == 1
    write([Fact()], people)
    assert (take_snapshot(TODAY), take_snapshot(TODAY)) == (1, 0)


def test_the_task_takes_one_a_week(people):
    write([Fact()], people)
    snapshot_forecast()
    snapshot_forecast()
    assert ForecastSnapshot.objects.count() == 1
    monday = TODAY - timedelta(days=TODAY.weekday())
    assert [take_weekly_snapshot(monday + timedelta(days=day)) for day in (0, 6, 7, 8)] == [0, 0, 1, 0]


def test_it_is_one_statement(people):
    write([Fact()] * 5, people)
    assert statements_of(lambda: take_snapshot(TODAY)) == 1
