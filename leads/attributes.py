"""Values of custom fields: what comes in as text or JSON, typed as the field says."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

from leads.formats import count
from leads.models import CustomField
from leads.models.fields import FieldEntity, FieldType

YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}
LONGEST = 4_000  # characters

JsonValue = str | int | float | bool


def typed_value(field: CustomField, value: object) -> JsonValue | None:
    """The value as it stands in `attributes`: None for empty; ValidationError says what is expected."""
    if value is None or value == "":
        return None
    return READERS[FieldType(field.type)](field, value)


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


def _text(field: CustomField, value: object) -> str:
    if not isinstance(value, str | int | float):
        raise ValidationError(f"{field.label} is a text.")
    if len(str(value)) > LONGEST:
        raise ValidationError(f"{field.label} has more than {LONGEST:,} characters.")
    return str(value)


def _number(field: CustomField, value: object) -> int | float:
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**15:
        raise ValidationError(f"{field.label} is a number, not “{value}”.")
    return int(number) if number == number.to_integral_value() else float(number)


def _date(field: CustomField, value: object) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError as error:
        raise ValidationError(f"{field.label} is a date such as 2026-11-30, not “{value}”.") from error


def _boolean(field: CustomField, value: object) -> bool:
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise ValidationError(f"{field.label} is yes or no, not “{value}”.")
    return word in YES


READERS = {
    FieldType.TEXT: _text,
    FieldType.NUMBER: _number,
    FieldType.DATE: _date,
    FieldType.BOOLEAN: _boolean,
}
