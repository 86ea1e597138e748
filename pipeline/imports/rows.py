"""Records of leads made ready: every name in them has become a row of ours, every stage a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leads.actions.closing import EARLIEST_CLOSING
from leads.imports.records import BadRow, Record
from leads.models import Product, ProductLine
from leads.models.leads import Outcome, Status
from leads.organisation import local_date, local_midnight, today
from pipeline.actions.closing import loss_in_words
from pipeline.actions.histories import Interval
from pipeline.imports.definition import DealOptions, Place
from pipeline.imports.lookups import Lookups
from pipeline.models import Competitor, LostReason, Stage


@dataclass(slots=True)
class LeadRow:
    """A lead as the file knows it; `index` is its place in the batch. What is not said is None or empty."""

    index: int
    record: Record
    facts: dict[str, Any]
    """Fields of Lead that the file gives."""
    money: dict[str, Any]
    """Fields of DealFacts that the file gives."""
    stages: Sequence[Stage]
    """Those of the lead's pipeline, in order."""
    stage: Stage | None
    status: str
    outcome: str
    closed_on: date | None
    entered_at: datetime | None
    lost_reason: LostReason | None
    lost_to: Competitor | None
    reason: str
    """In words, of a lead that was lost or disqualified."""
    note: str
    created_at: datetime | None
    confidence: int | None
    contact_id: int | None = None

    @property
    def is_closed(self) -> bool:
        return self.outcome not in ("", Outcome.OPEN)


def ready_row(index: int, record: Record, lookups: Lookups, options: DealOptions) -> LeadRow:
    """The row of a record; BadRow when it names what there is not, or contradicts itself."""
    line = lookups.product_line(record)
    product = lookups.product(record, line)
    place = _place(record, options)
    outcome = record.text("outcome") or place.outcome or (Outcome.OPEN if place.stage else "")
    is_closed = outcome not in ("", Outcome.OPEN)
    is_dropped = outcome == Outcome.DISQUALIFIED
    reason = record.text("reason") or place.reason
    is_lost = outcome == Outcome.LOST
    lost_reason = lookups.lost_reason(reason) if is_lost else None
    lost_to = lookups.competitor(record) if is_lost else None
    stages = lookups.stages(line)
    row = LeadRow(
        index,
        record,
        facts=_facts(record, lookups, line),
        money=_money(record, product, outcome, options),
        stages=stages,
        stage=_stage(place.stage or (stages[0].key if is_closed and stages else ""), stages),
        status=record.text("status") or place.status,
        outcome=outcome,
        closed_on=record.values.get("closed_on") if is_closed else None,
        entered_at=record.values.get("entered_at") or record.values.get("created_at"),
        lost_reason=lost_reason,
        lost_to=lost_to,
        reason=loss_in_words(
            str(lost_reason or reason or ("Disqualified elsewhere" if is_dropped else "")), str(lost_to or "")
        ),
        note=record.text("note"),
        created_at=record.values.get("created_at"),
        confidence=record.values.get("confidence"),
    )
    _refuse_contradictions(row)
    return row


def status_of(row: LeadRow) -> str:
    """What the file says; else open leads are working and closed ones were qualified."""
    return row.status or (Status.QUALIFIED if row.is_closed else Status.WORKING)


def closing_moment(row: LeadRow) -> datetime | None:
    """The first moment of the closing day, if the lead had begun by then; None when the day is unknown."""
    if row.closed_on is None:
        return None
    midnight = local_midnight(row.closed_on)
    return max(midnight, row.entered_at) if row.entered_at else midnight


def intervals_of(row: LeadRow, at: datetime) -> list[Interval]:
    """Every stage up to the last one from the day on which the lead began; all but the last are over at once.

    `at` stands for the days that the file does not know.
    """
    began_at = row.entered_at or at
    passed = [stage for stage in row.stages if row.stage and stage.order < row.stage.order]
    left_at = (closing_moment(row) or began_at) if row.is_closed else None
    last: list[Interval] = [(row.stage.pk, began_at, left_at)] if row.stage else []
    return [*((stage.pk, began_at, began_at) for stage in passed), *last]


def _place(record: Record, options: DealOptions) -> Place:
    value = record.text("stage")
    if value and options.places and value not in options.places:
        raise BadRow(
            f"the stage “{value}” is none of those that the mapping knows: {', '.join(options.places)}"
        )
    return options.places.get(value, Place(stage=value))


def _stage(key: str, stages: Sequence[Stage]) -> Stage | None:
    """The stage of this key or name."""
    if not key:
        return None
    for stage in stages:
        if key.casefold() in (stage.key.casefold(), stage.name.casefold()):
            return stage
    raise BadRow(f"“{key}” is no stage of its pipeline, which has {', '.join(stage.key for stage in stages)}")


def _facts(record: Record, lookups: Lookups, line: ProductLine | None) -> dict[str, Any]:
    facts = {
        "product_line_id": line.pk if line else None,
        "source_id": lookups.source_id(record),
        "campaign_id": lookups.campaign_id(record),
        "owner_id": lookups.owner_id(record),
        "company_id": lookups.company_id(record),
        "pain": record.values.get("pain"),
        "attributes": record.part("custom") or None,
    }
    return {name: fact for name, fact in facts.items() if fact is not None}


def _money(record: Record, product: Product | None, outcome: str, options: DealOptions) -> dict[str, Any]:
    names = ("value", "currency", "expected_close_on")
    money = {name: record.values[name] for name in names if name in record.values}
    if product:
        money["product_id"] = product.pk
    says_nothing = "value" not in money or (outcome == Outcome.LOST and money["value"] == 0)
    if product and says_nothing and options.defaults_to_list_price:
        return {**money, "value": product.list_price, "currency": product.currency, "value_estimated": True}
    return {**money, "value_estimated": False} if "value" in money else money


def _refuse_contradictions(row: LeadRow) -> None:
    if row.closed_on and row.closed_on > today():
        raise BadRow(f"it closed on {row.closed_on}, which lies in the future")
    if row.closed_on and row.entered_at and row.closed_on < local_date(row.entered_at):
        raise BadRow(f"it closed on {row.closed_on}, before it began on {local_date(row.entered_at)}")
    for day in (row.closed_on, row.entered_at and local_date(row.entered_at)):
        if day and day < EARLIEST_CLOSING:
            raise BadRow(f"{day} lies before {EARLIEST_CLOSING.year}")
    if row.is_closed and not row.stages:
        raise BadRow("there is no pipeline for it")
