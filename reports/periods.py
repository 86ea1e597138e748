"""Months and quarters, of the fiscal year where it differs from the calendar's: pure, no database."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)
QUARTER_MONTHS = 3
YEAR_MONTHS = 12


class By(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"

    @property
    def months(self) -> int:
        return QUARTER_MONTHS if self == By.QUARTER else 1


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.end

    @property
    def label(self) -> str:
        """Jul – Dec 2025; Oct 2025; 14 Oct – 3 Nov 2025."""
        name = _month_name if self.is_whole_months else _day_name
        first, last = f"{name(self.start)} {self.start.year}", f"{name(self.end)} {self.end.year}"
        if first == last:
            return last
        return f"{name(self.start) if self.start.year == self.end.year else first} – {last}"

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and (self.end + DAY).day == 1

    @property
    def months(self) -> list[date]:
        """The first day of every month that it touches."""
        return list(_steps(month_start(self.start), self.end, By.MONTH.months))


@dataclass(frozen=True)
class Period(Span):
    """A month or quarter, cut to the span that was asked for; its key stands in addresses and in the API."""

    key: str
    name: str


def month_start(day: date) -> date:
    """The first of its month."""
    return day.replace(day=1)


def add_months(month: date, number: int) -> date:
    """The first day of a month that many months later, or earlier."""
    months = month.year * 12 + month.month - 1 + number
    return date(months // 12, months % 12 + 1, 1)


def period_start(day: date, by: By, year_start: int) -> date:
    """The first day of its month or fiscal quarter; the fiscal year begins in the month `year_start`."""
    return add_months(month_start(day), -((day.month - year_start) % by.months))


def split(span: Span, by: By, year_start: int) -> list[Period]:
    """The months or fiscal quarters that a span touches, the first and last cut to it."""
    starts = _steps(period_start(span.start, by, year_start), span.end, by.months)
    return [_period(start, span, by, year_start) for start in starts]


def usual_span(today: date, year_start: int) -> Span:
    """The quarter before this one to the one after it: what was, what is, what comes."""
    quarter = period_start(today, By.QUARTER, year_start)
    return months(add_months(quarter, -QUARTER_MONTHS), 3 * QUARTER_MONTHS)


def presets(today: date, year_start: int) -> dict[str, Span]:
    """Spans that people ask for, by name."""
    quarter = period_start(today, By.QUARTER, year_start)
    year = add_months(month_start(today), -((today.month - year_start) % YEAR_MONTHS))
    return {
        "Last, this and next quarter": usual_span(today, year_start),
        "This quarter": months(quarter, QUARTER_MONTHS),
        "Next quarter": months(add_months(quarter, QUARTER_MONTHS), QUARTER_MONTHS),
        "Next 12 months": months(month_start(today), YEAR_MONTHS),
        "This year": months(year, YEAR_MONTHS),
        "Last year": months(add_months(year, -YEAR_MONTHS), YEAR_MONTHS),
    }


def months(first: date, number: int) -> Span:
    """That many months from the one that begins on `first`."""
    return Span(first, add_months(first, number) - DAY)


def before(span: Span) -> Span:
    """As many months as the span has, or as many days, up to the day before it begins."""
    if span.is_whole_months:
        return months(add_months(span.start, -len(span.months)), len(span.months))
    return Span(span.start - (span.end - span.start) - DAY, span.start - DAY)


def year_before(span: Span) -> Span:
    """The same days a year earlier; the last of February stays the last of February."""
    start, end = (_year_earlier(day) for day in (span.start, span.end))
    return Span(start, end)


def _year_earlier(day: date) -> date:
    month = add_months(month_start(day), -YEAR_MONTHS)
    last = months(month, 1).end
    is_last = (day + DAY).day == 1
    return last if is_last else month.replace(day=min(day.day, last.day))


def _period(start: date, span: Span, by: By, year_start: int) -> Period:
    name = _quarter(start, year_start) if by == By.QUARTER else (f"{start:%Y-%m}", f"{start:%b %Y}")
    end = add_months(start, by.months) - DAY
    return Period(max(start, span.start), min(end, span.end), *name)


def _quarter(start: date, year_start: int) -> tuple[str, str]:
    number = (start.month - year_start) % 12 // QUARTER_MONTHS + 1
    if year_start == 1:
        return f"{start.year}-Q{number}", f"Q{number} {start.year}"
    year = start.year + (start.month >= year_start)  # a fiscal year is named after the year in which it ends
    return f"{year}-Q{number}", f"Q{number} FY {year}"


def _steps(start: date, end: date, months: int) -> Iterator[date]:
    while start <= end:
        yield start
        start = add_months(start, months)


def _month_name(day: date) -> str:
    return f"{day:%b}"


def _day_name(day: date) -> str:
    return f"{day.day} {day:%b}"
