"""Losses: why, where, to whom and by whom deals were lost, and when; every figure of the same deals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, DecimalField, F, Q, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import organisation, today
from pipeline.models import Deal, LostReason, Stage
from pipeline.names import name_of
from pipeline.querysets import DealQuerySet
from reports.flows import Reason
from reports.forecast import NOTHING, Unconverted, cents
from reports.funnel import NO_REASONS, UNTOLD
from reports.periods import DAY, By, Period, Span, add_months, month_start, split
from reports.reach import with_reach
from reports.scope import Scope

NONE = "none"
WITHOUT_RATE = Q(converted=None, value__isnull=False)
MOST_PERIODS = 60


class Split(StrEnum):
    """What losses are told apart by, beside their reasons."""

    STAGE = "stage"
    COMPETITOR = "competitor"
    OWNER = "owner"

    @property
    def label(self) -> str:
        return "Rep" if self == Split.OWNER else self.capitalize()

    @property
    def missing(self) -> str:
        """The name of the line of those that have none."""
        return {
            Split.STAGE: "No stage",
            Split.COMPETITOR: "No competitor named",
            Split.OWNER: "Nobody",
        }[self]


LINES: dict[Split, tuple[Any, Any]] = {
    # what tells its deals apart, and a second thing to know of it
    Split.STAGE: (F("furthest"), F("stage__pipeline")),
    Split.COMPETITOR: (F("lost_to"), F("lost_to__name")),
    Split.OWNER: (F("closed_owner"), name_of("closed_owner")),
}


class Shown(StrEnum):
    """Which deals of the report a list shows."""

    LOST = "lost"
    UNCONVERTED = "unconverted"
    UNDATED = "undated"  # lost, nobody knows when: beside a period
    WON = "won"
    DISQUALIFIED = "disqualified"


@dataclass(frozen=True)
class LossesQuery(Scope):
    """What is asked: deals lost from `start` to `end`, both included; None for any day, known or not."""

    start: date | None = None
    end: date | None = None
    by: By = By.MONTH

    @property
    def is_dated(self) -> bool:
        return bool(self.start or self.end)


@dataclass(frozen=True)
class Pile:
    """Lost deals, and what they are worth in the organisation's currency."""

    deals: int
    value: Decimal

    @property
    def mean(self) -> Decimal | None:
        return self.value / self.deals if self.deals else None


@dataclass(frozen=True)
class Line:
    """The losses of one stage, competitor, rep or period: all, and by the keys of their reasons."""

    key: str
    name: str
    total: Pile
    reasons: dict[str, Pile]
    span: Span | None = None  # of a period


@dataclass(frozen=True)
class Losses:
    """Each list of lines adds up to the total; what comes after `periods` stands beside it."""

    currency: str
    total: Pile
    reasons: list[Reason]
    stages: list[Line]
    competitors: list[Line]
    owners: list[Line]
    periods: list[Line]
    unconverted: list[Unconverted]  # counted in the total, without a value
    undated: int
    won: int
    disqualified: int

    @property
    def loss_rate(self) -> float | None:
        """Lost of those won or lost."""
        closed = self.total.deals + self.won
        return self.total.deals / closed if closed else None

    @property
    def named(self) -> Pile:
        """What was lost to competitors with a name."""
        lines = [line.total for line in self.competitors if line.key != NONE]
        return Pile(sum(pile.deals for pile in lines), sum((pile.value for pile in lines), NOTHING))

    def lines(self, split: Split) -> list[Line]:
        """Those of one split."""
        return {Split.STAGE: self.stages, Split.COMPETITOR: self.competitors, Split.OWNER: self.owners}[split]


