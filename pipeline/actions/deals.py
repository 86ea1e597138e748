"""What a deal is about: value, currency, product and expected close; given on adding or changed later."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import UNSET, Refused, Unset, raise_refused, sift, store, work_leads
from leads.actions.audit import audited
from leads.models import Product, User
from pipeline.actions.confidences import check_percent, set_initial_confidence
from pipeline.actions.settling import existing, lock_deals
from pipeline.models import Deal, DealChange

LIMIT = Decimal(10) ** 12
EARLIEST, LATEST = date(1990, 1, 1), date(2099, 12, 31)
GIVEN = ("value", "currency", "product_id", "expected_close_on", "value_estimated", "close_estimated")
RECORDED = ("value", "currency", "product_id", "expected_close_on")
STORED = ("value", "currency", "product", "value_estimated", "expected_close_on", "close_estimated")


class FactsWrong(Refusal):
    """A value, currency, product or date that cannot be."""


@dataclass(frozen=True)
class DealFacts:
    """Facts of one deal; those left out stay. A value or date given is no estimate unless it says so."""

    lead_id: int
    value: Decimal | Unset | None = UNSET
    currency: str | Unset = UNSET
    product_id: int | Unset | None = UNSET
    expected_close_on: date | Unset | None = UNSET
    value_estimated: bool | Unset = UNSET
    close_estimated: bool | Unset = UNSET


@dataclass(frozen=True)
class DealStart(DealFacts):
    """What is known when the lead is added; the confidence is a first guess, in per cent."""

    confidence: int | None = None


@audited
def set_deals(rows: Sequence[DealFacts], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Change facts of deals, open or closed, and record what they were."""
    deals = {deal.pk: deal for deal in Deal.objects.locked(row.lead_id for row in rows)}
    products = _products(rows, deals)
    moment = at or timezone.now()

    def judge(row: DealFacts) -> tuple[Deal, list[DealChange]]:
        deal = existing(deals, row.lead_id)
        facts = _facts(row)
        check_facts(row, facts, products)
        return deal, _change(deal, facts, products, by=by, at=moment)

    changed, refused = sift(rows, judge)
    store([deal for deal, _ in changed], *STORED)
    DealChange.objects.bulk_create(change for _, changes in changed for change in changes)
    return refused


def set_deal(deal: Deal, *, by: User | None, at: datetime | None = None, **facts: object) -> Deal:
    """Change facts of one deal, named as in DealFacts; raises the refusal."""
    raise_refused(set_deals([DealFacts(deal.pk, **facts)], by=by, at=at))  # type: ignore[arg-type]
    return Deal.objects.select_related("stage", "product").get(pk=deal.pk)


@audited
def start_deals(rows: Sequence[DealStart], *, by: User | None, at: datetime | None = None) -> list[Refused]:
    """Take what is given while leads are added; one with a value or a confidence is being worked."""
    lock_deals(row.lead_id for row in rows)
    refused = set_deals(rows, by=by, at=at)
    refused_at = {refusal.index for refusal in refused}
    started = [row for index, row in enumerate(rows) if index not in refused_at]
    guesses = {row.lead_id: row.confidence for row in started if row.confidence is not None}
    if guesses:
        set_initial_confidence(guesses, by=by, at=at)
    if valued := [row.lead_id for row in started if row.value not in (UNSET, None)]:
        work_leads(valued, by=by, at=at)
    return refused


def check_facts(row: DealFacts, facts: Mapping[str, Any], products: Mapping[int, Product]) -> None:
    """Refuse what no deal has."""
    if (value := facts.get("value")) is not None and not (value.is_finite() and 0 <= value < LIMIT):
        raise FactsWrong(f"A value is between 0 and a million millions, not {value}.")
    if not re.fullmatch("[A-Z]{3}", facts.get("currency", "EUR")):
        raise FactsWrong(f"A currency is a code of three capital letters such as EUR, not “{row.currency}”.")
    if (product_id := facts.get("product_id")) is not None and product_id not in products:
        raise FactsWrong("There is no such product.")
    if (day := facts.get("expected_close_on")) is not None and not EARLIEST <= day <= LATEST:
        raise FactsWrong(f"A deal closes between 1990 and 2099, not on {day:%d %b %Y}.")
    if isinstance(row, DealStart) and row.confidence is not None:
        check_percent(row.confidence)


def _facts(row: DealFacts) -> dict[str, Any]:
    """What is given, with the marks of estimates that follow from it, and money in whole cents."""
    given = {name: fact for name in GIVEN if (fact := getattr(row, name)) is not UNSET}
    if "value" in given:
        given = {"value_estimated": False, **given, "value": _cents(given["value"])}
    if "expected_close_on" in given:
        given = {"close_estimated": False, **given}
    return given


def _cents(value: Decimal | None) -> Decimal | None:
    """Half a cent is rounded up; what is too large to be a value stays for the check to refuse."""
    is_plausible = value is not None and value.is_finite() and abs(value) < LIMIT
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP) if value is not None and is_plausible else value


def _products(rows: Sequence[DealFacts], deals: Mapping[int, Deal]) -> dict[int, Product]:
    """Those that rows name and, for the record, those that deals have now."""
    named = {row.product_id for row in rows if isinstance(row.product_id, int)}
    present = {deal.product_id for deal in deals.values() if deal.product_id}
    return Product.objects.in_bulk(named | present) if named or present else {}


def _change(
    deal: Deal, facts: Mapping[str, Any], products: Mapping[int, Product], *, by: User | None, at: datetime
) -> list[DealChange]:
    before = {name: getattr(deal, name) for name in RECORDED}
    for name, fact in facts.items():
        setattr(deal, name, fact)
    return [
        DealChange(
            deal=deal,
            field=name.removesuffix("_id"),
            before=_text(name, before[name], products),
            after=_text(name, getattr(deal, name), products),
            by=by,
            at=at,
        )
        for name in RECORDED
        if before[name] != getattr(deal, name)
    ]


def _text(name: str, fact: object, products: Mapping[int, Product]) -> str:
    if fact is None:
        return ""
    return str(products[fact]) if name == "product_id" and isinstance(fact, int) else str(fact)
