"""Fiscal years and amounts spread over months: pure, no database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

YEAR_MONTHS, QUARTER_MONTHS = 12, 3
CENTS = 100


@dataclass(frozen=True)
class TargetPeriod:
    """A month or a fiscal quarter: its months by their first days."""

    name: str
    months: tuple[date, ...]

    def is_past(self, today: date) -> bool:
        """All of its months are over."""
        return self.months[-1] < today.replace(day=1)


def year_of(day: date, year_start: int) -> int:
    """The fiscal year of a day; it is named after the year in which it ends."""
    return day.year + (year_start > 1 and day.month >= year_start)


def months_of_year(year: int, year_start: int) -> list[date]:
    """The first days of the twelve months of a fiscal year that begins in the month `year_start`."""
    first = 12 * (year - (year_start > 1)) + year_start - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, first + YEAR_MONTHS)]


def periods_of_year(year: int, year_start: int, *, by_quarter: bool) -> list[TargetPeriod]:
    """Its months, or its quarters."""
    months = months_of_year(year, year_start)
    if not by_quarter:
        return [TargetPeriod(f"{month:%b %Y}", (month,)) for month in months]
    starts = range(0, YEAR_MONTHS, QUARTER_MONTHS)
    return [
        TargetPeriod(f"Q{number}", tuple(months[start : start + QUARTER_MONTHS]))
        for number, start in enumerate(starts, start=1)
    ]


def spread(whole: Decimal, months: Sequence[date]) -> dict[date, Decimal]:
    """Equal amounts in cents that add up to the whole; the first months take the cents left over."""
    each, rest = divmod(int(whole * CENTS), len(months))
    return {month: Decimal(each + (place < rest)) / CENTS for place, month in enumerate(months)}
