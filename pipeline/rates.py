"""Exchange rates in a CSV file, read whole before anything is stored; every fault names its line."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from io import StringIO

from config.faults import Fault
from pipeline.actions.rates import Rate

COLUMNS = ("currency", "valid_from", "rate")
FIRST_YEAR, LAST_YEAR = 1990, 2100
WHOLE_DIGITS, DECIMALS = 10, 8


def read_rates(text: str, *, own: str) -> tuple[list[Rate], list[Fault]]:
    """The rates of a file, and what is wrong with it; `own` is the organisation's currency."""
    try:
        lines = list(_records(text))
    except csv.Error as error:
        return [], [Fault("file", f"The file is no CSV ({error}).")]
    if not lines:
        return [], [Fault("file", "The file is empty.")]
    header = [cell.strip().lower() for cell in lines[0][1]]
    if sorted(header) != sorted(COLUMNS):
        columns = ", ".join(COLUMNS)
        return [], [Fault("line 1", f"It names the columns {columns}, in any order, and no others.")]
    return _judged(header, lines[1:], own)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it ends; empty lines are left out."""
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    reader = csv.reader(StringIO(text), delimiter=";" if ";" in first else ",")
    return ((reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells))


def _judged(
    header: list[str], lines: list[tuple[int, list[str]]], own: str
) -> tuple[list[Rate], list[Fault]]:
    rates: dict[tuple[str, date], int] = {}
    found: list[Rate] = []
    faults: list[Fault] = []
    for number, cells in lines:
        try:
            rate = _rate(header, cells, own)
        except ValueError as fault:
            faults.append(Fault(f"line {number}", str(fault)))
            continue
        first = rates.setdefault((rate.currency, rate.valid_from), number)
        if first != number:
            doubled = f"{rate.currency} from {rate.valid_from} already stands on line {first}."
            faults.append(Fault(f"line {number}", doubled))
        found.append(rate)
    if not lines:
        faults.append(Fault("file", "The file has a header and no rates."))
    return ([] if faults else found), faults


def _rate(header: list[str], cells: list[str], own: str) -> Rate:
    if len(cells) != len(header):
        raise ValueError(f"There are {len(cells)} cells, and {len(header)} columns.")
    row = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    return Rate(_currency(row["currency"], own), _day(row["valid_from"]), _amount(row["rate"]))


def _currency(text: str, own: str) -> str:
    if not re.fullmatch("[A-Z]{3}", text):
        raise ValueError(f"“{text[:20]}” is no currency. Write its ISO code, such as USD.")
    if text == own:
        raise ValueError(f"{own} is the organisation's own currency: its rate is always 1.")
    return text


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"“{text[:20]}” is no date. Write it as 2026-10-31.")
    return day


def _amount(text: str) -> Decimal:
    try:
        rate = Decimal(text) if text.isascii() else Decimal("NaN")
    except InvalidOperation:
        rate = Decimal("NaN")
    if not rate.is_finite():
        raise ValueError(f"“{text[:20]}” is no rate. Write it as 0.9213.")
    if rate <= 0:
        raise ValueError("A rate must be above 0.")
    if rate >= Decimal(10) ** WHOLE_DIGITS or rate != round(rate, DECIMALS):
        raise ValueError(f"A rate has at most {WHOLE_DIGITS} digits before and {DECIMALS} after the point.")
    return rate
