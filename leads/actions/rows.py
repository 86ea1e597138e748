"""Writing many rows with one statement, and facts that may be left as they are."""

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Any, Final

from django.db import connection
from django.db.models import Model


class Unset(Enum):
    """The type of UNSET, which stands for “leave it as it is”; None and "" mean empty."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


def store(rows: Collection[Model], *fields: str) -> None:
    """Write these fields of rows that exist and are locked: one statement, whatever their number.

    Django's bulk_update writes a CASE per row and field, and is slow; an upsert brings every column.
    """
    if not rows:
        return
    meta = next(iter(rows))._meta  # noqa: SLF001 (the tables' names and columns are there alone)
    columns: list[Any] = [meta.pk, *(meta.get_field(name) for name in fields)]
    names = [f'"{column.column}"' for column in columns]
    arrays = ", ".join(f"%s::{column.cast_db_type(connection)}[]" for column in columns)
    changes = ", ".join(f"{name} = given.{name}" for name in names[1:])
    given = [
        [column.get_db_prep_save(getattr(row, column.attname), connection) for row in rows]
        for column in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS stored SET {changes} '  # noqa: S608 (names of ours)
            f"FROM unnest({arrays}) AS given ({', '.join(names)}) WHERE stored.{names[0]} = given.{names[0]}",
            given,
        )


def note_leads(table: type[Model], lead_ids: Collection[int]) -> int:
    """Add a row for each lead to a table of news that waits, by one statement; answers how many.

    Django's bulk_create spends 50 times as long on making the rows and their values.
    """
    if lead_ids:
        name = table._meta.db_table  # noqa: SLF001 (the table's name is there alone)
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{name}" (lead_id) SELECT unnest(%s::bigint[])',
                [list(lead_ids)],
            )
    return len(lead_ids)


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
