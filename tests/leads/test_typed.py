"""Values are stored in one type each, and refused in a sentence that names the field."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from leads.typed import read_boolean, read_date, read_number, read_text


@pytest.mark.parametrize(
    ("reader", "given", "stored"),
    [
        (read_text, "a", "a"),
        (read_text, 4, "4"),
        (read_number, "4", 4),
        (read_number, "4.50", 4.5),
        (read_number, Decimal("4.0"), 4),
        (read_number, -0.5, -0.5),
        (read_date, date(2026, 5, 1), "2026-05-01"),
        (read_date, datetime(2026, 5, 1, 23, tzinfo=UTC), "2026-05-01"),
        (read_date, "2026-05-01", "2026-05-01"),
        (read_boolean, True, True),
        (read_boolean, " Yes", True),
        (read_boolean, "0", False),
    ],
)
def test_a_value_is_stored_in_its_type(reader, given, stored):
    value = reader("Field", given)
    assert (value, type(value)) == (stored, type(stored))


@pytest.mark.parametrize(
    ("reader", "given", "sentence"),
    [
        (read_text, ["a"], "Field is a text."),
        (read_text, "a" * 4_001, "Field has more than 4,000 characters."),
        (read_text, "a\x00", "Field contains a NUL character, which cannot be stored."),
        (read_number, "four", "Field is a number, not “four”."),
        (read_number, True, "Field is a number, not “True”."),
        (read_number, float("nan"), "Field is a number, not “nan”."),
        (read_number, "1e15", "Field is a number, not “1e15”."),
        (read_date, "31.02.2026", "Field is a date such as 2026-11-30, not “31.02.2026”."),
        (read_boolean, "perhaps", "Field is yes or no, not “perhaps”."),
    ],
)
def test_what_it_cannot_be_is_refused_in_a_sentence(reader, given, sentence):
    with pytest.raises(ValidationError) as refused:
        reader("Field", given)
    assert refused.value.messages == [sentence]
