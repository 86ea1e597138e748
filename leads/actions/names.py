"""Product lines, sources, campaigns and other rows that are only a name: found, or made."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.query import RawQuerySet

Named = TypeVar("Named", bound=Model)


def get_or_create_names(model: type[Named], names: Iterable[str]) -> dict[str, Named]:
    """Rows by each of the names as given; compared without regard to case, and made where there is none.

    The database compares, as its unique index does: Python has other small letters for İ and ΟΔΟΣ.
    """
    wanted = [name for name in dict.fromkeys(names) if name.strip()]
    found, rows = _stored(model, wanted), _rows(model)
    while missing := [name for name in wanted if name not in found]:
        spellings = {name.strip().casefold(): name.strip() for name in reversed(missing)}
        rows.bulk_create([model(name=name) for name in spellings.values()], ignore_conflicts=True)
        found |= _stored(model, missing)
    return found


def _stored(model: type[Named], names: list[str]) -> dict[str, Named]:
    rows: RawQuerySet[Any] = _rows(model).raw(
        f'SELECT stored.*, given.name AS given_name FROM "{model._meta.db_table}" AS stored '  # noqa: S608, SLF001 (a name of ours)
        "JOIN unnest(%s::text[], %s::text[]) AS given (name, plain) "
        "ON lower(stored.name) = lower(given.plain)",
        [names, [name.strip() for name in names]],
    )
    return {row.given_name: row for row in rows}


def _rows(model: type[Named]) -> QuerySet[Named]:
    return QuerySet(model)
