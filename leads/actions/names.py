"""Product lines, sources and campaigns by name: found, or made."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet
from django.db.models.functions import Lower

from leads.models import Campaign, ProductLine, Source

Named = TypeVar("Named", ProductLine, Source, Campaign)


def get_or_create_names(model: type[Named], names: Iterable[str]) -> dict[str, Named]:
    """Rows by each of the names as given; compared without regard to case, and made where there is none."""
    wanted = {name: name.strip().lower() for name in names if name.strip()}
    found = _by_lower_name(model.objects.all(), set(wanted.values()))
    missing = {lower: name.strip() for name, lower in reversed(wanted.items()) if lower not in found}
    if missing:
        model.objects.bulk_create([model(name=name) for name in missing.values()], ignore_conflicts=True)
        found |= _by_lower_name(model.objects.all(), set(missing))
    return {name: found[lower] for name, lower in wanted.items()}


def _by_lower_name(rows: QuerySet[Named], lowers: set[str]) -> dict[str, Named]:
    matching = rows.annotate(lower_name=Lower("name")).filter(lower_name__in=lowers)
    return {row.lower_name: row for row in matching}
