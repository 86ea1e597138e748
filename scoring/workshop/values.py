"""Values that a field has in the data, to be suggested while a rule is written."""

from typing import Any

from django.db.models import Count, F, Model
from django.db.models.fields.json import KeyTextTransform

from leads.models import Activity, Company, Contact, Lead, LeadContact
from scoring.compiler.references import LEAD_COLUMNS
from scoring.fields import PROPERTIES, Field, FieldType

MODELS: dict[str, type[Model]] = {"lead": Lead, "contact": Contact, "company": Company, "activity": Activity}
NEWEST = 20_000  # rows looked at, so that a million cost no more
MOST = 30


def known_values(field: Field, typed: str = "") -> list[str]:
    """The commonest values among the newest rows that contain what is typed; choices by their names."""
    if field.choices:
        return [label for label in field.choices.values() if typed.casefold() in label.casefold()][:MOST]
    if field.type not in (FieldType.TEXT, FieldType.DOMAIN, FieldType.ANY) or field.entity not in MODELS:
        return []
    return _commonest(field, typed)


def _commonest(field: Field, typed: str) -> list[str]:
    model = MODELS[field.entity]
    if field.path == "contact.email_domain":
        return sorted({text.rpartition("@")[2] for text in _texts(model, F("email"), typed)})[:MOST]
    if field.path == "contact.role":
        return _texts(LeadContact, F("role"), typed)
    return _texts(model, _expression(field), typed)


def _expression(field: Field) -> Any:
    if field.path.startswith(PROPERTIES):
        return KeyTextTransform(field.key, "properties")
    if field.is_custom:
        return KeyTextTransform(field.key, "attributes")
    return F(LEAD_COLUMNS.get(field.key, field.key))


def _texts(model: Any, expression: Any, typed: str) -> list[str]:
    rows = model.objects.order_by("-pk").annotate(found=expression).values("found")[:NEWEST]
    newest = model.objects.filter(pk__in=rows.values("pk")).annotate(found=expression).order_by()
    matching = newest.filter(found__icontains=typed) if typed else newest.exclude(found=None)
    counted = matching.values_list("found").annotate(n=Count("pk")).order_by("-n", "found")
    return [str(found) for found, _ in counted[:MOST] if found]
