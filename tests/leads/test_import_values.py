"""One cell into one value, in the style of its file."""

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from leads import addresses
from leads.imports import values
from leads.imports.values import BadValue, ValueStyle

BERLIN = ZoneInfo("Europe/Berlin")
STYLE = ValueStyle(zone=BERLIN, today=date(2026, 11, 23))
GERMAN = ValueStyle(decimal=",", thousands=".", dates=("%d.%m.%Y",), zone=BERLIN, today=date(2026, 11, 23))


@pytest.mark.parametrize(
    ("cell", "style", "number"),
    [
        ("15000", STYLE, "15000"),
        ("-2.5", STYLE, "-2.5"),
        (" 7 ", STYLE, "7"),
        ("15.000,50", GERMAN, "15000.50"),
        ("15000,5", GERMAN, "15000.5"),
        (1054, STYLE, "1054"),
        (2.5, GERMAN, "2.5"),
        (Decimal("1.1"), GERMAN, "1.1"),
    ],
)
def test_numbers(cell, style, number):
    assert values.number(cell, style) == Decimal(number)


@pytest.mark.parametrize(
    ("cell", "style"),
    [
        ("15.000,50", STYLE),
        ("15,000", STYLE),
        ("1.50", GERMAN),
        ("12.34.567", GERMAN),
        ("12k", STYLE),
        ("$5", STYLE),
        ("1e5", STYLE),
        ("NaN", STYLE),
        (float("inf"), STYLE),
        (True, STYLE),
        ("٣", STYLE),
    ],
)
def test_what_is_no_number_in_the_file_s_style_is_refused(cell, style):
    with pytest.raises(BadValue, match="no number"):
        values.number(cell, style)


def test_whole_numbers_have_bounds():
    employees = values.whole(0, 100)

    assert employees("35.0", STYLE) == 35
    for cell, reason in {"3.5": "no whole number", "-1": "below 0", "101": "above 100"}.items():
        with pytest.raises(BadValue, match=reason):
            employees(cell, STYLE)


def test_money_is_rounded_to_the_cent_and_has_bounds():
    value = values.money(Decimal(1000))

    assert value("2.005", STYLE) == Decimal("2.01")
    for cell, reason in {"-0.01": "below 0", "1000.01": "above 1,000"}.items():
        with pytest.raises(BadValue, match=reason):
            value(cell, STYLE)


@pytest.mark.parametrize(
    ("cell", "style", "moment"),
    [
        ("2017-03-01", STYLE, datetime(2017, 3, 1, tzinfo=BERLIN)),
        ("2024-01-15 10:00", STYLE, datetime(2024, 1, 15, 10, tzinfo=BERLIN)),
        ("2024-01-15T10:00:00.000Z", STYLE, datetime(2024, 1, 15, 10, tzinfo=UTC)),
        ("03.11.2025", GERMAN, datetime(2025, 11, 3, tzinfo=BERLIN)),
        (date(2017, 3, 1), GERMAN, datetime(2017, 3, 1, tzinfo=BERLIN)),
        (datetime.fromisoformat("2017-03-01 08:00"), GERMAN, datetime(2017, 3, 1, 8, tzinfo=BERLIN)),
    ],
)
def test_moments(cell, style, moment):
    assert values.moment(cell, style) == moment


def test_the_day_of_a_moment_is_the_organisation_s():
    assert values.day("2024-01-15T23:30:00Z", STYLE) == date(2024, 1, 16)


def test_several_styles_of_dates_are_tried_in_order():
    style = ValueStyle(dates=("%d.%m.%Y", "iso"))

    assert values.day("2025-02-01", style) == values.day("01.02.2025", style) == date(2025, 2, 1)


@pytest.mark.parametrize("cell", ["2017-02-30", "soon", "01/02/2017", "45321", 45321.5])
def test_what_is_no_date_is_refused_with_an_example(cell):
    with pytest.raises(BadValue, match="no date written as 2026-11-30"):
        values.day(cell, STYLE)


def test_absurd_dates_are_refused():
    with pytest.raises(BadValue, match="outside 1900 to 2200"):
        values.day("0017-03-01", STYLE)
    with pytest.raises(BadValue, match="lies in the future"):
        values.past_moment("2026-11-24", STYLE)
    with pytest.raises(BadValue, match="“3024” is no year from 1000 to 2026"):
        values.past_year("3024", STYLE)


@pytest.mark.parametrize(
    ("cell", "answer"), [("Yes", True), ("no", False), ("1", True), (0, False), (True, True)]
)
def test_yes_and_no(cell, answer):
    assert values.yes_no(cell, STYLE) is answer


def test_other_words_for_yes_and_no_are_declared():
    style = ValueStyle(yes=frozenset({"ja"}), no=frozenset({"nein"}))

    assert values.yes_no("Ja", style) is True
    with pytest.raises(BadValue, match="neither yes nor no"):
        values.yes_no("yes", style)


def test_texts_have_a_length_and_no_nul():
    assert values.text(4)("Acme", STYLE) == "Acme"
    assert values.text(4)(12.0, STYLE) == "12"
    with pytest.raises(BadValue, match="5 characters; at most 4"):
        values.text(4)("Acme!", STYLE)
    with pytest.raises(BadValue, match="NUL"):
        values.text(4)("A\0", STYLE)


def test_choices_are_given_by_key_or_label():
    convert = values.choice({"decider": "Decides", "user": "Will use it"})

    assert convert("DECIDER", STYLE) == convert("decides", STYLE) == "decider"
    with pytest.raises(BadValue, match="none of decider, user"):
        convert("boss", STYLE)


def test_addresses_are_normalised_and_their_faults_are_sentences_about_a_cell():
    assert values.normal(addresses.normal_email)("BJORN@Example.com", STYLE) == "bjorn@example.com"
    assert values.normal(addresses.country_code)("Philippines", STYLE) == "PH"
    with pytest.raises(BadValue, match="“Philipines” is no country"):
        values.normal(addresses.country_code)("Philipines", STYLE)


def test_phone_numbers_without_a_country_take_the_file_s():
    assert values.phone("+44 20 7946 0101", STYLE) == "+442079460101"
    assert values.phone("(202) 555-0103", ValueStyle(phone_region="US")) == "+12025550103"
    with pytest.raises(BadValue, match="no phone number with its country code"):
        values.phone("(202) 555-0103", STYLE)


def test_currencies_are_codes():
    assert values.currency("eur", STYLE) == "EUR"
    with pytest.raises(BadValue, match="no currency code"):
        values.currency("€", STYLE)


def test_some_words_mean_an_empty_cell():
    style = ValueStyle(empty=frozenset({"select", "null"}))

    assert style.is_empty("")
    assert style.is_empty("NULL")
    assert not style.is_empty("0")
    assert not style.is_empty(0)
