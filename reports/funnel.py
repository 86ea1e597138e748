"""The funnel: how far the deals of a pipeline came, where they were lost and why, from one query."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Generic, TypeVar

from django.db.models import (
    Case,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    When,
)
from django.db.models.functions import Coalesce

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_midnight, organisation, today
from leads.querysets import visible_leads
from pipeline.models import Deal, LostReason, Pipeline, Stage, StageChange
from pipeline.querysets import DealQuerySet
from reports.forecast import NOTHING, cents
from reports.periods import DAY
from reports.scope import Scope
from scoring.models import Band

DISQUALIFIED, UNTOLD = "~disqualified", "~untold"  # no lost reason can have such a key
NO_REASONS = {DISQUALIFIED: "Disqualified", UNTOLD: "No reason given"}

Amount = TypeVar("Amount", int, Decimal)


class Cohort(StrEnum):
    """Which date decides whether a deal belongs to the period."""

    CREATED = "created"
    ENTERED = "entered"


class Passed(StrEnum):
    """Which deals of a stage, or of the whole funnel, a list shows."""

    ENTERED = "entered"
    LOST = "lost"
    HERE = "here"
    ADVANCED = "advanced"
    WON = "won"


@dataclass(frozen=True)
class FunnelQuery(Scope):
    """What is asked: a pipeline's deals that were created, or entered it, on these days, both included."""

    pipeline: Pipeline
    start: date | None = None
    end: date | None = None
    cohort: Cohort = Cohort.CREATED


@dataclass(frozen=True)
class Cell:
    """Deals that came equally far with the same end, reason and first band; the money is not rounded yet."""

    reach: int
    outcome: str
    reason: int | None
    band: int | None
    deals: int
    money: Decimal
    foreign: int


@dataclass(frozen=True)
class Reason:
    """Why deals were lost, how many, and what they are worth in the organisation's currency."""

    key: str
    name: str
    deals: int
    value: Decimal


@dataclass(frozen=True)
class Split(Generic[Amount]):
    """What entered a stage is lost there, still here, or advanced from it: always all of it."""

    lost: Amount
    here: Amount
    advanced: Amount

    @property
    def entered(self) -> Amount:
        return self.lost + self.here + self.advanced

    @property
    def share(self) -> float | None:
        """What advanced, of all that entered."""
        return float(self.advanced / self.entered) if self.entered else None


@dataclass(frozen=True)
class StageFlow:
    """What became of the deals that entered a stage, counted and in the organisation's currency."""

    stage: str
    name: str
    deals: Split[int]
    value: Split[Decimal]
    reasons: list[Reason]

    @property
    def entered(self) -> int:
        return self.deals.entered

    @property
    def lost(self) -> int:
        return self.deals.lost

    @property
    def here(self) -> int:
        return self.deals.here

    @property
    def advanced(self) -> int:
        return self.deals.advanced

    @property
    def lost_value(self) -> Decimal:
        return self.value.lost

    @property
    def mean_lost_value(self) -> Decimal | None:
        return self.lost_value / self.lost if self.lost else None


@dataclass(frozen=True)
class BandFlow:
    """Deals by the band in which their lead stood on entering, if it was in any."""

    band: Band | None
    entered: int
    won: int

    @property
    def won_share(self) -> float:
        return self.won / self.entered


