"""Sources and campaigns: the leads they brought, what these cost, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

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
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, NullIf

from leads.models import Campaign, CustomField, Lead, StatusChange, User
from leads.models.fields import FieldEntity, FieldType
from leads.models.leads import Outcome, Status
from leads.organisation import local_midnight, organisation, today
from pipeline.models import Deal, ExchangeRate
from pipeline.querysets import DealQuerySet
from reports.cycles import took
from reports.forecast import NOTHING, Unconverted, cents
from reports.percentiles import Percentile
from reports.periods import DAY
from reports.scope import Scope
from scoring.statistics import wilson

NONE = "none"
WITHOUT_RATE = Q(converted=None, value__isnull=False, lead__outcome=Outcome.WON)


@dataclass(frozen=True)
class Grouping:
    """What leads are told apart by: source, campaign, or a custom field of theirs by its path."""

    key: str
    label: str

    @property
    def is_custom(self) -> bool:
        return self not in (SOURCE, CAMPAIGN)

    @property
    def noun(self) -> str:
        """Within a sentence; an administrator's own words stay as they are."""
        return self.label if self.is_custom else self.label.lower()


SOURCE, CAMPAIGN = Grouping("source", "Source"), Grouping("campaign", "Campaign")


class Shown(StrEnum):
    """Which leads of a line a list shows."""

    LEADS = "leads"
    QUALIFIED = "qualified"
    WON = "won"
    LOST = "lost"
    UNCONVERTED = "unconverted"


@dataclass(frozen=True)
class SourcesQuery(Scope):
    """What is asked: leads created from `start` to `end`, both included."""

    start: date | None = None
    end: date | None = None
    grouping: Grouping = SOURCE


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What became of some leads, in the organisation's currency; None where nothing was measured."""

    leads: int
    qualified: int
    won: int
    lost: int
    revenue: Decimal
    cycle: timedelta | None  # median of the won, from entering the pipeline
    cost: Decimal | None

    @property
    def win_rate(self) -> float | None:
        """Won of those won or lost."""
        return self.won / (self.won + self.lost) if self.won + self.lost else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Of the win rate, 95 % (Wilson 1927)."""
        return wilson(self.won, self.won + self.lost) if self.won + self.lost else None

    @property
    def cost_per_lead(self) -> Decimal | None:
        return self._cost_per(self.leads)

    @property
    def cost_per_qualified(self) -> Decimal | None:
        return self._cost_per(self.qualified)

    @property
    def cost_per_won(self) -> Decimal | None:
        return self._cost_per(self.won)

    @property
    def returned(self) -> Decimal | None:
        """(revenue − cost) / cost, as a fraction."""
        return (self.revenue - self.cost) / self.cost if self.cost else None

    def _cost_per(self, number: int) -> Decimal | None:
        return cents([self.cost / number]) if self.cost is not None and number else None


@dataclass(frozen=True, kw_only=True)
class Line(Figures):
    """One source or campaign, or one value of a field.

    `of` is how many leads a campaign with a cost has at any time, whatever the report leaves of them.
    """

    key: str
    name: str
    of: int | None = None


@dataclass(frozen=True)
class Cost:
    """What was paid for a campaign; `amount` is converted at today's rate, None without one."""

    campaign: int
    name: str
    paid: Decimal
    currency: str
    amount: Decimal | None
    leads: int


@dataclass(frozen=True)
class Table:
    """All leads of the report, told apart by one grouping; the most leads first."""

    grouping: Grouping
    lines: list[Line]


@dataclass(frozen=True)
class Sources:
    """Each table adds up to the total; costs without a lead here or without a rate stand beside it."""

    currency: str
    total: Figures
    tables: list[Table]
    elsewhere: list[Cost]
    foreign_costs: list[Cost]
    unconverted: list[Unconverted]  # won, counted without revenue

    def table(self, grouping: Grouping) -> Table:
        """The table of a grouping that was asked for."""
        return next(table for table in self.tables if table.grouping == grouping)


