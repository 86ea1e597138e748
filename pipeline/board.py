"""What the board shows: the stages of a pipeline with the sums of all their deals, and the first cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import JSONObject

from leads.models import Lead, Task
from leads.organisation import local_date
from leads.querysets import LeadQuerySet
from pipeline.models import Deal, Pipeline, Stage

CARDS = 20


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
    for stage in Stage.objects.select_related("pipeline").order_by("pipeline", "order"):
        found.setdefault(stage.pipeline, []).append(stage)
    return found


def board_of(
    leads: LeadQuerySet, pipeline: Pipeline, stages: Sequence[Stage], *, currency: str, today: date
) -> Board:
    """The whole board; three queries."""
    deals = Deal.objects.in_pipeline().filter(lead__in=leads)
    sums = stage_sums(deals.filter(stage__in=stages), currency, today)
    cards = first_cards(deals, {stage.pk: 0 for stage in stages}, today)
    columns = [
        _column(stage, sums.get(stage.pk, Sums()), cards.get(stage.pk, []), start=0) for stage in stages
    ]
    return Board(pipeline, columns, sum(sums.values(), Sums()))


def column_from(leads: LeadQuerySet, stage: Stage, start: int, today: date) -> Column:
    """The next cards of one stage."""
    deals = Deal.objects.in_pipeline().filter(lead__in=leads)
    count = deals.filter(stage=stage).count()
    cards = first_cards(deals, {stage.pk: start}, today)
    return _column(stage, Sums(count), cards.get(stage.pk, []), start=start)


def stage_sums(deals: QuerySet[Deal], currency: str, today: date) -> dict[int, Sums]:
    """Count, value and weighted value of each stage; one query over all deals."""
    rows = deals.with_money(currency, today).order_by().values_list("stage")  # type: ignore[attr-defined]
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


def first_cards(deals: QuerySet[Deal], starts: dict[int, int], today: date) -> dict[int, list[Card]]:
    """Per stage the cards from a position on, the best score first; two queries."""
    parts = [_slice(deals, stage_id, start) for stage_id, start in starts.items()]
    if not parts:
        return {}
    ids = [pk for pk, _ in (parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0])]
    cards: dict[int, list[Card]] = {}
    for lead in _with_details(ids):
        cards.setdefault(lead.deal.stage_id, []).append(_card(lead, today))
    return cards


def _slice(deals: QuerySet[Deal], stage_id: int, start: int) -> QuerySet[Deal, Any]:
    in_order = deals.filter(stage=stage_id).order_by(F("lead__score__total").desc(nulls_last=True), "pk")
    return in_order.values_list("pk", Value(stage_id, IntegerField()))[start : start + CARDS]


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


def _card(lead: Any, today: date) -> Card:
    deal = lead.deal
    days = (today - local_date(deal.stage_entered_at)).days if deal.stage_entered_at else 0
    return Card(
        lead,
        deal,
        _task(lead.task_row, today),
        days,
        bool(deal.stage.rot_days and days > deal.stage.rot_days),
    )


def _task(row: dict[str, Any] | None, today: date) -> NextTask | None:
    if not row:
        return None
    due_on = date.fromisoformat(row["due_on"])
    return NextTask(row["title"], due_on, due_on < today)


def _column(stage: Stage, sums: Sums, cards: list[Card], *, start: int) -> Column:
    shown = start + len(cards)
    return Column(stage, sums, cards, shown if shown < sums.count else None)
