"""One cell into one value: pure converters that say in a sentence why a cell will not do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django.core.exceptions import ValidationError

from leads import addresses
from leads.imports.cells import Cell, as_text

ISO = "iso"
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2200, 12, 31)
CENT = Decimal("0.01")
YES = frozenset({"yes", "true", "1", "y", "x"})
NO = frozenset({"no", "false", "0", "n"})


class BadValue(ValueError):
    """The cell cannot be read as what its field needs; the text is the end of a sentence about the cell."""


@dataclass(frozen=True, slots=True)
class ValueStyle:
    """How the file writes its values, and which day is today."""

    dates: tuple[str, ...] = (ISO,)
    decimal: str = "."
    thousands: str = ""
    phone_region: str = ""
    empty: frozenset[str] = frozenset()
    yes: frozenset[str] = YES
    no: frozenset[str] = NO
    zone: tzinfo = UTC
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def is_empty(self, cell: Cell) -> bool:
        return cell == "" or (isinstance(cell, str) and cell.casefold() in self.empty)


Converter = Callable[[Cell, ValueStyle], object]


def text(longest: int) -> Converter:
    def convert(cell: Cell, style: ValueStyle) -> str:
        found = as_text(cell)
        if "\0" in found:
            raise BadValue("holds a character that no text has (NUL)")
        if len(found) > longest:
            raise BadValue(f"has {len(found):,} characters; at most {longest:,} are allowed")
        return found

    return convert


def number(cell: Cell, style: ValueStyle) -> Decimal:
    """A number in the file's style; a blank or a sign of money in it is none."""
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        found = Decimal(str(cell))
    else:
        written = as_text(cell)
        if not _number_pattern(style.decimal, style.thousands).fullmatch(written):
            raise BadValue(f"“{written}” is no number such as {_example(style)}")
        plain = written.replace(style.thousands, "") if style.thousands else written
        found = Decimal(plain.replace(style.decimal, "."))
    if not found.is_finite():
        raise BadValue(f"“{cell}” is no number")
    return found


def whole(least: int, most: int) -> Converter:
    def convert(cell: Cell, style: ValueStyle) -> int:
        found = number(cell, style)
        if found != found.to_integral_value():
            raise BadValue(f"“{as_text(cell)}” is no whole number")
        return int(_between(found, least, most))

    return convert


def money(most: Decimal) -> Converter:
    """An amount of 0 or more, to the cent."""

    def convert(cell: Cell, style: ValueStyle) -> Decimal:
        return _between(number(cell, style), 0, most).quantize(CENT, ROUND_HALF_UP)

    return convert


def moment(cell: Cell, style: ValueStyle) -> datetime:
    """An aware moment; a day alone is its first moment, and a time without a zone the organisation's."""
    found = _parsed(cell, style)
    if not FIRST_DAY <= found.date() <= LAST_DAY:
        raise BadValue(f"“{as_text(cell)}” lies outside {FIRST_DAY.year} to {LAST_DAY.year}")
    return found.replace(tzinfo=style.zone) if found.tzinfo is None else found


def past_moment(cell: Cell, style: ValueStyle) -> datetime:
    found = moment(cell, style)
    if found.astimezone(style.zone).date() > style.today:
        raise BadValue(f"“{as_text(cell)}” lies in the future")
    return found


def day(cell: Cell, style: ValueStyle) -> date:
    """A day; of a moment with a zone, the organisation's."""
    return moment(cell, style).astimezone(style.zone).date()


def past_year(cell: Cell, style: ValueStyle) -> int:
    found = number(cell, style)
    if found != found.to_integral_value() or not 1000 <= found <= style.today.year:
        raise BadValue(f"“{as_text(cell)}” is no year from 1000 to {style.today.year}")
    return int(found)


def yes_no(cell: Cell, style: ValueStyle) -> bool:
    word = as_text(cell).casefold()
    if word in style.yes:
        return True
    if word in style.no:
        return False
    raise BadValue(f"“{as_text(cell)}” is neither yes nor no")


def choice(options: Mapping[str, str]) -> Converter:
    """One of the keys, given by key or by label without regard to case."""
    by_word = {word.casefold(): key for key, label in options.items() for word in (key, label)}

    def convert(cell: Cell, style: ValueStyle) -> str:
        try:
            return by_word[as_text(cell).casefold()]
        except KeyError:
            raise BadValue(f"“{as_text(cell)}” is none of {', '.join(options)}") from None

    return convert


def normal(normalise: Callable[[str], str], longest: int = 254) -> Converter:
    """A text in the one spelling that `leads.addresses` gives it."""

    def convert(cell: Cell, style: ValueStyle) -> str:
        try:
            return normalise(str(text(longest)(cell, style)))
        except ValidationError as error:
            raise BadValue(error.messages[0].rstrip(".")) from error

    return convert


def phone(cell: Cell, style: ValueStyle) -> str:
    return str(normal(lambda written: addresses.normal_phone(written, style.phone_region))(cell, style))


def currency(cell: Cell, style: ValueStyle) -> str:
    written = as_text(cell).upper()
    if not re.fullmatch("[A-Z]{3}", written):
        raise BadValue(f"“{written}” is no currency code such as EUR")
    return written


@cache
def _number_pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    whole_part = rf"\d{{1,3}}(?:{re.escape(thousands)}\d{{3}})+|\d+" if thousands else r"\d+"
    return re.compile(rf"[+-]?(?:{whole_part})(?:{re.escape(decimal)}\d+)?", re.ASCII)


def _example(style: ValueStyle) -> str:
    return f"1{style.thousands}234{style.decimal}50"


def _between(found: Decimal, least: int, most: int | Decimal) -> Decimal:
    if found < least:
        raise BadValue(f"{found:f} is below {least:,}")
    if found > most:
        raise BadValue(f"{found:f} is above {most:,}")
    return found


def _parsed(cell: Cell, style: ValueStyle) -> datetime:
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime.combine(cell, time.min)
    for pattern in style.dates:
        try:
            written = as_text(cell)
            return datetime.fromisoformat(written) if pattern == ISO else datetime.strptime(written, pattern)  # noqa: DTZ007 - moment() adds the zone
        except ValueError:
            continue
    raise BadValue(
        f"“{as_text(cell)}” is no date written as {' or '.join(_spelled(one) for one in style.dates)}"
    )


def _spelled(pattern: str) -> str:
    return "2026-11-30" if pattern == ISO else datetime(2026, 11, 30, 17, 45, tzinfo=UTC).strftime(pattern)