def sources(user: User, query: SourcesQuery) -> Sources:
    """The figures of the leads that this user sees."""
    deals, costs = source_deals(user, query), _costs(user)
    found: list[dict[str, Any]] = [dict(row) for row in _grouped(deals, CAMPAIGN)]
    here = {row["slice"]: row["leads"] for row in found}
    spread = {cost.campaign: cost for cost in costs if cost.campaign in here}
    known = {pk: cost.amount / here[pk] for pk, cost in spread.items() if cost.amount is not None}
    groupings = [SOURCE, *([query.grouping] if query.grouping.is_custom else [])]
    tables = {grouping: _table(grouping, deals, known) for grouping in groupings}
    tables[CAMPAIGN] = _campaigns(found, known, spread)
    return Sources(
        currency=organisation().currency,
        total=_total(deals, known, here),
        tables=[tables[grouping] for grouping in (SOURCE, CAMPAIGN, *groupings[1:])],
        elsewhere=[cost for cost in costs if cost.campaign not in here],
        foreign_costs=[cost for cost in spread.values() if cost.amount is None],
        unconverted=_unconverted(deals),
    )


def source_deals(user: User, query: SourcesQuery) -> DealQuerySet:
    """The deals of the leads in the report; every lead has one."""
    condition = query.condition()
    if query.start:
        condition &= Q(lead__created_at__gte=local_midnight(query.start))
    if query.end:
        condition &= Q(lead__created_at__lt=local_midnight(query.end + DAY))
    deals = Deal.objects.visible_to(user).filter(condition)
    return deals.with_money(organisation().currency, today())


def shown_deals(user: User, query: SourcesQuery, shown: Shown, key: str = "") -> DealQuerySet:
    """The deals behind one number: of the line with this key, or of all."""
    conditions = {
        Shown.LEADS: Q(),
        Shown.QUALIFIED: _qualified(),
        Shown.WON: Q(lead__outcome=Outcome.WON),
        Shown.LOST: Q(lead__outcome=Outcome.LOST),
        Shown.UNCONVERTED: WITHOUT_RATE,
    }
    deals = source_deals(user, query).filter(conditions[shown])
    if not key:
        return deals
    found = deals.annotate(slice=_column(query.grouping))
    if key == NONE:
        return found.filter(Q(slice__isnull=True))
    return found.filter(Q(slice=key.removeprefix("=") if query.grouping.is_custom else int(key)))


def groupings() -> dict[str, Grouping]:
    """Source, campaign, and the lead's custom fields that hold words, by key."""
    words = CustomField.objects.filter(entity=FieldEntity.LEAD, type=FieldType.TEXT).order_by("label")
    custom = [Grouping(field.path, field.label) for field in words]
    return {grouping.key: grouping for grouping in (SOURCE, CAMPAIGN, *custom)}


def _column(grouping: Grouping) -> Any:
    if grouping.is_custom:
        value = KeyTextTransform(grouping.key.rpartition(".")[2], "lead__attributes")
        return Cast(value, TextField())  # compares as text, not as JSON
    return F(f"lead__{grouping.key}")


def _grouped(deals: DealQuerySet, grouping: Grouping) -> Iterable[Mapping[str, Any]]:
    column = _column(grouping)
    name = column if grouping.is_custom else F(f"lead__{grouping.key}__name")
    return deals.values(slice=column, label=name).order_by().annotate(**_figures())


def _figures() -> dict[str, Any]:
    won = Q(lead__outcome=Outcome.WON)
    dated = won & Q(entered_at__isnull=False, lead__closed_on__isnull=False)
    return {
        "leads": Count("*"),
        "qualified": Count("pk", filter=_qualified()),
        "won": Count("pk", filter=won),
        "lost": Count("pk", filter=Q(lead__outcome=Outcome.LOST)),
        "revenue": Coalesce(Sum("converted", filter=won), NOTHING, output_field=DecimalField()),
        "cycle": Percentile(took(), filter=dated),
    }