def losses(user: User, query: LossesQuery) -> Losses:
    """The figures of the deals that this user sees."""
    deals = lost_deals(user, query)
    told = {reason.pk: reason for reason in LostReason.objects.all()}
    monthly = _cells(deals, TruncMonth("lead__closed_on"), Value(""), told)
    by = {split: _cells(deals, *LINES[split], told) for split in Split}
    beside = _beside(user, query)
    return Losses(
        currency=organisation().currency,
        total=_pile(monthly),
        reasons=_reasons(monthly, told),
        stages=_stage_lines(by[Split.STAGE]),
        competitors=_lines(by[Split.COMPETITOR], Split.COMPETITOR),
        owners=_lines(by[Split.OWNER], Split.OWNER),
        periods=_periods(monthly, query),
        unconverted=_unconverted(deals),
        undated=beside[Shown.UNDATED] if query.is_dated else 0,
        won=beside[Shown.WON],
        disqualified=beside[Shown.DISQUALIFIED],
    )


def lost_deals(user: User, query: LossesQuery) -> DealQuerySet:
    """The lost ones; annotates `converted`, and `furthest`: the order of the stage that each reached."""
    return with_reach(shown_deals(user, query, Shown.LOST))


def shown_deals(user: User, query: LossesQuery, shown: Shown) -> DealQuerySet:
    """The deals behind one number of the whole report."""
    deals = Deal.objects.visible_to(user).filter(query.condition(), _which(query, shown))
    deals = deals.with_money(organisation().currency, today())
    return deals.filter(WITHOUT_RATE) if shown == Shown.UNCONVERTED else deals


def sliced(deals: DealQuerySet, split: Split, key: str) -> DealQuerySet:
    """Those of lost deals that stand in the line with this key."""
    if split == Split.STAGE:
        stages = Stage.objects.current()
        reached = [_reached(stage) for stage in (stages if key == NONE else stages.filter(pk=key))]
        here = reduce(or_, reached, Q(pk__in=[]))
        return deals.exclude(here) if key == NONE else deals.filter(here)
    column = "lost_to" if split == Split.COMPETITOR else "closed_owner"
    return deals.filter(**{column: None if key == NONE else int(key)})


@dataclass(frozen=True)
class _Cell:
    """Deals of one line that were lost for the same reason; the money is not rounded yet."""

    line: Any
    more: Any  # of the line: a name, or the pipeline of a stage
    reason: str
    deals: int
    money: Decimal


def _cells(deals: DealQuerySet, line: Any, more: Any, told: Mapping[int, LostReason]) -> list[_Cell]:
    alike = deals.values(line=line, more=more, reason=F("lost_reason")).order_by()
    summed = alike.annotate(
        deals=Count("*"), money=Coalesce(Sum("converted"), NOTHING, output_field=DecimalField())
    )
    rows: list[dict[str, Any]] = [dict(row) for row in summed]
    return [_Cell(**row | {"reason": _key(row["reason"], told)}) for row in rows]


def _key(reason: int | None, told: Mapping[int, LostReason]) -> str:
    return UNTOLD if reason is None else told[reason].key


def _reached(stage: Stage) -> Q:
    return Q(stage__pipeline=stage.pipeline_id, furthest=stage.order)


def _which(query: LossesQuery, shown: Shown) -> Q:
    if shown == Shown.UNDATED:
        return Q(lead__outcome=Outcome.LOST, lead__closed_on=None)
    ends = {Shown.WON: Outcome.WON, Shown.DISQUALIFIED: Outcome.DISQUALIFIED}
    condition = Q(lead__outcome=ends.get(shown, Outcome.LOST))
    if query.start:
        condition &= Q(lead__closed_on__gte=query.start)
    return condition & Q(lead__closed_on__lte=query.end) if query.end else condition


def _stage_lines(cells: list[_Cell]) -> list[Line]:
    """Current stages in their order, with the name of their pipeline where there are several."""
    stages = list(Stage.objects.current().select_related("pipeline").order_by("pipeline", "order"))
    is_one = len({stage.pipeline_id for stage in stages}) == 1
    at: dict[tuple[Any, Any], list[_Cell]] = {}
    for cell in cells:
        at.setdefault((cell.more, cell.line), []).append(cell)
    lines = [
        _line_of(str(stage.pk), stage.name if is_one else f"{stage.pipeline}: {stage}", found)
        for stage in stages
        for found in [at.pop((stage.pipeline_id, stage.order), [])]
        if found
    ]
    rest = [cell for others in at.values() for cell in others]
    return [*lines, _line_of(NONE, Split.STAGE.missing, rest)] if rest else lines


