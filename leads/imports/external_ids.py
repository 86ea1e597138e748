"""What the imported system calls our rows."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.db.models import Model

from leads.models import ExternalId
from leads.models.leads import Entity

Row = TypeVar("Row", bound=Model)


def known_ids(system: str, entity: Entity, keys: Iterable[str]) -> dict[str, int]:
    """Our ids by those of the system."""
    found = ExternalId.objects.filter(system=system, entity=entity, external_id__in=set(keys))
    return dict(found.values_list("external_id", "object_id"))


def known_rows(system: str, entity: Entity, keys: Iterable[str], model: type[Row]) -> dict[str, Row]:
    """Our rows by the ids of the system; those deleted since are not among them."""
    ids = known_ids(system, entity, keys)
    rows = model._default_manager.in_bulk(set(ids.values()))  # noqa: SLF001 - of any model
    return {key: rows[pk] for key, pk in ids.items() if pk in rows}


def remember_ids(system: str, entity: Entity, ids: Mapping[str, int]) -> None:
    """Store what the system calls these rows; the name of one that was deleted passes to its successor."""
    ExternalId.objects.bulk_create(
        (ExternalId(system=system, entity=entity, external_id=key, object_id=pk) for key, pk in ids.items()),
        update_conflicts=True,
        unique_fields=["system", "entity", "external_id"],
        update_fields=["object_id"],
    )
