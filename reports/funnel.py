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
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_midnight, organisation, today
from pipeline.models import Deal, LostReason, Pipeline, Stage, StageChange
from pipeline.querysets import DealQuerySet
from reports.forecast import NOTHING, cents
from reports.periods import DAY
from scoring.models import Band

DISQUALIFIED, UNTOLD = "~disqualified", "~untold"  # no lost reason can have such a key

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
class FunnelQuery:
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
    reason: str
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
    cells, names = _cells(funnel_deals(user, query)), reason_names()
    ended = {end: [cell for cell in cells if cell.outcome == end] for end in Outcome}
    lost = ended[Outcome.LOST] + ended[Outcome.DISQUALIFIED]
    deals, value = _split(lost, ended[Outcome.OPEN], ended[Outcome.WON])
    return Funnel(
        currency=organisation().currency,
        stages=[_flow(cells, stage, names) for stage in query.pipeline.stages.all()],
        deals=deals,
        value=value,
        disqualified=_deals(ended[Outcome.DISQUALIFIED]),
        bands=_bands(cells),
        reasons=_reasons(lost, names),
        unconverted=sum(cell.foreign for cell in cells),
    )


def funnel_deals(user: User, query: FunnelQuery) -> DealQuerySet:
    """The deals of the funnel, each with its `reach`: the order of the furthest stage it ever entered."""
    furthest = StageChange.objects.filter(deal=OuterRef("pk"), to_stage__pipeline=query.pipeline)
    orders = furthest.order_by("-to_stage__order").values("to_stage__order")[:1]
    return (
        Deal.objects.visible_to(user)
        .entered()
        .filter(_in_cohort(query), stage__pipeline=query.pipeline)
        .annotate(reach=Greatest(F("stage__order"), Subquery(orders)))  # null counts for nothing
        .with_money(organisation().currency, today())
    )


def passed_deals(user: User, query: FunnelQuery, passed: Passed, stage: Stage | None = None) -> DealQuerySet:
    """The deals behind one number, of a stage or of the whole funnel."""
    deals = funnel_deals(user, query)
    won, lost = Q(lead__outcome=Outcome.WON), Q(lead__outcome__in=[Outcome.LOST, Outcome.DISQUALIFIED])
    reached = Q(reach=stage.order) if stage else Q()
    return deals.filter(
        {
            Passed.ENTERED: won | Q(reach__gte=stage.order) if stage else Q(),
            Passed.LOST: lost & reached,
            Passed.HERE: Q(lead__outcome=Outcome.OPEN) & reached,
            Passed.ADVANCED: won | Q(reach__gt=stage.order) if stage else won,
            Passed.WON: won,
        }[passed]
    )


def with_reason(deals: DealQuerySet, key: str) -> DealQuerySet:
    """Those lost for the reason with this key."""
    return deals.annotate(reason=_reason()).filter(reason=key)


def reason_names() -> dict[str, str]:
    """The reasons for a loss by their keys, with those that are none of the organisation's."""
    names = dict(LostReason.objects.values_list("key", "name"))
    return names | {DISQUALIFIED: "Disqualified", UNTOLD: "No reason given"}


def pipelines_for(user: User) -> list[Pipeline]:
    """All of them, first those with deals that this user sees, so that no funnel is empty without need."""
    deals = Deal.objects.visible_to(user).entered().filter(stage__pipeline=OuterRef("pk"))
    return list(Pipeline.objects.order_by(Exists(deals).desc(), "pk"))


def _in_cohort(query: FunnelQuery) -> Q:
    moment = "lead__created_at" if query.cohort == Cohort.CREATED else "entered_at"
    condition = Q(**{f"{moment}__gte": local_midnight(query.start)}) if query.start else Q()
    if query.end:
        condition &= Q(**{f"{moment}__lt": local_midnight(query.end + DAY)})
    return condition


def _cells(deals: DealQuerySet) -> list[Cell]:
    rows = deals.values("reach", outcome=F("lead__outcome"), reason=_reason(), band=F("entry_band")).annotate(
        deals=Count("*"),
        money=Coalesce(Sum("converted"), NOTHING, output_field=DecimalField()),
        foreign=Count("pk", filter=Q(converted=None, value__isnull=False)),
    )
    return [Cell(**row) for row in rows]


def _reason() -> Case:
    """The key of the reason why a deal was lost; the disqualified are one, and so are those without any."""
    return Case(
        When(lead__outcome=Outcome.DISQUALIFIED, then=Value(DISQUALIFIED)),
        When(lead__outcome=Outcome.LOST, then=Coalesce("lost_reason__key", Value(UNTOLD))),
        default=Value(""),
        output_field=CharField(),
    )


def _flow(cells: Iterable[Cell], stage: Stage, reasons: Mapping[str, str]) -> StageFlow:
    lost, here, advanced = [], [], []
    for cell in cells:
        if cell.reach > stage.order or cell.outcome == Outcome.WON:
            advanced.append(cell)
        elif cell.reach == stage.order:
            (here if cell.outcome == Outcome.OPEN else lost).append(cell)
    deals, value = _split(lost, here, advanced)
    return StageFlow(stage.key, stage.name, deals, value, _reasons(lost, reasons))


def _split(lost: list[Cell], here: list[Cell], advanced: list[Cell]) -> tuple[Split[int], Split[Decimal]]:
    ends = (lost, here, advanced)
    return Split(*(_deals(cells) for cells in ends)), Split(*(_value(cells) for cells in ends))


def _reasons(lost: list[Cell], names: Mapping[str, str]) -> list[Reason]:
    """Most frequent first."""
    by_key = {key: [cell for cell in lost if cell.reason == key] for key in {cell.reason for cell in lost}}
    shares = [Reason(key, names[key], _deals(cells), _value(cells)) for key, cells in by_key.items()]
    return sorted(shares, key=lambda share: (-share.deals, share.name))


def _bands(cells: list[Cell]) -> list[BandFlow]:
    flows = []
    for band in [*Band.objects.all(), None]:
        entered = [cell for cell in cells if cell.band == (band and band.pk)]
        if entered:
            flows.append(
                BandFlow(
                    band, _deals(entered), _deals(cell for cell in entered if cell.outcome == Outcome.WON)
                )
            )
    return flows


def _deals(cells: Iterable[Cell]) -> int:
    return sum(cell.deals for cell in cells)


def _value(cells: Iterable[Cell]) -> Decimal:
    return cents(cell.money for cell in cells)
