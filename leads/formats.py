"""Figures, dates and ages as people read them: pure, no database, no settings."""

from datetime import date, datetime, timedelta
from decimal import Decimal

NONE = "–"
MINUS = "−"
NO_BREAK = "\N{NO-BREAK SPACE}"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "INR": "₹", "JPY": "¥"}
Number = int | float | Decimal


def count(value: int | None) -> str:
    """18402 → 18,402."""
    return NONE if value is None else _grouped(value)


def money(value: Number | None, currency: str) -> str:
    """48000, EUR → €48,000; cents only where there are any; a currency without a sign keeps its code."""
    if value is None:
        return NONE
    amount = abs(Decimal(str(value)))
    figure = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"
    return _sign(value) + SYMBOLS.get(currency, currency + NO_BREAK) + figure


def signed_money(value: Number | None, currency: str) -> str:
    """A difference of money: +€10,300, −€57,000."""
    return _gain(value) + money(value, currency)


def compact(value: Number | None) -> str:
    """For charts and narrow places: 173.7k, 1.3M, 950."""
    if value is None:
        return NONE
    amount = abs(float(value))
    for unit, letter in ((1_000_000, "M"), (1_000, "k")):
        if round(amount / unit, 1) >= 1:
            return f"{_sign(value)}{amount / unit:,.1f}{letter}"
    return f"{_sign(value)}{amount:,.0f}"


def tenths(value: int | None) -> str:
    """A whole number of tenths, with one decimal: 470 → 47.0."""
    return NONE if value is None else f"{_sign(value)}{abs(value) // 10}.{abs(value) % 10}"


def signed_tenths(value: int | None) -> str:
    """A line of an explanation: 76 → +7.6, -97 → −9.7, 0 → 0.0."""
    return _gain(value) + tenths(value)


def signed(value: int | None) -> str:
    """A change: +20, −3, 0."""
    return NONE if value is None else _gain(value) + _grouped(value)


def percent(value: Number | None) -> str:
    """35 → 35 %, with a no-break space."""
    return NONE if value is None else f"{_sign(value)}{abs(value):g}{NO_BREAK}%"


def share(fraction: Number | None, decimals: int = 0) -> str:
    """0.614 → 61 %; with one decimal 61.4 %."""
    if fraction is None:
        return NONE
    return f"{_sign(fraction)}{abs(float(fraction)) * 100:,.{decimals}f}{NO_BREAK}%"


def short_date(day: date | None, today: date) -> str:
    """14 Oct, with the year when it is not today's."""
    if day is None:
        return NONE
    return f"{day.day} {day:%b}" if day.year == today.year else f"{day.day} {day:%b %Y}"


def long_day(day: date, today: date) -> str:
    """A heading of the timeline: Today, Yesterday, Sunday 12 October, with the year when it differs."""
    if day == today:
        return "Today"
    if day == today - timedelta(days=1):
        return "Yesterday"
    return f"{day:%A} {day.day} {day:%B}" if day.year == today.year else f"{day:%A} {day.day} {day:%B %Y}"


def age(moment: datetime | None, now: datetime) -> str:
    """Time since a moment, for lists: now, 5 min, 2 h, 3 d."""
    if moment is None:
        return NONE
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "now"
    if minutes < 60:
        return f"{minutes}{NO_BREAK}min"
    if minutes < 24 * 60:
        return f"{minutes // 60}{NO_BREAK}h"
    return f"{minutes // (24 * 60)}{NO_BREAK}d"


def duration(seconds: int | None) -> str:
    """190 → 3 min 10 s; 720 → 12 min; 45 → 45 s; 4500 → 1 h 15 min."""
    if seconds is None:
        return NONE
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{figure}{NO_BREAK}{unit}" for figure, unit in parts if figure) or f"0{NO_BREAK}s"


def initials(name: str) -> str:
    """Marta Lindqvist → ML; one word gives one letter; nothing gives a question mark."""
    words = [word for word in name.split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[0] for word in words]
    return "".join(letters).upper() or "?"


def _grouped(value: int) -> str:
    return f"{_sign(value)}{abs(value):,}"


def _sign(value: Number) -> str:
    return MINUS if value < 0 else ""


def _gain(value: Number | None) -> str:
    return "+" if value is not None and value > 0 else ""
