"""The forecast as it stood, week by week: what will tell one day whether forecasts come true."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from pipeline.models import Deal
from reports.models import ForecastSnapshot

WEEK = timedelta(days=7)


def take_weekly_snapshot(day: date) -> int:
    """Take a snapshot unless this week, from Monday on, has one; the number of deals written."""
    monday = day - timedelta(days=day.weekday())
    has_one = ForecastSnapshot.objects.filter(taken_on__range=(monday, day)).exists()
    return 0 if has_one else take_snapshot(day)


def take_snapshot(day: date) -> int:
    """Write down every deal of the forecast once for this day; the number of deals written."""
    select, parameters = _deals_on(day).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO reports_forecastsnapshot ({', '.join(_columns(day))}) {select} "
            "ON CONFLICT (taken_on, deal_id) DO NOTHING",  # a second run, or two at once
            parameters,
        )
        return int(cursor.rowcount)


def _deals_on(day: date) -> "QuerySet[Deal, Any]":
    """Open deals, and those that closed in the week before."""
    is_open = Q(lead__outcome="open", lead__status__in=["working", "qualified"])
    has_closed = Q(lead__closed_on__gt=day - WEEK, lead__closed_on__lte=day)
    values = {f"seen_{name}": value for name, value in _columns(day).items()}
    return Deal.objects.filter(is_open | has_closed).annotate(**values).values_list(*values)


def _columns(day: date) -> dict[str, Any]:
    is_open = Q(lead__outcome="open")
    return {
        "taken_on": Value(day),
        "deal_id": F("lead_id"),
        "stage_id": F("stage_id"),
        "owner_id": Case(When(is_open, then=F("lead__owner_id")), default=F("closed_owner_id")),
        "team_id": Case(When(is_open, then=F("lead__owner__team_id")), default=F("closed_team_id")),
        "product_line_id": F("lead__product_line_id"),
        "outcome": F("lead__outcome"),
        "value": F("value"),
        "currency": F("currency"),
        "confidence": F("confidence"),
        "expected_close_on": F("expected_close_on"),
        "closed_on": F("lead__closed_on"),
    }
