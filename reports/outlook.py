"""What a forecast means: how far it may spread, what the target is, and what it takes to reach it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from math import ceil
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from django.db.models import Avg, Case, Count, F, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import ExtractMonth, ExtractYear

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import Deal, ExchangeRate, Target
from reports.dimensions import Dimension
from reports.forecast import (
    NOTHING,
    Bucket,
    Figures,
    Forecast,
    ForecastQuery,
    Part,
    cents,
    forecast_deals,
)
from reports.periods import YEAR_MONTHS, Period, Span
from reports.slices import Slice, forecast_split

if TYPE_CHECKING:
    from reports.ranges import Range

YEAR = timedelta(days=365)
Wanted: TypeAlias = list[tuple[Target, Decimal | None]]


@dataclass(frozen=True)
class Line:
    """A row of the report: a bucket or the total, with its target, and a range where something is open."""

    name: str
    period: str
    span: Span
    figures: Figures
    range: Range | None
    target: Decimal | None
    is_current: bool

    @property
    def against(self) -> Decimal | None:
        """How far above the target."""
        return None if self.target is None else self.figures.expected - self.target

    @property
    def short(self) -> Decimal | None:
        return None if self.against is None else -self.against

    @property
    def by_confidence(self) -> Decimal | None:
        """How far above the target with open deals by their confidence, whatever the toggle says."""
        return None if self.target is None else self.figures.won + self.figures.weighted - self.target


@dataclass(frozen=True)
class Record:
    """How the leads ended that were closed in the last twelve months, the disqualified among them."""

    closed: int
    won: int
    mean_won: Decimal | None

    @property
    def won_share(self) -> Decimal | None:
        return Decimal(self.won) / self.closed if self.closed else None


@dataclass(frozen=True)
class Gap:
    """What is missing to a target, and the pipeline, deals and leads that would fill it, where known."""

    short: Decimal
    pipeline: Decimal | None
    deals: int | None
    leads: int | None
    record: Record


@dataclass(frozen=True)
class ForecastReport:
    """All that the page says; `unconverted_targets` have no rate and stand in no line."""

    query: ForecastQuery
    forecast: Forecast
    lines: list[Line]
    total: Line
    dimension: Dimension
    slices: list[Slice]  # of the total
    unconverted_targets: list[Target]
    gap: Gap | None  # where a target is not reached

    @property
    def rows(self) -> list[Line]:
        return [*self.lines, self.total]


def forecast_report(
    user: User, query: ForecastQuery, dimension: Dimension = Dimension.OWNER
) -> ForecastReport:
    """The forecast with its ranges and targets, and what is missing."""
    figures, parts = forecast_split(user, query, dimension)
    ranges, whole = (
        _ranges(user, query, figures.buckets) if query.weighted else ([None] * len(figures.buckets), None)
    )
    wanted = _targets(user, query, figures.currency)
    lines = [
        _line(bucket.span.name, bucket.span, bucket, found, wanted)
        for bucket, found in zip(figures.buckets, ranges, strict=True)
    ]
    total = _line(query.span.label, query.span, figures.total, whole, wanted)
    return ForecastReport(
        query=query,
        forecast=figures,
        lines=lines,
        total=total,
        dimension=dimension,
        slices=parts,
        unconverted_targets=[target for target, amount in wanted if amount is None],
        gap=_gap(user, query, total) if total.by_confidence is not None and total.by_confidence < 0 else None,
    )


def whole_line(user: User, query: ForecastQuery, figures: Forecast) -> tuple[Line, list[Target]]:
    """The whole span of a forecast with its range and target, and the targets that no rate converts."""
    _, found = _ranges(user, query, figures.buckets)
    wanted = _targets(user, query, figures.currency)
    line = _line(query.span.label, query.span, figures.total, found, wanted)
    return line, [target for target, amount in wanted if amount is None]


def _line(name: str, span: Span, figures: Figures, found: Range | None, wanted: Wanted) -> Line:
    period = span.key if isinstance(span, Period) else ""
    return Line(name, period, span, figures, found, _target(wanted, span), is_current=today() in span)


def _gap(user: User, query: ForecastQuery, total: Line) -> Gap:
    """Needed pipeline = what is missing / mean confidence of the open deals shown."""
    past = _record(user, query)
    short, confidence = -(total.by_confidence or NOTHING), total.figures.mean_confidence
    pipeline = cents([short / confidence]) if confidence else None
    per_lead = past.mean_won * past.won_share if past.mean_won and past.won_share else None
    return Gap(short, pipeline, _up(pipeline, total.figures.mean_value), _up(short, per_lead), past)


def _ranges(
    user: User, query: ForecastQuery, buckets: Sequence[Bucket]
) -> tuple[list[Range | None], Range | None]:
    from reports.ranges import Lot, simulate  # noqa: PLC0415  # numpy takes a tenth of a second

    opened = forecast_deals(user, query).filter(Q(part=Part.OPEN, converted__isnull=False))
    number = ExtractYear("day") * YEAR_MONTHS + ExtractMonth("day")  # read ten times as quickly as dates
    alike = opened.annotate(month=number).values("month", "converted", "confidence")
    rows = alike.annotate(deals=Count("*")).order_by("month", "converted", "confidence")
    of_month = {
        month: [Lot(*lot) for _, *lot in same]
        for month, same in groupby(
            rows.values_list("month", "converted", "confidence", "deals"), itemgetter(0)
        )
    }
    lots = [
        [lot for month in bucket.span.months for lot in of_month.get(_number(month), ())]
        for bucket in buckets
    ]
    return simulate([(open_, bucket.won) for open_, bucket in zip(lots, buckets, strict=True)])


def _number(month: date) -> int:
    return month.year * YEAR_MONTHS + month.month


def _targets(user: User, query: ForecastQuery, currency: str) -> Wanted:
    """Each with its amount in that currency, by the rate on the first day of its month."""
    known = ExchangeRate.objects.filter(currency=OuterRef("currency"), valid_from__lte=OuterRef("month"))
    latest = known.order_by("-valid_from").values("rate")[:1]
    rate = Case(When(currency=currency, then=Decimal(1)), default=Subquery(latest))
    wanted = _targets_of(user, query).filter(month__in=query.span.months)
    return [(target, target.converted) for target in wanted.annotate(converted=F("amount") * rate)]


def target_of(user: User, query: ForecastQuery) -> tuple[Decimal | None, list[Target]]:
    """The target of the whole span, if there is any, and those that no rate converts."""
    wanted = _targets(user, query, organisation().currency)
    return _target(wanted, query.span), [target for target, amount in wanted if amount is None]


def _targets_of(user: User, query: ForecastQuery) -> QuerySet[Target]:
    if any((query.product_line, query.source, query.campaign, query.currency)):
        return Target.objects.none()
    if query.owner or query.team:
        return Target.objects.filter(owner=query.owner, team=None if query.owner else query.team)
    if user.has_perm("leads.view_all_leads"):
        return Target.objects.filter(owner=None, team=None)
    if user.has_perm("leads.view_team_leads"):
        return Target.objects.filter(team__managers=user)
    return Target.objects.filter(owner=user)


def _target(wanted: Wanted, span: Span) -> Decimal | None:
    """A month that the span only touches counts in full."""
    amounts = [amount for target, amount in wanted if amount is not None and target.month in span.months]
    return cents(amounts) if amounts else None


def _record(user: User, query: ForecastQuery) -> Record:
    won = Q(lead__outcome="won")
    closed = Deal.objects.visible_to(user).filter(query.condition(), lead__closed_on__gt=today() - YEAR)
    return Record(
        **closed.with_money(organisation().currency, today()).aggregate(
            closed=Count("pk"), won=Count("pk", filter=won), mean_won=Avg("converted", filter=won)
        )
    )


def _up(amount: Decimal | None, unit: Decimal | None) -> int | None:
    return None if amount is None or not unit else ceil(amount / unit)
