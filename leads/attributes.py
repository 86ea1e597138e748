"""Values of custom fields: typed as the field says, and as people read them."""

from collections.abc import Mapping
from datetime import date

from leads.formats import count
from leads.models import CustomField
from leads.models.fields import FieldEntity, FieldType
from leads.typed import JsonValue, read_boolean, read_date, read_number, read_text

READERS = {
    FieldType.TEXT: read_text,
    FieldType.NUMBER: read_number,
    FieldType.DATE: read_date,
    FieldType.BOOLEAN: read_boolean,
}


def typed_value(field: CustomField, value: object) -> JsonValue | None:
    """The value as it stands in `attributes`: None for empty; ValidationError says what is expected."""
    if value is None or value == "":
        return None
    return READERS[FieldType(field.type)](field.label, value)


def shown_values(entity: FieldEntity, attributes: Mapping[str, object]) -> list[tuple[str, str]]:
    """Labels and values as people read them, of the fields of an entity that have one here."""
    fields = CustomField.objects.filter(entity=entity, key__in=attributes.keys())
    return [(field.label, _shown(field, attributes[field.key])) for field in fields]


def _shown(field: CustomField, value: object) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if field.type == FieldType.NUMBER and isinstance(value, int):
        return count(value)
    if field.type == FieldType.DATE:
        return f"{date.fromisoformat(str(value)):%d %b %Y}".lstrip("0")
    return str(value)