@dataclass(frozen=True)
class Funnel:
    """The stages in order, and how all deals stand: those that advanced to the end are won."""

    currency: str
    stages: list[StageFlow]
    deals: Split[int]
    value: Split[Decimal]
    disqualified: int  # of those lost
    bands: list[BandFlow]
    reasons: list[Reason]
    unconverted: int

    @property
    def entered(self) -> int:
        return self.deals.entered

    @property
    def won(self) -> int:
        return self.deals.advanced

    @property
    def lost(self) -> int:
        """Without the disqualified, who are lost only at their stage."""
        return self.deals.lost - self.disqualified

    @property
    def open(self) -> int:
        return self.deals.here

    @property
    def win_rate(self) -> float | None:
        """Won of those won or lost; None when nothing is."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def mean_lost_value(self) -> Decimal | None:
        return self.value.lost / self.deals.lost if self.deals.lost else None

    @property
    def costliest_leak(self) -> StageFlow | None:
        """The stage where most value is lost."""
        leak = max(self.stages, key=attrgetter("value.lost"), default=None)
        return leak if leak and leak.value.lost else None

    @property
    def largest_leak(self) -> StageFlow | None:
        """The stage where most deals are lost."""
        leak = max(self.stages, key=attrgetter("deals.lost"), default=None)
        return leak if leak and leak.deals.lost else None


def funnel(user: User, query: FunnelQuery) -> Funnel:
    """The figures of the deals that this user sees."""
    cells, told = _cells(funnel_deals(user, query)), LostReason.objects.in_bulk()
    ended = {end: [cell for cell in cells if cell.outcome == end] for end in Outcome}
    lost = ended[Outcome.LOST] + ended[Outcome.DISQUALIFIED]
    deals, value = _split(lost, ended[Outcome.OPEN], ended[Outcome.WON])
    return Funnel(
        currency=organisation().currency,
        stages=[_flow(cells, stage, told) for stage in query.pipeline.stages.current()],
        deals=deals,
        value=value,
        disqualified=_deals(ended[Outcome.DISQUALIFIED]),
        bands=_bands(cells),
        reasons=_reasons(lost, told),
        unconverted=sum(cell.foreign for cell in cells),
    )


def funnel_deals(user: User, query: FunnelQuery) -> DealQuerySet:
    """The deals of the funnel, each with `furthest`: the order of the furthest stage it ever entered."""
    entries = StageChange.objects.filter(to_stage__pipeline=query.pipeline)
    backwards = Q(to_stage__order__lt=F("from_stage__order")) | ~Q(from_stage__pipeline=query.pipeline)
    went_back = entries.filter(backwards, from_stage__isnull=False).values(
        "deal"
    )  # few, so the rest is spared
    orders = entries.filter(deal=OuterRef("pk")).order_by("-to_stage__order").values("to_stage__order")[:1]
    furthest = Case(When(pk__in=went_back, then=Subquery(orders)), default=F("stage__order"))
    deals = Deal.objects.filter(in_funnel(user, query))
    return deals.annotate(furthest=furthest).with_money(organisation().currency, today())


def in_funnel(user: User, query: FunnelQuery, prefix: str = "") -> Q:
    """The condition that a row's deal is in the funnel; `prefix` is the path to the deal."""
    moment = f"{prefix}lead__created_at" if query.cohort == Cohort.CREATED else f"{prefix}entered_at"
    condition = visible_leads(user, f"{prefix}lead__")
    condition &= Q(**{f"{prefix}entered_at__isnull": False, f"{prefix}stage__pipeline": query.pipeline})
    if query.start:
        condition &= Q(**{f"{moment}__gte": local_midnight(query.start)})
    if query.end:
        condition &= Q(**{f"{moment}__lt": local_midnight(query.end + DAY)})
    return condition & query.condition(prefix)


def passed_deals(user: User, query: FunnelQuery, passed: Passed, stage: Stage | None = None) -> DealQuerySet:
    """The deals behind one number, of a stage or of the whole funnel."""
    deals = funnel_deals(user, query)
    won, lost = Q(lead__outcome=Outcome.WON), Q(lead__outcome__in=[Outcome.LOST, Outcome.DISQUALIFIED])
    reached = Q(furthest=stage.order) if stage else Q()
    return deals.filter(
        {
            Passed.ENTERED: won | Q(furthest__gte=stage.order) if stage else Q(),
            Passed.LOST: lost & reached,
            Passed.HERE: Q(lead__outcome=Outcome.OPEN) & reached,
            Passed.ADVANCED: won | Q(furthest__gt=stage.order) if stage else won,
            Passed.WON: won,
        }[passed]
    )


