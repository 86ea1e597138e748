"""Which of several periods a day or a moment falls into, told by the database."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Func, IntegerField, Value

from leads.organisation import local_midnight
from reports.periods import DAY, Span


class Place(Func):
    """How many of the rising `bounds` are reached: 0 before the first one, null for null."""

    function = "WIDTH_BUCKET"

    def __init__(self, expression: Any, bounds: Sequence[date | datetime]) -> None:
        super().__init__(expression, Value(list(bounds)), output_field=IntegerField())


def bounds_of(periods: Sequence[Span]) -> list[date]:
    """The first day of each of these adjoining periods, and the first day after them."""
    return [*(period.start for period in periods), periods[-1].end + DAY]


def place_of_day(expression: Any, periods: Sequence[Span]) -> Place:
    """1 for a day in the first of these adjoining periods, one more than there are for a day after all."""
    return Place(expression, bounds_of(periods))


def place_of_moment(expression: Any, periods: Sequence[Span]) -> Place:
    """The same for a moment, whose day is the organisation's."""
    return Place(expression, [local_midnight(day) for day in bounds_of(periods)])
