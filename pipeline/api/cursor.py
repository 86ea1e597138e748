"""Pages of leads that stay where they are while scores change: a cursor names the last row seen."""

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.db.models import F, Q, QuerySet

from config.problems import UnprocessableError
from leads.models import Lead

ORDERINGS = {
    # what the API calls it: column, whether the largest come first
    "-score": ("score__total", True),
    "score": ("score__total", False),
    "-value": ("deal__value", True),
    "value": ("deal__value", False),
    "-id": ("pk", True),
    "id": ("pk", False),
}


@dataclass(frozen=True, slots=True)
class Page:
    leads: Sequence[Lead]
    next: str | None


def page(leads: QuerySet[Lead], *, ordering: str, cursor: str | None, size: int) -> Page:
    """One page after the cursor; unknown places come last, ties go by id."""
    if ordering not in ORDERINGS:
        raise UnprocessableError(("ordering", f"Order by one of {', '.join(ORDERINGS)}."))
    column, falling = ORDERINGS[ordering]
    leads = leads.annotate(place=F(column))
    if cursor:
        leads = leads.filter(_after(cursor, falling=falling))
    order = F(column).desc(nulls_last=True) if falling else F(column).asc(nulls_last=True)
    rows = list(leads.order_by(order, "pk")[: size + 1])
    return Page(rows[:size], _name(rows[size - 1]) if len(rows) > size else None)


def _after(cursor: str, *, falling: bool) -> Q:
    place, pk = _read(cursor)
    if place is None:
        return Q(place=None, pk__gt=pk)
    beyond = Q(place__lt=place) if falling else Q(place__gt=place)
    return beyond | Q(place=None) | Q(place=place, pk__gt=pk)


def _name(lead: Lead) -> str:
    place = lead.place  # type: ignore[attr-defined]
    words = [None if place is None else str(place), lead.pk]
    return base64.urlsafe_b64encode(json.dumps(words).encode()).decode()


def _read(cursor: str) -> tuple[Decimal | None, int]:
    try:
        place, pk = json.loads(base64.urlsafe_b64decode(cursor))
        return None if place is None else Decimal(place), int(pk)
    except (ValueError, TypeError, InvalidOperation) as error:
        raise UnprocessableError(
            ("cursor", "This is no cursor of this list. Take the one in `next`.")
        ) from error
