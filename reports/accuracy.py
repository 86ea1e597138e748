"""Whether forecasts come true: what each period was expected to bring when it began, and what it brought."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Case, Count, DecimalField, F, OuterRef, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from leads.models import User
from leads.organisation import organisation, today
from leads.querysets import visible_leads
from pipeline.models import Deal, ExchangeRate
from reports.forecast import NOTHING, cents
from reports.models import ForecastSnapshot
from reports.periods import By, Period, Span, split
from reports.scope import Scope

DAYS = """
WITH RECURSIVE days (day) AS (
    (SELECT min(taken_on) FROM reports_forecastsnapshot)
    UNION ALL
    SELECT (SELECT min(taken_on) FROM reports_forecastsnapshot WHERE taken_on > day)
    FROM days WHERE day IS NOT NULL
)
SELECT day FROM days WHERE day IS NOT NULL
"""  # hops from day to day in the index, over however many rows
MONEY = DecimalField(max_digits=30, decimal_places=10)


@dataclass(frozen=True)
class AccuracyQuery(Scope):
    """What is asked: the periods from `start` to `end`, and whose deals."""

    start: date
    end: date
    by: By = By.MONTH


@dataclass(frozen=True)
class Past:
    """A period that is over or runs: what was forecast at a snapshot, and what was won in it."""

    period: Period
    taken_on: date | None  # the last snapshot up to its first day, else the first one within it
    forecast: Decimal | None  # won by then and open × confidence
    open: Decimal | None  # open by then, at full value
    won: Decimal
    is_over: bool

    @property
    def error(self) -> Decimal | None:
        """How much more was forecast than won; of a period that is over."""
        return self.forecast - self.won if self.forecast is not None and self.is_over else None

    @property
    def error_share(self) -> Decimal | None:
        """The error as a fraction of what was won."""
        return self.error / self.won if self.error is not None and self.won else None


@dataclass(frozen=True)
class Accuracy:
    """`unconverted` counts deals of snapshots that had no rate; they stand in no figure."""

    currency: str
    snapshots: list[date]
    periods: list[Past]
    unconverted: int

    @property
    def mean_error(self) -> Decimal | None:
        """The mean of the errors' sizes, as a fraction of what was won in the same periods."""
        judged = [past for past in self.periods if past.error is not None]
        won = sum((past.won for past in judged), NOTHING)
        return sum((abs(past.error or NOTHING) for past in judged), NOTHING) / won if won else None


def accuracy(user: User, query: AccuracyQuery) -> Accuracy:
    """Each period against the snapshot with which it began."""
    days = snapshot_days()
    periods = split(Span(query.start, query.end), query.by, organisation().fiscal_year_start)
    taken = {period: _taken(period, days) for period in periods}
    then = _then(user, query, {period: day for period, day in taken.items() if day})
    won = _won(user, query, taken)
    return Accuracy(
        currency=organisation().currency,
        snapshots=days,
        periods=[_past(period, taken[period], then, won) for period in periods],
        unconverted=sum(row["foreign"] for row in then.values()),
    )


def snapshot_days() -> list[date]:
    """The days on which snapshots were taken, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(DAYS)
        return [day for (day,) in cursor.fetchall()]


def seen(user: User, query: Scope) -> Q:
    """The snapshots of deals that this user sees, by the owner, team and product line of that day."""
    condition = visible_leads(user, "deal__lead__")
    paths = {
        "owner": "owner",
        "team": "team",
        "product_line": "product_line",
        "source": "deal__lead__source",
        "campaign": "deal__lead__campaign",
        "currency": "currency",
    }
    for name, path in paths.items():
        if wanted := getattr(query, name):
            condition &= Q(**{path: wanted})
    return condition


def rate_on(day: Any, code: str = "currency") -> Case:
    """The rate of the currency in the column `code` on a day, as an expression; null without one."""
    known = ExchangeRate.objects.filter(currency=OuterRef(code), valid_from__lte=day)
    latest = Subquery(known.order_by("-valid_from").values("rate")[:1])
    own = Q(**{code: organisation().currency})
    return Case(When(own, then=Value(Decimal(1))), default=latest, output_field=MONEY)


def _taken(period: Period, days: Sequence[date]) -> date | None:
    before = [day for day in days if day <= period.start]
    within = [day for day in days if period.start < day <= period.end]
    return before[-1] if before else within[0] if within else None


def _then(user: User, query: AccuracyQuery, taken: dict[Period, date]) -> dict[str, dict[str, Any]]:
    """Of each period, by key: what was open at its snapshot and expected to close in it from that day on."""
    if not taken:
        return {}
    of_period = {
        period.key: Q(taken_on=day, expected_close_on__range=(max(period.start, day), period.end))
        for period, day in taken.items()
    }
    rows = ForecastSnapshot.objects.filter(
        seen(user, query), outcome="open", taken_on__in=set(taken.values())
    )
    placed = rows.annotate(
        period=Case(*(When(place, then=Value(key)) for key, place in of_period.items())),
        converted=F("value") * rate_on(OuterRef("taken_on")),
    ).exclude(period=None)
    summed = placed.values("period").annotate(
        open=Coalesce(Sum("converted"), NOTHING, output_field=MONEY),
        weighted=Coalesce(Sum(F("converted") * F("confidence")), NOTHING, output_field=MONEY),
        foreign=Count("pk", filter=Q(converted=None, value__isnull=False)),
    )
    return {row["period"]: dict(row) for row in summed}


def _won(user: User, query: AccuracyQuery, taken: dict[Period, date | None]) -> dict[str, dict[str, Any]]:
    """Of each period, by key: what was won in it, and `before` its snapshot."""
    places = [
        When(lead__closed_on__range=(period.start, period.end), then=Value(period.key)) for period in taken
    ]
    early = Q(pk=None)
    for period, day in taken.items():
        early |= Q(lead__closed_on__range=(period.start, day)) if day and day > period.start else Q(pk=None)
    won = Deal.objects.visible_to(user).filter(
        query.condition(), lead__outcome="won", lead__closed_on__range=(query.start, query.end)
    )
    summed = (
        won.annotate(period=Case(*places))
        .with_money(organisation().currency, today())
        .values("period")
        .annotate(won=Sum("converted"), before=Sum("converted", filter=early))
    )
    return {row["period"]: dict(row) for row in summed}


def _past(
    period: Period,
    day: date | None,
    then: dict[str, dict[str, Any]],
    won: dict[str, dict[str, Any]],
) -> Past:
    ended = won.get(period.key, {})
    start = then.get(period.key, {})
    before, opened = ended.get("before") or NOTHING, start.get("open", NOTHING)
    weighted = start.get("weighted", NOTHING) / 100
    return Past(
        period=period,
        taken_on=day,
        forecast=cents([before, weighted]) if day else None,
        open=cents([opened]) if day else None,
        won=cents([ended.get("won") or NOTHING]),
        is_over=period.end < today(),
    )
