"""The forecast: what was won and what open deals may bring, by month or quarter, from one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import Case, CharField, Count, DateField, DecimalField, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import Category, Deal
from pipeline.querysets import DealQuerySet
from reports.categories import Categories, Heap
from reports.periods import By, Period, Span, month_start, split
from reports.scope import Scope

CENT = Decimal("0.01")
NOTHING = Decimal(0)


class Part(StrEnum):
    """What a deal is to a forecast; every deal has at most one."""

    WON = "won"
    OPEN = "open"
    OVERDUE = "overdue"  # open, and the expected close is past
    UNDATED = "undated"  # open, without an expected close
    WON_UNDATED = "won_undated"  # won, nobody knows when
    LOST_UNDATED = "lost_undated"


class Shown(StrEnum):
    """Which deals of a forecast a list shows."""

    DEALS = "deals"
    WON = "won"
    OPEN = "open"
    OVERDUE = "overdue"
    UNDATED = "undated"
    WON_UNDATED = "won_undated"
    LOST_UNDATED = "lost_undated"
    UNCONVERTED = "unconverted"
    COMMIT = "commit"
    BEST_CASE = "best_case"
    PIPELINE = "pipeline"
    OMITTED = "omitted"

    @property
    def is_category(self) -> bool:
        return self.value in Category

    @property
    def parts(self) -> list[Part]:
        if self == Shown.DEALS:
            return [Part.WON, Part.OPEN]
        return [Part.OPEN] if self.is_category else [Part(self)]


@dataclass(frozen=True)
class ForecastQuery(Scope):
    """What is asked: the days from `start` to `end`, both included, and whose deals."""

    start: date
    end: date
    by: By = By.MONTH
    weighted: bool = True

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What some deals bring, in the organisation's currency; each figure is rounded once, to cents."""

    won: Decimal
    open: Decimal
    weighted: Decimal
    expected: Decimal
    won_deals: int
    open_deals: int
    open_priced: int  # open deals that have a value

    @property
    def deals(self) -> int:
        return self.won_deals + self.open_deals

    @property
    def mean_confidence(self) -> Decimal | None:
        """By value, as a fraction."""
        return self.weighted / self.open if self.open else None

    @property
    def mean_value(self) -> Decimal | None:
        """Of an open deal that has a value."""
        return self.open / self.open_priced if self.open_priced else None


@dataclass(frozen=True, kw_only=True)
class Bucket(Figures):
    """The figures of a month or quarter."""

    span: Period

    @property
    def period(self) -> str:
        return self.span.key


@dataclass(frozen=True)
class Unconverted:
    """Deals in a currency without a rate: they stand in no figure."""

    currency: str
    deals: int
    value: Decimal


@dataclass(frozen=True)
class Forecast:
    """`total` adds up the buckets; everything after it stands beside them and in no total."""

    currency: str
    weighted: bool
    buckets: list[Bucket]
    total: Figures
    categories: Categories  # of the deals in the total
    overdue: Figures
    undated: Figures
    unconverted: list[Unconverted]
    won_undated: Figures
    lost_undated: int


def forecast(user: User, query: ForecastQuery) -> Forecast:
    """The figures of the deals that this user sees."""
    return forecast_of([line for line, _ in lines_by("part", forecast_deals(user, query))], query)


def forecast_of(lines: list[SummedLine], query: ForecastQuery) -> Forecast:
    """The figures of lines that were added up already."""
    known = [line for line in lines if not line.foreign]
    figures = partial(figures_of, weighted=query.weighted)
    return Forecast(
        currency=organisation().currency,
        weighted=query.weighted,
        buckets=[
            Bucket(span=period, **vars(figures(_within(known, period)))) for period in periods_of(query)
        ],
        total=figures(line for line in known if line.month),
        categories=_categories(known),
        overdue=figures(_of(known, Part.OVERDUE)),
        undated=figures(_of(known, Part.UNDATED)),
        unconverted=_unconverted(lines),
        won_undated=figures(_of(known, Part.WON_UNDATED)),
        lost_undated=sum(line.deals for line in _of(known, Part.LOST_UNDATED)),
    )


def forecast_deals(user: User, query: ForecastQuery) -> DealQuerySet:
    """Those behind the figures.

    Annotates `part`, `day` (places them), `converted`, `weighted`, `foreign` and `category`.
    """
    now = today()
    return (
        Deal.objects.visible_to(user)
        .filter(_may_count(query.span), query.condition())
        .annotate(part=_part(query.span, now), day=_day())
        .exclude(part=None)
        .with_money(organisation().currency, now)
        .annotate(foreign=_foreign())
        .with_category()
    )


def shown_deals(user: User, query: ForecastQuery, shown: Shown, period: Period | None = None) -> DealQuerySet:
    """The deals behind one number."""
    deals = forecast_deals(user, query)
    if shown == Shown.UNCONVERTED:
        return deals.filter(~Q(foreign=""))
    deals = deals.filter(Q(foreign="", part__in=shown.parts))
    if shown.is_category:
        deals = deals.filter(Q(category=shown))
    return deals.filter(Q(day__range=(period.start, period.end))) if period else deals


