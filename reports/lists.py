"""The deals behind a number, page by page; their sums are the number."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, Sum, When

from leads.models import Lead
from pipeline.models import Category, Deal
from pipeline.querysets import DealQuerySet
from reports.forecast import NOTHING, cents

ON_A_PAGE = 50
NAMED = ("stage", "closed_owner", "lost_reason", "lost_to", "entry_band", "close_band")
CHUNK = 2_000  # deals in memory while a file is sent


@dataclass(frozen=True)
class Row:
    """A deal with its lead, named, and whose it is: of a closed one, whose it was on closing."""

    deal: Deal
    lead: Lead
    owner: str

    @property
    def category(self) -> str:
        """The name of its place in the forecast."""
        return Category(self.deal.category).label  # type: ignore[attr-defined]  # annotated


@dataclass(frozen=True)
class DealList:
    """One page of the deals, and what all of them come to."""

    rows: list[Row]
    page: "Page[Deal]"
    deals: int
    value: Decimal
    expected: Decimal  # with open ones by their confidence

    @property
    def range(self) -> str:
        return f"{self.page.start_index():,}–{self.page.end_index():,} of {self.deals:,}"


def deal_list(deals: DealQuerySet, page_number: str | None) -> DealList:
    """The dearest first; a page that does not exist gives the nearest one."""
    by_confidence = Case(When(lead__outcome="open", then=F("weighted")), default=F("converted"))
    sums = deals.aggregate(deals=Count("*"), value=Sum("converted"), expected=Sum(by_confidence))
    dearest = deals.with_category().order_by(F("converted").desc(nulls_last=True), "pk")
    paginator = Paginator(dearest.select_related(*NAMED), ON_A_PAGE)
    paginator.count = sums["deals"]
    page = paginator.get_page(page_number)
    value, expected = (cents([sums[name] or NOTHING]) for name in ("value", "expected"))
    return DealList(_rows(list(page.object_list)), page, sums["deals"], value, expected)


def deal_sheet(deals: DealQuerySet) -> Iterator[list[Any]]:
    """All of them as a table with a head, read in chunks, so that a million rows need no more memory."""
    yield [
        *("Lead", "Company", "Owner", "Stage or outcome", "Value", "Currency", "Converted", "Confidence"),
        *("Weighted", "Expected close", "Closed on", "Category", "Score on entering", "Band on entering"),
        *("Score on closing", "Band on closing", "Scores computed afterwards", "Lost because", "Lost to"),
    ]
    ordered = deals.with_category().select_related(*NAMED).order_by("pk")
    chunk: list[Deal] = []
    for deal in ordered.iterator(chunk_size=CHUNK):
        chunk.append(deal)
        if len(chunk) == CHUNK:
            yield from map(_cells, _rows(chunk))
            chunk = []
    yield from map(_cells, _rows(chunk))


def _cells(row: Row) -> list[Any]:
    deal, lead = row.deal, row.lead
    is_open = not lead.is_closed
    return [
        *(lead.display_name, str(lead.company or ""), row.owner),
        str(deal.stage) if is_open else lead.get_outcome_display(),
        *(deal.value, deal.currency, _money(deal, "converted"), deal.confidence if is_open else ""),
        *(_money(deal, "weighted") if is_open else "", deal.expected_close_on, lead.closed_on),
        row.category if is_open else "",
        *(deal.entry_score, str(deal.entry_band or ""), deal.close_score, str(deal.close_band or "")),
        "yes" if deal.scores_filled_later else "",
        *(str(deal.lost_reason or ""), str(deal.lost_to or "")),
    ]


def _money(deal: Deal, annotation: str) -> Decimal | None:
    amount = getattr(deal, annotation)
    return None if amount is None else cents([amount])


def _rows(deals: list[Deal]) -> list[Row]:
    leads = Lead.objects.with_names().select_related("company", "owner").in_bulk([deal.pk for deal in deals])
    return [
        Row(deal, lead, str((deal.closed_owner if lead.is_closed else lead.owner) or ""))
        for deal in deals
        for lead in [leads[deal.pk]]
    ]
