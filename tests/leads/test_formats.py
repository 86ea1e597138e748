"""Figures and dates as people read them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from leads import formats

TODAY = date(2025, 10, 14)
NOW = datetime(2025, 10, 14, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (Decimal("48000.00"), "EUR", "€48,000"),
        (Decimal("1234.5"), "EUR", "€1,234.50"),
        (Decimal(-57000), "EUR", "−€57,000"),
        (0, "EUR", "€0"),
        (Decimal(210000), "SAR", "SAR\N{NO-BREAK SPACE}210,000"),
        (None, "EUR", "–"),
    ],
)
def test_money_has_its_sign_its_currency_and_cents_only_where_there_are_any(value, currency, shown):
    assert formats.money(value, currency) == shown


def test_a_difference_of_money_says_plus_on_a_gain():
    assert formats.signed_money(Decimal(10300), "EUR") == "+€10,300"
    assert formats.signed_money(Decimal(-57000), "EUR") == "−€57,000"
    assert formats.signed_money(Decimal(0), "EUR") == "€0"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (950, "950"),
        (173_700, "173.7k"),
        (999_960, "1.0M"),
        (1_321_500, "1.3M"),
        (-58_470, "−58.5k"),
        (None, "–"),
    ],
)
def test_compact_figures_stand_on_charts(value, shown):
    assert formats.compact(value) == shown


@pytest.mark.parametrize(
    ("value", "plain", "gain"),
    [
        (470, "47.0", "+47.0"),
        (-97, "−9.7", "−9.7"),
        (-5, "−0.5", "−0.5"),
        (0, "0.0", "0.0"),
        (None, "–", "–"),
    ],
)
def test_tenths_have_one_decimal_and_a_true_minus(value, plain, gain):
    assert formats.tenths(value) == plain
    assert formats.signed_tenths(value) == gain


def test_counts_and_changes():
    assert formats.count(18402) == "18,402"
    assert formats.count(None) == "–"
    assert [formats.signed(change) for change in (20, 0, -3, None)] == ["+20", "0", "−3", "–"]


def test_percentages_keep_their_sign_on_the_line():
    assert formats.percent(35) == "35\N{NO-BREAK SPACE}%"
    assert formats.percent(Decimal("44.3")) == "44.3\N{NO-BREAK SPACE}%"
    assert formats.percent(None) == "–"
    assert formats.share(0.614) == "61\N{NO-BREAK SPACE}%"
    assert formats.share(Decimal("0.0631"), 1) == "6.3\N{NO-BREAK SPACE}%"
    assert formats.share(None) == "–"


def test_a_date_names_the_year_only_when_it_differs():
    assert formats.short_date(date(2025, 10, 4), TODAY) == "4 Oct"
    assert formats.short_date(date(2024, 12, 31), TODAY) == "31 Dec 2024"
    assert formats.short_date(None, TODAY) == "–"


def test_days_of_the_timeline_have_weekdays():
    assert formats.long_day(TODAY, TODAY) == "Today"
    assert formats.long_day(date(2025, 10, 13), TODAY) == "Yesterday"
    assert formats.long_day(date(2025, 10, 12), TODAY) == "Sunday 12 October"
    assert formats.long_day(date(2024, 10, 12), TODAY) == "Saturday 12 October 2024"


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (timedelta(seconds=30), "now"),
        (timedelta(minutes=-2), "now"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "1 d"),
        (timedelta(days=64), "64 d"),
    ],
)
def test_ages_are_short(ago, shown):
    assert formats.age(NOW - ago, NOW).replace("\N{NO-BREAK SPACE}", " ") == shown


def test_no_moment_has_no_age():
    assert formats.age(None, NOW) == "–"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0 s"), (45, "45 s"), (190, "3 min 10 s"), (720, "12 min"), (4530, "1 h 15 min"), (None, "–")],
)
def test_durations_name_two_units_at_most(seconds, shown):
    assert formats.duration(seconds).replace("\N{NO-BREAK SPACE}", " ") == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Marta Lindqvist", "ML"),
        ("Maximiliane-Friederike von Hohenstein", "MH"),
        ("Ørsted", "Ø"),
        ("no-name@example.com", "N"),
        ("محمد الأحمد", "ما"),
        ("GTX & Pro", "GP"),
        ("  ", "?"),
    ],
)
def test_initials_of_a_name(name, letters):
    assert formats.initials(name) == letters
