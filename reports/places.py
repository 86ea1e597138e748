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


def place_of_day(expression: Any, periods: Sequence[Span]) -> Place:
    """1 for a day in the first of these adjoining periods, one more than there are for a day after all."""
    return Place(expression, _bounds(periods))


def place_of_moment(expression: Any, periods: Sequence[Span]) -> Place:
    """The same for a moment, whose day is the organisation's."""
    return Place(expression, [local_midnight(day) for day in _bounds(periods)])


def _bounds(periods: Sequence[Span]) -> list[date]:
    return [*(period.start for period in periods), periods[-1].end + DAY]
