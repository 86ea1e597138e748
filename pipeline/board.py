"""What the board shows: the stages of a pipeline with the sums of all their deals, and the first cards."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from leads.models import Lead, Task, User
from leads.organisation import local_date, today
from leads.querysets import LeadQuerySet
from pipeline.filters import LeadFilter
from pipeline.models import Deal, Pipeline, Stage
from pipeline.querysets import DealQuerySet

NOTHING: Mapping[int, int] = MappingProxyType({})
CARDS = 12  # per stage at once: two screens of them
FEW = 2_000


@dataclass(frozen=True, slots=True)
class Sums:
    """Of all deals of a stage, in the organisation's currency; `unconverted` have a value without a rate."""

    count: int = 0
    value: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    unconverted: int = 0

    def __add__(self, other: Sums) -> Sums:
        return Sums(
            self.count + other.count,
            self.value + other.value,
            self.weighted + other.weighted,
            self.unconverted + other.unconverted,
        )


@dataclass(frozen=True, slots=True)
class NextTask:
    title: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board; `days` since it came into its stage."""

    lead: Lead
    deal: Deal
    task: NextTask | None
    days: int
    is_rotting: bool

    @property
    def seen(self) -> str:
        """The stage that a move from this card expects."""
        return str(self.deal.stage_id)


@dataclass(frozen=True, slots=True)
class Column:
    stage: Stage
    sums: Sums
    cards: list[Card]
    next: int | None


@dataclass(frozen=True, slots=True)
class Board:
    pipeline: Pipeline
    columns: list[Column]
    sums: Sums


def pipelines_with_stages() -> dict[Pipeline, list[Stage]]:
    """All pipelines that have stages, in their order; one query."""
    found: dict[Pipeline, list[Stage]] = {}
    for stage in Stage.objects.current().select_related("pipeline").order_by("pipeline", "order"):
        found.setdefault(stage.pipeline, []).append(stage)
    return found


def usual_pipeline(pipelines: Collection[Pipeline], user: User) -> Pipeline:
    """The first with deals that this user sees, so that no board is empty without need; else the first."""
    first, *others = pipelines
    if not others:
        return first
    deals = Deal.objects.visible_to(user).in_pipeline().filter(stage__pipeline=OuterRef("pk"))
    used = set(Pipeline.objects.filter(Exists(deals)).values_list("pk", flat=True))
    return next((pipeline for pipeline in pipelines if pipeline.pk in used), first)


def board_of(
    filters: LeadFilter,
    pipeline: Pipeline,
    stages: Sequence[Stage],
    *,
    currency: str,
    shown: Mapping[int, int],
) -> Board:
    """The whole board, with as many cards of a stage as are `shown` already; three queries."""
    sums = stage_sums(_deals(filters).filter(stage__in=stages), currency, today())
    counts = {stage: found.count for stage, found in sums.items()}
    cards = first_cards(filters.qs, counts, shown=shown)
    columns = [
        _column(stage, sums.get(stage.pk, Sums()), cards.get(stage.pk, []), start=0) for stage in stages
    ]
    return Board(pipeline, columns, sum(sums.values(), Sums()))


def column_from(filters: LeadFilter, stage: Stage, start: int) -> Column:
    """The next cards of one stage; three queries."""
    count = _deals(filters).filter(stage=stage).count()
    cards = first_cards(filters.qs, {stage.pk: count}, start=start)
    return _column(stage, Sums(count), cards.get(stage.pk, []), start=start)


def stage_sums(deals: DealQuerySet, currency: str, today: date) -> dict[int, Sums]:
    """Count, value and weighted value of each stage; one query over all deals."""
    rows = deals.with_money(currency, today).order_by().values_list("stage")
    counted = rows.annotate(
        deals=Count("pk"),
        worth=Sum("converted"),
        expected=Sum("weighted"),
        without_rate=Count("pk", filter=Q(converted=None) & ~Q(value=None)),
    )
    return {
        stage: Sums(count, value or Decimal(0), weighted or Decimal(0), unconverted)
        for stage, count, value, weighted, unconverted in counted
    }


def first_cards(
    leads: LeadQuerySet,
    counts: Mapping[int, int],
    *,
    start: int = 0,
    shown: Mapping[int, int] = NOTHING,
) -> dict[int, list[Card]]:
    """For each stage, of which `counts` says how many there are, the best-scored cards; two queries."""
    parts = [
        _slice(leads, stage_id, count)[start : start + max(CARDS, shown.get(stage_id, 0))]
        for stage_id, count in counts.items()
    ]
    if not parts:
        return {}
    ids = list(parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])
    cards: dict[int, list[Card]] = {}
    for lead in _with_details(ids):
        cards.setdefault(lead.deal.stage_id, []).append(_card(lead, today()))
    return cards


def _deals(filters: LeadFilter) -> DealQuerySet:
    """The deals of the leads that match; without filters there is no join over all leads."""
    deals = Deal.objects.visible_to(filters.user).in_pipeline()
    return deals.filter(lead__in=filters.qs) if filters.chips() else deals


def _slice(leads: LeadQuerySet, stage_id: int, count: int) -> QuerySet[Any, Any]:
    """The numbers of a stage's leads by score.

    Of many, the index of scores finds the first at once; among few it would walk past everybody else's leads,
    so those are sorted.
    """
    on_board = leads.in_pipeline().filter(deal__stage=stage_id, score__isnull=False)
    total = F("score__total") if count > FEW else F("score__total") + 0  # a sum has no index
    return on_board.order_by(total.desc(nulls_last=True), "pk").values_list("pk", flat=True)


def _with_details(ids: list[int]) -> LeadQuerySet:
    task = Task.objects.open().filter(lead=OuterRef("pk")).order_by("due_on", "pk")
    return (
        Lead.objects.filter(pk__in=ids)
        .with_names()
        .select_related("company", "owner", "score__band", "deal__stage")
        .defer("attributes", "company__attributes")
        .annotate(task_row=Subquery(task.values(facts=JSONObject(title="title", due_on="due_on"))[:1]))
        .order_by(F("score__total").desc(nulls_last=True), "pk")
    )


def _card(lead: Any, day: date) -> Card:
    deal = lead.deal
    days = (day - local_date(deal.stage_entered_at)).days if deal.stage_entered_at else 0
    return Card(
        lead,
        deal,
        _task(lead.task_row, day),
        days,
        bool(deal.stage.rot_days and days > deal.stage.rot_days),
    )


def _task(row: dict[str, Any] | None, day: date) -> NextTask | None:
    if not row:
        return None
    due_on = date.fromisoformat(row["due_on"])
    return NextTask(row["title"], due_on, due_on < day)


def _column(stage: Stage, sums: Sums, cards: list[Card], *, start: int) -> Column:
    shown = start + len(cards)
    return Column(stage, sums, cards, shown if shown < sums.count else None)