def _qualified() -> Q:
    """Won, qualified now, or at any time before."""
    once = StatusChange.objects.filter(lead=OuterRef("pk"), after=Status.QUALIFIED)
    return Q(lead__outcome=Outcome.WON) | Q(lead__status=Status.QUALIFIED) | Q(Exists(once))


def _costs(user: User) -> list[Cost]:
    """Of every campaign that has one, by name."""
    own = organisation().currency
    rates = ExchangeRate.objects.filter(currency=OuterRef("paid_in"), valid_from__lte=today())
    rate = Case(
        When(paid_in=own, then=Value(Decimal(1))),
        default=Subquery(rates.order_by("-valid_from").values("rate")[:1]),
    )
    seen = Lead.objects.visible_to(user).filter(campaign=OuterRef("pk")).order_by().values("campaign")
    paid = Campaign.objects.filter(cost__isnull=False).annotate(
        paid_in=Coalesce(NullIf("currency", Value("")), Value(own)),
        rate=rate,
        seen=Coalesce(Subquery(seen.annotate(n=Count("pk")).values("n")), 0),
    )
    rows: Iterable[Any] = paid.order_by("name").values_list("pk", "name", "cost", "paid_in", "rate", "seen")
    return [
        Cost(pk, name, cost, currency, None if rate is None else cost * rate, seen)
        for pk, name, cost, currency, rate, seen in rows
    ]


def _table(grouping: Grouping, deals: DealQuerySet, per_lead: Mapping[int, Decimal]) -> Table:
    """A campaign's cost is shared by its leads in the report, and so among the lines that these stand in."""
    pairs = deals.filter(lead__campaign__in=list(per_lead)).order_by()
    counted = pairs.values(slice=_column(grouping), campaign=F("lead__campaign")).annotate(leads=Count("*"))
    shares: dict[Any, list[Decimal]] = {}
    for pair in counted:
        shares.setdefault(pair["slice"], []).append(per_lead[pair["campaign"]] * pair["leads"])
    rows: list[dict[str, Any]] = [dict(row) for row in _grouped(deals, grouping)]
    costs = {key: cents(parts) for key, parts in shares.items()}
    return Table(grouping, _ordered(_line(row, grouping, costs.get(row["slice"])) for row in rows))


def _campaigns(
    rows: Iterable[dict[str, Any]], per_lead: Mapping[int, Decimal], costs: Mapping[int, Cost]
) -> Table:
    lines = []
    for row in rows:
        key = row["slice"]
        cost = cents([per_lead[key] * row["leads"]]) if key in per_lead else None
        lines.append(_line(row, CAMPAIGN, cost, of=costs[key].leads if key in costs else None))
    return Table(CAMPAIGN, _ordered(lines))


def _line(row: dict[str, Any], grouping: Grouping, cost: Decimal | None, of: int | None = None) -> Line:
    key, name = row.pop("slice"), row.pop("label")
    if key is None:
        key, name = NONE, f"No {grouping.noun}"
    elif grouping.is_custom:
        key = f"={key}"
    return Line(key=str(key), name=name, cost=cost, of=of, **_rounded(row))


def _ordered(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.key == NONE, -line.leads, line.name))


def _total(deals: DealQuerySet, per_lead: Mapping[int, Decimal], here: Mapping[int, int]) -> Figures:
    parts = [each * here[campaign] for campaign, each in per_lead.items()]
    return Figures(cost=cents(parts) if parts else None, **_rounded(deals.aggregate(**_figures())))


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "revenue": cents([row["revenue"]])}


def _unconverted(deals: DealQuerySet) -> list[Unconverted]:
    foreign = deals.filter(WITHOUT_RATE).values("currency").order_by("currency")
    rows = foreign.annotate(deals=Count("*"), worth=Sum("value"))
    return [Unconverted(row["currency"], row["deals"], row["worth"]) for row in rows]