def periods_of(query: ForecastQuery) -> list[Period]:
    """The months or fiscal quarters that are asked for."""
    return split(query.span, query.by, organisation().fiscal_year_start)


def _may_count(span: Span) -> Q:
    """What the lead alone can tell; it spares the database most of the closed ones."""
    closed = Q(lead__outcome__in=["won", "lost"], lead__closed_on=None)
    won = Q(lead__outcome="won", lead__closed_on__range=(span.start, span.end))
    return closed | won | Q(lead__outcome="open", lead__status__in=["working", "qualified"])


def _part(span: Span, now: date) -> Case:
    won, lost = Q(lead__outcome="won"), Q(lead__outcome="lost")
    is_open = Q(lead__outcome="open", lead__status__in=["working", "qualified"])
    return Case(
        When(won & Q(lead__closed_on__range=(span.start, span.end)), then=Value(Part.WON)),
        When(won & Q(lead__closed_on=None), then=Value(Part.WON_UNDATED)),
        When(lost & Q(lead__closed_on=None), then=Value(Part.LOST_UNDATED)),
        When(is_open & Q(expected_close_on__lt=now), then=Value(Part.OVERDUE)),
        When(is_open & Q(expected_close_on__range=(span.start, span.end)), then=Value(Part.OPEN)),
        When(is_open & Q(expected_close_on=None), then=Value(Part.UNDATED)),
        output_field=CharField(),
    )


def _day() -> Case:
    """What places a deal in a period; null for those that stand beside the periods."""
    return Case(
        When(part=Part.WON, then=F("lead__closed_on")),
        When(part=Part.OPEN, then=F("expected_close_on")),
        output_field=DateField(),
    )


def _foreign() -> Case:
    """The currency of a deal whose value cannot be converted, else empty."""
    has_no_rate = Q(converted=None, value__isnull=False) & ~Q(part=Part.LOST_UNDATED)
    return Case(When(has_no_rate, then=F("currency")), default=Value(""))


@dataclass(frozen=True)
class SummedLine:
    """Deals of one part, month, category and foreign currency, added up and not rounded yet."""

    part: Part
    month: date | None
    category: str
    foreign: str
    deals: int
    priced: int
    money: Decimal
    sum_weighted: Decimal


def lines_by(name: str, deals: DealQuerySet) -> list[tuple[SummedLine, str]]:
    """Each line with the value that its deals have in the annotation `name`."""
    alike = deals.annotate(month=TruncMonth("day"), value_of=F(name))
    summed = alike.values("part", "month", "category", "foreign", "value_of").annotate(
        deals=Count("*"),
        priced=Count("value"),
        money=Coalesce(Sum("converted"), Sum("value"), NOTHING, output_field=DecimalField()),
        sum_weighted=Coalesce(Sum("weighted"), NOTHING, output_field=DecimalField()),
    )
    rows: list[dict[str, Any]] = [dict(row) for row in summed]
    return [(SummedLine(**row), value) for row in rows for value in [row.pop("value_of")]]


def _categories(lines: Iterable[SummedLine]) -> Categories:
    placed = [line for line in lines if line.month]
    heaps = {
        category: Heap(sum(line.deals for line in same), cents(line.money for line in same))
        for category in Category.values
        for same in [[line for line in _of(placed, Part.OPEN) if line.category == category]]
    }
    return Categories(closed=cents(line.money for line in _of(placed, Part.WON)), **heaps)


def _of(lines: Iterable[SummedLine], part: Part) -> list[SummedLine]:
    return [line for line in lines if line.part == part]


def _within(lines: Iterable[SummedLine], period: Period) -> list[SummedLine]:
    return [line for line in lines if line.month and month_start(period.start) <= line.month <= period.end]


def figures_of(lines: Iterable[SummedLine], *, weighted: bool) -> Figures:
    lines = list(lines)
    won = [line for line in lines if line.part in (Part.WON, Part.WON_UNDATED)]
    open_ = [line for line in lines if line not in won]
    won_money = cents(line.money for line in won)
    open_money = cents(line.money for line in open_)
    open_weighted = cents(line.sum_weighted for line in open_)
    return Figures(
        won=won_money,
        open=open_money,
        weighted=open_weighted,
        expected=won_money + (open_weighted if weighted else open_money),
        won_deals=sum(line.deals for line in won),
        open_deals=sum(line.deals for line in open_),
        open_priced=sum(line.priced for line in open_),
    )


def _unconverted(lines: list[SummedLine]) -> list[Unconverted]:
    currencies = sorted({line.foreign for line in lines} - {""})
    by_currency = {currency: [line for line in lines if line.foreign == currency] for currency in currencies}
    return [
        Unconverted(currency, sum(line.deals for line in same), cents(line.money for line in same))
        for currency, same in by_currency.items()
    ]


def cents(amounts: Iterable[Decimal]) -> Decimal:
    """Their sum, rounded once."""
    return sum(amounts, NOTHING).quantize(CENT, ROUND_HALF_UP)
