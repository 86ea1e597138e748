"""Values from forms, files and programs, typed as they are stored in JSON; pure.

Each reader takes the name of the field, for its sentence, and raises ValidationError.
"""

from datetime import date
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError

YES, NO = {"yes", "true", "1", "y"}, {"no", "false", "0", "n"}
LONGEST = 4_000  # characters
LARGEST = 10**15

JsonValue = str | int | float | bool


def read_text(name: str, value: object) -> str:
    """A text, or a number as one."""
    if not isinstance(value, str | int | float):
        raise ValidationError(f"{name} is a text.")
    text = str(value)
    if len(text) > LONGEST:
        raise ValidationError(f"{name} has more than {LONGEST:,} characters.")
    if "\x00" in text:
        raise ValidationError(f"{name} contains a NUL character, which cannot be stored.")
    return text


def read_number(name: str, value: object) -> int | float:
    """A number, whole where it can be."""
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ValidationError(f"{name} is a number, not “{value}”.")
    return int(number) if number == number.to_integral_value() else float(number)


def read_date(name: str, value: object) -> str:
    """An ISO date."""
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()[:10]
    except ValueError as error:
        raise ValidationError(f"{name} is a date such as 2026-11-30, not “{value}”.") from error


def read_boolean(name: str, value: object) -> bool:
    """True or false from any usual spelling of yes and no."""
    word = str(value).strip().lower()
    if word not in YES | NO:
        raise ValidationError(f"{name} is yes or no, not “{value}”.")
    return word in YES