def with_reason(deals: DealQuerySet, key: str) -> DealQuerySet:
    """Those lost for the reason with this key."""
    if key == DISQUALIFIED:
        return deals.filter(lead__outcome=Outcome.DISQUALIFIED)
    lost = deals.filter(lead__outcome=Outcome.LOST)
    return lost.filter(lost_reason=None) if key == UNTOLD else lost.filter(lost_reason__key=key)


def pipelines_for(user: User) -> list[Pipeline]:
    """All of them, first those with deals that this user sees, so that no funnel is empty without need."""
    deals = Deal.objects.visible_to(user).entered().filter(stage__pipeline=OuterRef("pk"))
    return list(Pipeline.objects.order_by(Exists(deals).desc(), "pk"))


def _cells(deals: DealQuerySet) -> list[Cell]:
    alike = deals.values(
        reach=F("furthest"), outcome=F("lead__outcome"), reason=F("lost_reason"), band=F("entry_band")
    )
    rows = alike.annotate(
        deals=Count("*"),
        money=Coalesce(Sum("converted"), NOTHING, output_field=DecimalField()),
        foreign=Count("pk", filter=Q(converted=None, value__isnull=False)),
    )
    return [Cell(**row) for row in rows]


def _flow(cells: Iterable[Cell], stage: Stage, told: Mapping[int, LostReason]) -> StageFlow:
    lost: list[Cell] = []
    here: list[Cell] = []
    advanced: list[Cell] = []
    for cell in cells:
        if cell.reach > stage.order or cell.outcome == Outcome.WON:
            advanced.append(cell)
        elif cell.reach == stage.order:
            (here if cell.outcome == Outcome.OPEN else lost).append(cell)
    deals, value = _split(lost, here, advanced)
    return StageFlow(stage.key, stage.name, deals, value, _reasons(lost, told))


def _split(lost: list[Cell], here: list[Cell], advanced: list[Cell]) -> tuple[Split[int], Split[Decimal]]:
    ends = (lost, here, advanced)
    return Split(*(_deals(cells) for cells in ends)), Split(*(_value(cells) for cells in ends))


def _reasons(lost: list[Cell], told: Mapping[int, LostReason]) -> list[Reason]:
    """Most frequent first."""
    alike: dict[tuple[str, str], list[Cell]] = {}
    for cell in lost:
        alike.setdefault(_reason(cell, told), []).append(cell)
    reasons = [Reason(key, name, _deals(cells), _value(cells)) for (key, name), cells in alike.items()]
    return sorted(reasons, key=lambda reason: (-reason.deals, reason.name))


def _reason(cell: Cell, told: Mapping[int, LostReason]) -> tuple[str, str]:
    """Key and name; the disqualified are one reason, and so are those without any."""
    if cell.outcome == Outcome.DISQUALIFIED or cell.reason is None:
        key = DISQUALIFIED if cell.outcome == Outcome.DISQUALIFIED else UNTOLD
        return key, NO_REASONS[key]
    return told[cell.reason].key, told[cell.reason].name


def _bands(cells: list[Cell]) -> list[BandFlow]:
    by_band = {
        band: [cell for cell in cells if cell.band == (band and band.pk)]
        for band in [*Band.objects.all(), None]
    }
    return [
        BandFlow(band, _deals(entered), _deals(_won(entered))) for band, entered in by_band.items() if entered
    ]


def _won(cells: Iterable[Cell]) -> list[Cell]:
    return [cell for cell in cells if cell.outcome == Outcome.WON]


def _deals(cells: Iterable[Cell]) -> int:
    return sum(cell.deals for cell in cells)


def _value(cells: Iterable[Cell]) -> Decimal:
    return cents(cell.money for cell in cells)
