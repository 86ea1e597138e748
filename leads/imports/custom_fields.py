"""The custom fields that an import brings, held against those that are stored."""

from collections.abc import Sequence

from django.db.models import Q

from config.faults import Fault
from leads.models import CustomField


def refuse_other_types(custom_fields: Sequence[CustomField], section: str, faults: list[Fault]) -> None:
    """Note a fault for each field that is stored with another type."""
    stored = {(field.entity, field.key): field for field in _stored(custom_fields)}
    for custom in custom_fields:
        known = stored.get((custom.entity, custom.key))
        if known and known.type != custom.type:
            message = f"{custom.path} is stored as {known.type}, so it cannot be {custom.type}."
            faults.append(Fault(f"{section}.columns", message))


def create_missing(custom_fields: Sequence[CustomField]) -> list[str]:
    """Store those that are not there yet, and say which."""
    stored = {(field.entity, field.key) for field in _stored(custom_fields)}
    missing = [custom for custom in custom_fields if (custom.entity, custom.key) not in stored]
    CustomField.objects.bulk_create(missing, ignore_conflicts=True)
    listed = ", ".join(f"{custom.path} ({custom.type})" for custom in missing)
    return [f"custom fields {listed}"] if missing else []


def _stored(custom_fields: Sequence[CustomField]) -> list[CustomField]:
    if not custom_fields:
        return []
    wanted = Q(pk__in=[])
    for custom in custom_fields:
        wanted |= Q(entity=custom.entity, key=custom.key)
    return list(CustomField.objects.filter(wanted))
