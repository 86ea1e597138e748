"""What reports split deals by: the rep, team, source, role… that each deal belongs to."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce, NullIf
from django.db.models.lookups import Exact

from leads.models import Campaign, LeadContact, Product, ProductLine, Source, Team, User
from leads.models.leads import ContactRole
from pipeline.models import Pipeline, Stage
from scoring.models import Band

NONE = "none"


class Dimension(StrEnum):
    """What a report may be split by; every report names those that it offers."""

    OWNER = "owner"
    TEAM = "team"
    PRODUCT_LINE = "product_line"
    PRODUCT = "product"
    STAGE = "stage"
    SOURCE = "source"
    CAMPAIGN = "campaign"
    ROLE = "role"  # of the lead's first contact
    PAIN = "pain"
    BAND = "band"  # on entering
    PIPELINE = "pipeline"

    @property
    def label(self) -> str:
        return "Rep" if self == Dimension.OWNER else self.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Segment:
    """The deals of one rep, source, role…, or all but these."""

    dimension: Dimension
    key: str
    name: str
    is_rest: bool = False

    def __str__(self) -> str:
        return f"all but {self.name}" if self.is_rest else self.name

    def condition(self, prefix: str = "") -> Q:
        """That a row's deal is among them; `prefix` is the path to the deal."""
        same = (
            self._role(prefix)
            if self.dimension == Dimension.ROLE
            else Q(Exact(key_of(self.dimension, prefix), Value(self.key)))
        )
        return ~same if self.is_rest else same

    def _role(self, prefix: str) -> Q:
        """Asked as a join of two tables, for a look at each deal's contact takes three times as long."""
        first = LeadContact.objects.filter(lead=OuterRef(f"{prefix}lead"), is_first=True)
        if self.key == NONE:
            return ~Q(Exists(first.exclude(role="")))
        return Q(Exists(first.filter(role=self.key)))


TABLES: dict[Dimension, type[Any]] = {
    Dimension.OWNER: User,
    Dimension.TEAM: Team,
    Dimension.PRODUCT_LINE: ProductLine,
    Dimension.PRODUCT: Product,
    Dimension.STAGE: Stage,
    Dimension.SOURCE: Source,
    Dimension.CAMPAIGN: Campaign,
    Dimension.BAND: Band,
    Dimension.PIPELINE: Pipeline,
}


def key_of(dimension: Dimension, prefix: str = "") -> Coalesce:
    """A deal's rep, team… as text: the number of its row, or the word itself; “none” where it has none.

    `prefix` is the path to the deal.
    """
    return Coalesce(NullIf(Cast(_column(dimension, prefix), CharField()), Value("")), Value(NONE))


def names_of(dimension: Dimension, keys: Iterable[str]) -> dict[str, str]:
    """What people call the rows or words with these keys."""
    if dimension == Dimension.ROLE:
        return {key: ContactRole(key).label for key in keys if key in ContactRole}
    if dimension == Dimension.PAIN:
        return {key: key for key in keys if key != NONE}
    rows = TABLES[dimension].objects.in_bulk([int(key) for key in keys if key != NONE])
    return {str(pk): str(row) for pk, row in rows.items()}


def nameless(dimension: Dimension) -> str:
    """What the part is called that belongs to none."""
    return "Not scored then" if dimension == Dimension.BAND else f"No {dimension.label.lower()}"


def _column(dimension: Dimension, prefix: str) -> Case | F | Subquery:
    """A closed deal is its owner's and team's on closing."""
    lead = f"{prefix}lead"
    is_open = {f"{lead}__outcome": "open"}
    if dimension == Dimension.OWNER:
        return Case(When(**is_open, then=F(f"{lead}__owner")), default=F(f"{prefix}closed_owner"))
    if dimension == Dimension.TEAM:
        return Case(When(**is_open, then=F(f"{lead}__owner__team")), default=F(f"{prefix}closed_team"))
    if dimension == Dimension.ROLE:
        first = LeadContact.objects.filter(lead=OuterRef(lead), is_first=True)
        return Subquery(first.values("role"))
    if dimension == Dimension.BAND:
        return F(f"{prefix}entry_band")
    if dimension == Dimension.PIPELINE:
        return F(f"{prefix}stage__pipeline")
    own = dimension in (Dimension.STAGE, Dimension.PRODUCT)
    return F(f"{prefix}{dimension}" if own else f"{lead}__{dimension}")
