"""Values as they stand in the fields of a form, and what is typed there as values: pure."""

import re
from typing import Any

from scoring.fields import ORDER, PRESENCE, Field, FieldType, Op

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)\Z", re.ASCII)
_GROUPED = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?\Z", re.ASCII)
YES_NO = {True: "yes", False: "no"}
LISTED = (Op.IN, Op.NOT_IN)


def shown(value: Any) -> str:
    """The text of a value: 100000000 → 100,000,000, True → yes."""
    match value:
        case None:
            return ""
        case bool():
            return YES_NO[value]
        case int() | float():
            whole = int(value) if value == value // 1 and abs(value) < 10**15 else value
            text = f"{whole:,}" if abs(value) >= 10_000 else str(whole)
            return text.replace("-", "−")
        case _:
            return str(value)


def number_in(text: str) -> int | float | str:
    """The number in a text, or the text itself when there is none, for the reader to refuse."""
    plain = re.sub(r"[\s\u00a0]", "", text).replace("−", "-")
    if _GROUPED.match(plain):
        plain = plain.replace(",", "")
    if not _NUMBER.match(plain) or len(plain) > 30:
        return text.strip()
    return float(plain) if "." in plain else int(plain)


def value_in(text: str, field: Field, op: Op) -> Any:
    """The value that is meant by a text typed for this field and operator."""
    kind = kind_of(field, op)
    if kind == FieldType.NUMBER:
        return number_in(text)
    if kind == FieldType.BOOLEAN:
        return {"yes": True, "no": False}.get(text, text)
    return text.strip()


def kind_of(field: Field, op: Op) -> FieldType:
    """The kind of value that is typed: of a property of unknown kind, what the operator compares."""
    if op == Op.WITHIN_DAYS:
        return FieldType.NUMBER
    if field.type != FieldType.ANY:
        return field.type
    if op in (Op.BEFORE, Op.AFTER):
        return FieldType.DATE
    return FieldType.NUMBER if op in ORDER or op == Op.BETWEEN else FieldType.TEXT


def reshaped(value: Any, field: Field, op: Op) -> Any:
    """The value for another field or operator: kept as far as it can be said there, else empty."""
    if op in PRESENCE:
        return None
    given = value if isinstance(value, list) else [value]
    values = [item for item in (_fitting(item, field, op) for item in given) if item not in ("", None)]
    if op in LISTED:
        return values
    if op == Op.BETWEEN:
        return [*values, "", ""][:2]
    return values[0] if values else ""


def _fitting(value: Any, field: Field, op: Op) -> Any:
    kind = kind_of(field, op)
    if kind == FieldType.NUMBER:
        number = number_in(value) if isinstance(value, str) else value
        return "" if isinstance(number, str | bool) else number
    if kind == FieldType.BOOLEAN:
        return value if isinstance(value, bool) else ""
    if field.choices:
        names = {name.casefold() for pair in field.choices.items() for name in pair}
        return value if str(value).casefold() in names else ""
    if kind == FieldType.DATE:
        return value if re.match(r"\d{4}-\d\d-\d\d\Z", str(value)) else ""
    return shown(value)
