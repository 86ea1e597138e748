"""Writing many rows with one statement, and facts that may be left as they are."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Final

from django.db.models import Model


class Unset(Enum):
    """The type of UNSET, which stands for “leave it as it is”; None and "" mean empty."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


def store(rows: Collection[Model], *fields: str) -> None:
    """Write these fields of rows that exist and are locked: one statement, whatever their number.

    An upsert whose insert never happens: Django's bulk_update writes a CASE per row and field, and is slow.
    """
    if rows:
        model = type(next(iter(rows)))
        model._default_manager.bulk_create(  # noqa: SLF001
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )


def merge_attributes(before: Mapping[str, object], given: Mapping[str, object]) -> dict[str, object]:
    """Values of custom fields with the given ones in their place; None removes."""
    return {key: value for key, value in {**before, **given}.items() if value is not None}


def set_given(row: Model, facts: Mapping[str, object]) -> bool:
    """Set fields in memory, merging `attributes`; whether any of them changed."""
    has_changed = False
    for name, given in facts.items():
        before = getattr(row, name)
        value = merge_attributes(before, given) if isinstance(given, Mapping) else given
        if before != value:
            setattr(row, name, value)
            has_changed = True
    return has_changed
