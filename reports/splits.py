"""What closed deals may be split by: bands, where they came from, who they are, and fields of one's own."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, Subquery, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, NullIf, Trim

from leads.models import CustomField, LeadContact
from leads.models.fields import FieldEntity, FieldType
from pipeline.querysets import DealQuerySet
from reports.dimensions import NONE, Dimension, key_of, names_of

REST = "~rest"  # the rarer answers together
MOST = 25  # answers with a row of their own


@dataclass(frozen=True)
class Split:
    """A question that each deal answers with one text; `key` stands in the address."""

    key: str
    label: str
    dimension: Dimension | None = None  # whose answers it has
    is_band: bool = False

    def __str__(self) -> str:
        return self.label

    @property
    def has_few_answers(self) -> bool:
        """So few by its nature that each has a row of its own."""
        return self.is_band or self.dimension == Dimension.ROLE

    def names(self, answers: Iterable[str]) -> dict[str, str]:
        """What people call these answers, where that is not the answer itself."""
        known = [answer for answer in answers if answer not in (NONE, REST)]
        named = names_of(self.dimension, known) if self.dimension else {}
        return named | {NONE: "not scored then" if self.is_band else "none", REST: "All others"}


ENTRY_BAND = Split("entry_band", "Band on entering", is_band=True)
CLOSE_BAND = Split("close_band", "Band on closing", is_band=True)
SENIORITY = Split("seniority", "Seniority")
FIXED = (
    *(ENTRY_BAND, CLOSE_BAND),
    *(Split(str(one), one.label, one) for one in (Dimension.SOURCE, Dimension.CAMPAIGN, Dimension.ROLE)),
    SENIORITY,
    *(Split(str(one), one.label, one) for one in (Dimension.PAIN, Dimension.PRODUCT_LINE)),
)


@dataclass(frozen=True)
class OwnSplit(Split):
    """A text that leads have in a field of one's own."""

    field: str = ""


def own_splits() -> list[Split]:
    """The leads' own fields that hold text."""
    fields = CustomField.objects.filter(entity=FieldEntity.LEAD, type=FieldType.TEXT).order_by("label")
    return [OwnSplit(own.path, own.label, field=own.key) for own in fields]


def split_deals(deals: DealQuerySet, split: Split) -> DealQuerySet:
    """Annotates `part`: the deal's answer, or `NONE`, or `REST` where it is none of the most frequent."""
    answered = deals.annotate(answer=_answer(split))
    if split.has_few_answers:
        return answered.annotate(part=F("answer"))
    by_size = answered.exclude(Q(answer=NONE)).order_by().values("answer").annotate(size=Count("pk"))
    frequent = by_size.order_by("-size", "answer").values("answer")[:MOST]
    known = When(Q(answer=NONE) | Q(answer__in=Subquery(frequent)), then=F("answer"))
    return answered.annotate(part=Case(known, default=Value(REST), output_field=CharField()))


def _answer(split: Split) -> Any:
    if split.dimension:
        return key_of(split.dimension)
    told: Any = F(f"{split.key}__key")
    if isinstance(split, OwnSplit):
        told = KeyTextTransform(split.field, "lead__attributes")
    elif split == SENIORITY:
        first = LeadContact.objects.filter(lead=OuterRef("pk"), is_first=True)
        told = Subquery(first.values("contact__seniority"))
    return Coalesce(NullIf(Trim(told), Value("")), Value(NONE), output_field=CharField())


def in_order(answers: Iterable[str], bands: Iterable[str], sizes: Mapping[str, int]) -> list[str]:
    """Bands from the best to the worst, all else by its number of deals; the rest and none stand last."""
    places = {key: place for place, key in enumerate(bands)}
    last = {REST: 1, NONE: 2}
    return sorted(answers, key=lambda key: (last.get(key, 0), places.get(key, 0), -sizes[key], key))
