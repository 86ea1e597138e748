"""The funnel in parts: by month of creation or entry, and by rep, team, source, role and the like."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, DecimalField, Q, Sum
from django.db.models.functions import Coalesce, TruncMonth

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import zone
from pipeline.querysets import DealQuerySet
from reports.dimensions import Dimension, key_of, nameless, names_of
from reports.flows import Ends, Split
from reports.forecast import NOTHING, cents
from reports.funnel import FunnelQuery, funnel_deals
from reports.periods import Span, months

MOST = 100  # parts with a line of their own
OTHERS = "~others"  # the key of the line of all other parts
SPLITS = (
    *(Dimension.BAND, Dimension.SOURCE, Dimension.CAMPAIGN, Dimension.OWNER, Dimension.TEAM),
    *(Dimension.PRODUCT_LINE, Dimension.ROLE, Dimension.PAIN),
)
ENDS = {
    "lost": Q(lead__outcome__in=[Outcome.LOST, Outcome.DISQUALIFIED]),
    "here": Q(lead__outcome=Outcome.OPEN),
    "advanced": Q(lead__outcome=Outcome.WON),
}


@dataclass(frozen=True, kw_only=True)
class Part(Ends):
    """The deals of one month, rep, source…; the key stands in addresses."""

    key: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Month(Part):
    """The deals that were created, or entered, in one month; its days are cut to those of the funnel."""

    span: Span


def monthly(user: User, query: FunnelQuery) -> list[Month]:
    """The cohorts, oldest first; a month without deals has no line."""
    start_of_month = TruncMonth(query.moment, tzinfo=zone())
    rows = _ends(funnel_deals(user, query).annotate(month=start_of_month).values("month")).order_by("month")
    return [_month(row, row["month"].date(), query) for row in rows]


def month_of(query: FunnelQuery, first: date) -> Span:
    """The days of the month that begins on `first`, cut to those that are asked for."""
    whole = months(first, 1)
    return Span(max(whole.start, query.start or whole.start), min(whole.end, query.end or whole.end))


def parts_by(
    user: User, query: FunnelQuery, dimension: Dimension, whole: Ends, named: Mapping[str, str]
) -> list[Part]:
    """What `whole` is made of, the parts with most deals first; all beyond the first hundred are one.

    `named` are the names of parts by their keys; those that are not among them are looked up.
    """
    rows = list(_largest(_ends(_cut(funnel_deals(user, query), dimension).values("slice"))))
    names = {**named, **names_of(dimension, [row["slice"] for row in rows if row["slice"] not in named])}
    parts = [
        Part(key=key, name=names.get(key, nameless(dimension)), **_figures(row))
        for row in rows
        for key in [row["slice"]]
    ]
    return [*parts, _others(whole, parts)] if len(parts) == MOST else parts


def deals_of_part(
    deals: DealQuerySet, user: User, query: FunnelQuery, dimension: Dimension, key: str
) -> DealQuerySet:
    """Those of some deals of the funnel that belong to one part."""
    among = Q(slice=key)
    if key == OTHERS:
        counted = _cut(funnel_deals(user, query), dimension).values("slice").annotate(entered=Count("*"))
        among = ~Q(slice__in=_largest(counted).values("slice"))
    found: DealQuerySet = _cut(deals, dimension).filter(among)
    return found


def _cut(deals: DealQuerySet, dimension: Dimension) -> Any:
    return deals.annotate(slice=key_of(dimension))


def _largest(parts: Any) -> Any:
    return parts.order_by("-entered", "slice")[:MOST]


def _ends(alike: Any) -> Any:
    """Deals that were put together by `values`, with the sums that `_figures` reads."""
    money = {
        f"{end}_money": Coalesce(Sum("converted", filter=among), NOTHING, output_field=DecimalField())
        for end, among in ENDS.items()
    }
    return alike.annotate(
        entered=Count("*"),
        disqualified=Count("pk", filter=Q(lead__outcome=Outcome.DISQUALIFIED)),
        priced=Count("converted", filter=ENDS["lost"]),
        **{end: Count("pk", filter=among) for end, among in ENDS.items()},
        **money,
    )


def _figures(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of Ends."""
    return {
        "deals": Split(*(row[end] for end in ENDS)),
        "value": Split(*(cents([row[f"{end}_money"]]) for end in ENDS)),
        "disqualified": row["disqualified"],
        "priced": row["priced"],
    }


def _month(row: dict[str, Any], first: date, query: FunnelQuery) -> Month:
    span = month_of(query, first)
    return Month(key=f"{first:%Y-%m}", name=f"{first:%b %Y}", span=span, **_figures(row))


def _others(whole: Ends, parts: list[Part]) -> Part:
    return Part(
        key=OTHERS,
        name="All others",
        deals=Split(*(_less(whole.deals, end, [part.deals for part in parts]) for end in ENDS)),
        value=Split(*(_less(whole.value, end, [part.value for part in parts]) for end in ENDS)),
        disqualified=whole.disqualified - sum(part.disqualified for part in parts),
        priced=whole.priced - sum(part.priced for part in parts),
    )


def _less(whole: Split[Any], end: str, parts: Iterable[Split[Any]]) -> Any:
    return getattr(whole, end) - sum(getattr(part, end) for part in parts)
