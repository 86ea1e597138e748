"""Amounts, counts and stays as sentences have them."""

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from leads import formats
from reports.periods import DAY
from scoring.statistics import Interval

HOUR = timedelta(hours=1)


def whole_money(amount: Decimal | None, currency: str) -> str:
    """€584,930: reports show whole units, their CSV has the cents."""
    return formats.money(None if amount is None else amount.quantize(Decimal(1), ROUND_HALF_UP), currency)


def signed_whole_money(amount: Decimal | None, currency: str) -> str:
    """+€10,300, −€57,000."""
    return formats.signed_money(
        None if amount is None else amount.quantize(Decimal(1), ROUND_HALF_UP), currency
    )


def signed_share(fraction: Decimal | float | None) -> str:
    """+320 %, −45 %; an en dash for none."""
    gain = "+" if fraction is not None and fraction > 0 else ""
    return gain + formats.share(fraction)


def counted(number: int, noun: str) -> str:
    """1 deal, 1,234 deals."""
    return f"{formats.count(number)} {noun}{'' if number == 1 else 's'}"


def in_days(stay: timedelta) -> str:
    """A stay as people read it: 6 days, 1 day, under a day."""
    return counted(round(stay / DAY), "day") if stay >= DAY else "under a day"


def share_range(interval: Interval | None) -> str:
    """The bounds of an interval of shares: 36.6–49.4 %; an en dash for none."""
    if interval is None:
        return formats.NONE
    return f"{100 * interval.low:.1f}–{formats.share(interval.high, 1)}"


def days_range(interval: Interval | None) -> str:
    """The bounds of an interval of days: 81–99; an en dash for none."""
    return f"{interval.low:.0f}–{interval.high:.0f}" if interval else formats.NONE


def in_hours(stay: timedelta) -> str:
    """How long an answer took: 12 min, 3.4 h, 5.0 days."""
    if stay < HOUR:
        return f"{round(stay / timedelta(minutes=1))} min"
    return f"{stay / HOUR:.1f} h" if stay < 2 * DAY else f"{stay / DAY:.1f} days"


def part_leads(leads: Decimal) -> str:
    """A number of leads that need not be whole: 12.4."""
    return f"{leads:,.1f}"


def signed_leads(leads: Decimal) -> str:
    """+0.4, −1.2, 0.0: a difference that rounds to nothing has no sign."""
    rounded = round(leads, 1)
    return f"{rounded:+,.1f}".replace("-", "−") if rounded else "0.0"
