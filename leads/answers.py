"""Answers typed by their question: what a JSON value must be, and in which form it is stored."""

import math
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError

from leads.models import Question
from leads.models.fields import AnswerType

Json = bool | int | float | str


def typed_answer(question: Question, value: object) -> Json | None:
    """The value as it is stored; None and "" mean no answer. Raises ValidationError in a sentence."""
    if value is None or value == "":
        return None
    return READERS[question.type](question, value)


def _yes_no(question: Question, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValidationError(f"“{question}” is answered with yes or no.")
    return value


def _choice(question: Question, value: object) -> str:
    if value not in question.choices:
        raise ValidationError(f"“{question}” is answered with one of: {', '.join(question.choices)}.")
    return str(value)


def _number(question: Question, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not math.isfinite(value):
        raise ValidationError(f"“{question}” is answered with a number.")
    return int(value) if value == int(value) else float(value)


def _date(question: Question, value: object) -> str:
    try:
        return (value if isinstance(value, date) else date.fromisoformat(str(value))).isoformat()
    except ValueError as error:
        raise ValidationError(f"“{question}” is answered with a date.") from error


READERS: Mapping[str, Callable[[Question, object], Json]] = {
    AnswerType.YES_NO: _yes_no,
    AnswerType.CHOICE: _choice,
    AnswerType.NUMBER: _number,
    AnswerType.DATE: _date,
}
