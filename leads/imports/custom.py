"""Columns that become custom fields: their keys, types and values."""

import re
from unicodedata import normalize

from django.core.exceptions import ValidationError

from leads.attributes import typed_value
from leads.imports import values
from leads.imports.cells import Cell
from leads.imports.mapping import Target
from leads.imports.values import BadValue, Converter, ValueStyle
from leads.models import CustomField
from leads.models.fields import FieldEntity, FieldType

LONGEST_KEY = 80
LONGEST_LABEL = 120
BY_TYPE: dict[str, Converter] = {
    FieldType.TEXT: values.text(4_000),
    FieldType.NUMBER: values.number,
    FieldType.DATE: values.day,
    FieldType.BOOLEAN: values.yes_no,
}


def custom_key(column: str) -> str:
    """The key of a column: "Lead Origin" → lead_origin; empty when it has no Latin letter or digit."""
    plain = normalize("NFKD", column).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return (f"n{key}" if key[:1].isdigit() else key)[:LONGEST_KEY].rstrip("_")


def custom_target(prefix: str, entity: FieldEntity, key: str, label: str, type_: str) -> Target:
    """The target of a custom field that is not stored yet, if it is to be."""
    custom = CustomField(entity=entity, key=key, label=label[:LONGEST_LABEL], type=type_)
    return Target(f"{prefix}.{key}", _converter(custom), custom)


def _converter(custom: CustomField) -> Converter:
    read = BY_TYPE[custom.type]

    def convert(cell: Cell, style: ValueStyle) -> object:
        try:
            return typed_value(custom, read(cell, style))
        except ValidationError as error:
            raise BadValue(error.messages[0].rstrip(".")) from error

    return convert