def _lines(cells: list[_Cell], split: Split) -> list[Line]:
    """Most deals first; those without a name last."""
    names = {cell.line: cell.more or "" for cell in cells if cell.line is not None}
    lines = [_line(key, name, cells) for key, name in names.items()]
    ordered = sorted(lines, key=lambda line: (-line.total.deals, -line.total.value, line.name))
    return ordered + _nameless(cells, split)


def _nameless(cells: list[_Cell], split: Split) -> list[Line]:
    without = [cell for cell in cells if cell.line is None]
    return [_line_of(NONE, split.missing, without)] if without else []


def _line(key: int, name: str, cells: Iterable[_Cell]) -> Line:
    return _line_of(str(key), name, [cell for cell in cells if cell.line == key])


def _line_of(key: str, name: str, cells: list[_Cell], span: Span | None = None) -> Line:
    reasons: dict[str, list[_Cell]] = {}
    for cell in cells:
        reasons.setdefault(cell.reason, []).append(cell)
    return Line(key, name, _pile(cells), {reason: _pile(same) for reason, same in reasons.items()}, span)


def _periods(cells: list[_Cell], query: LossesQuery) -> list[Line]:
    """Every month or quarter of the period asked for, else from the first loss to the last one."""
    months = sorted(cell.line for cell in cells if cell.line)
    lines = []
    if months or (query.start and query.end):
        first = query.start or months[0]
        last = query.end or add_months(max(month_start(first), *months[-1:]), 1) - DAY
        periods = split(Span(first, last), query.by, organisation().fiscal_year_start)
        lines = _dated_lines(cells, periods[-MOST_PERIODS:], months)
    undated = [cell for cell in cells if cell.line is None]
    return [*lines, _line_of("undated", "Date unknown", undated)] if undated else lines


def _dated_lines(cells: list[_Cell], periods: list[Period], months: list[date]) -> list[Line]:
    first = periods[0].start
    before = [cell for cell in cells if cell.line and cell.line < month_start(first)]
    earlier = Span(months[0], first - DAY) if before else None
    lines = [_line_of("earlier", f"Before {periods[0].name}", before, earlier)] if before else []
    return lines + [
        _line_of(
            period.key,
            period.name,
            [cell for cell in cells if cell.line and month_start(period.start) <= cell.line <= period.end],
            period,
        )
        for period in periods
    ]


def _reasons(cells: list[_Cell], told: Mapping[int, LostReason]) -> list[Reason]:
    """Most frequent first."""
    names = {reason.key: reason.name for reason in told.values()} | NO_REASONS
    piles = _line_of("", "", cells).reasons
    reasons = [Reason(key, names[key], pile.deals, pile.value) for key, pile in piles.items()]
    return sorted(reasons, key=lambda reason: (-reason.deals, -reason.value, reason.name))


def _unconverted(deals: DealQuerySet) -> list[Unconverted]:
    foreign = deals.filter(WITHOUT_RATE).values("currency").order_by("currency")
    rows = foreign.annotate(deals=Count("*"), worth=Sum("value"))
    return [Unconverted(row["currency"], row["deals"], row["worth"]) for row in rows]


def _beside(user: User, query: LossesQuery) -> dict[str, int]:
    """How many deals were won or disqualified in the period, and lost on a day that nobody knows."""
    closed = Deal.objects.visible_to(user).filter(query.condition()).exclude(lead__outcome=Outcome.OPEN)
    shown = (Shown.WON, Shown.DISQUALIFIED, Shown.UNDATED)
    return closed.aggregate(**{name: Count("pk", filter=_which(query, name)) for name in shown})


def _pile(cells: Iterable[_Cell]) -> Pile:
    cells = list(cells)
    return Pile(sum(cell.deals for cell in cells), cents(cell.money for cell in cells))
