"""The funnel: how far the deals of a pipeline came, where they were lost and why, from one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from operator import attrgetter
from typing import Any

from django.db.models import Count, DecimalField, Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_midnight, organisation, today
from leads.querysets import visible_leads
from pipeline.models import Deal, Pipeline, Stage
from pipeline.querysets import DealQuerySet
from reports.dimensions import Segment
from reports.flows import Ends, Reason, Split, StageFlow
from reports.forecast import NOTHING, cents
from reports.periods import DAY
from reports.reach import with_reach
from reports.scope import Scope

DISQUALIFIED, UNTOLD = "~disqualified", "~untold"  # no lost reason can have such a key
NO_REASONS = {DISQUALIFIED: "Disqualified", UNTOLD: "No reason given"}


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
    segments: tuple[Segment, ...] = ()

    @property
    def moment(self) -> str:
        """The path from the deal to the time that places it in a period."""
        return "lead__created_at" if self.cohort == Cohort.CREATED else "entered_at"


@dataclass(frozen=True)
class Cell:
    """Deals that came equally far with the same end and reason; the money is not rounded yet."""

    reach: int
    outcome: str
    reason: str | None  # its key
    reason_name: str | None
    deals: int
    priced: int
    money: Decimal
    foreign: int


@dataclass(frozen=True, kw_only=True)
class Funnel(Ends):
    """The stages in order, and how all deals stand."""

    currency: str
    stages: list[StageFlow]
    reasons: list[Reason]
    unconverted: int

    @property
    def costliest_leak(self) -> StageFlow | None:
        """The stage where most value is lost."""
        leak = max(self.stages, key=attrgetter("value.lost", "deals.lost"), default=None)
        return leak if leak and leak.value.lost else None

    @property
    def largest_leak(self) -> StageFlow | None:
        """The stage where most deals are lost, and of such stages the one where most value is."""
        leak = max(self.stages, key=attrgetter("deals.lost", "value.lost"), default=None)
        return leak if leak and leak.deals.lost else None


def funnel(user: User, query: FunnelQuery) -> Funnel:
    """The figures of the deals that this user sees."""
    return funnels(user, [query])[0]


def funnels(user: User, queries: Sequence[FunnelQuery]) -> list[Funnel]:
    """One for each question about the same pipeline; each costs one statement more."""
    stages = list(queries[0].pipeline.stages.current())
    return [_funnel(_cells(funnel_deals(user, query)), stages) for query in queries]


def funnel_deals(user: User, query: FunnelQuery) -> DealQuerySet:
    """The deals of the funnel, each with `furthest`: the order of the furthest stage it ever entered."""
    deals = Deal.objects.filter(in_funnel(user, query))
    return with_reach(deals).with_money(organisation().currency, today())


def in_funnel(user: User, query: FunnelQuery, prefix: str = "") -> Q:
    """The condition that a row's deal is in the funnel; `prefix` is the path to the deal."""
    moment = f"{prefix}{query.moment}"
    condition = visible_leads(user, f"{prefix}lead__")
    condition &= Q(**{f"{prefix}entered_at__isnull": False, f"{prefix}stage__pipeline": query.pipeline})
    if query.start:
        condition &= Q(**{f"{moment}__gte": local_midnight(query.start)})
    if query.end:
        condition &= Q(**{f"{moment}__lt": local_midnight(query.end + DAY)})
    for segment in query.segments:
        condition &= segment.condition(prefix)
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
        reach=F("furthest"),
        outcome=F("lead__outcome"),
        reason=F("lost_reason__key"),
        reason_name=F("lost_reason__name"),
    )
    rows = alike.annotate(
        deals=Count("*"),
        priced=Count("converted"),
        money=Coalesce(Sum("converted"), NOTHING, output_field=DecimalField()),
        foreign=Count("pk", filter=Q(converted=None, value__isnull=False)),
    )
    return [Cell(**row) for row in rows]


def _funnel(cells: list[Cell], stages: list[Stage]) -> Funnel:
    ended = {end: [cell for cell in cells if cell.outcome == end] for end in Outcome}
    lost = ended[Outcome.LOST] + ended[Outcome.DISQUALIFIED]
    return Funnel(
        currency=organisation().currency,
        stages=[_flow(cells, stage) for stage in stages],
        disqualified=_deals(ended[Outcome.DISQUALIFIED]),
        reasons=_reasons(lost),
        unconverted=sum(cell.foreign for cell in cells),
        **_split(lost, ended[Outcome.OPEN], ended[Outcome.WON]),
    )


def _flow(cells: Iterable[Cell], stage: Stage) -> StageFlow:
    lost: list[Cell] = []
    here: list[Cell] = []
    advanced: list[Cell] = []
    for cell in cells:
        if cell.reach > stage.order or cell.outcome == Outcome.WON:
            advanced.append(cell)
        elif cell.reach == stage.order:
            (here if cell.outcome == Outcome.OPEN else lost).append(cell)
    split = _split(lost, here, advanced)
    return StageFlow(stage=stage.key, name=stage.name, reasons=_reasons(lost), **split)


def _split(lost: list[Cell], here: list[Cell], advanced: list[Cell]) -> dict[str, Any]:
    """The fields of a Flow."""
    ends = (lost, here, advanced)
    return {
        "deals": Split(*(_deals(cells) for cells in ends)),
        "value": Split(*(_value(cells) for cells in ends)),
        "priced": sum(cell.priced for cell in lost),
    }


def _reasons(lost: list[Cell]) -> list[Reason]:
    """Most frequent first."""
    alike: dict[tuple[str, str], list[Cell]] = {}
    for cell in lost:
        alike.setdefault(_reason(cell), []).append(cell)
    reasons = [Reason(key, name, _deals(cells), _value(cells)) for (key, name), cells in alike.items()]
    return sorted(reasons, key=lambda reason: (-reason.deals, reason.name))


def _reason(cell: Cell) -> tuple[str, str]:
    """Key and name; the disqualified are one reason, and so are those without any."""
    if cell.outcome == Outcome.DISQUALIFIED or cell.reason is None or cell.reason_name is None:
        key = DISQUALIFIED if cell.outcome == Outcome.DISQUALIFIED else UNTOLD
        return key, NO_REASONS[key]
    return cell.reason, cell.reason_name


def _deals(cells: Iterable[Cell]) -> int:
    return sum(cell.deals for cell in cells)


def _value(cells: Iterable[Cell]) -> Decimal:
    return cents(cell.money for cell in cells)
