"""When a report is sent: weekly or monthly, at seven in the morning: pure, no database."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import TextChoices

from reports.periods import DAY, add_months, month_start

MORNING = time(7)  # where the organisation is: an hour that no change of clocks skips or repeats
WEEK = timedelta(days=7)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Rhythm(TextChoices):
    WEEKLY = "weekly", "Every week"
    MONTHLY = "monthly", "Every month"


@dataclass(frozen=True)
class When:
    """Weekly on `weekday`, as `date.isoweekday()` counts; monthly on `day`, else the month's last one."""

    rhythm: str
    weekday: int = 1
    day: int = 1

    def __str__(self) -> str:
        if self.rhythm == Rhythm.WEEKLY:
            return f"every {DAYS[self.weekday - 1]}"
        shorter = ", or the last day of a shorter one" if self.day > 28 else ""
        return f"on day {self.day} of every month{shorter}"

    def last_day(self, now: datetime) -> date:
        """The latest day whose hour has come; `now` is the organisation's."""
        day = now.date() if now.time() >= MORNING else now.date() - DAY
        if self.rhythm == Rhythm.WEEKLY:
            return day - timedelta(days=(day.isoweekday() - self.weekday) % 7)
        here = self._in_month(day)
        return here if here <= day else self._in_month(add_months(month_start(day), -1))

    def next_day(self, now: datetime) -> date:
        """The day after that."""
        last = self.last_day(now)
        if self.rhythm == Rhythm.WEEKLY:
            return last + WEEK
        return self._in_month(add_months(month_start(last), 1))

    def _in_month(self, month: date) -> date:
        return month.replace(day=min(self.day, monthrange(month.year, month.month)[1]))


def moment_of(day: date, now: datetime) -> datetime:
    """Seven o'clock of that day where `now` is."""
    return datetime.combine(day, MORNING, tzinfo=now.tzinfo)
