"""Answers to qualification questions, typed as their question says."""

from django.core.exceptions import ValidationError

from leads.models import Question
from leads.models.fields import AnswerType
from leads.typed import JsonValue, read_boolean, read_date, read_number

READERS = {
    AnswerType.YES_NO: read_boolean,
    AnswerType.NUMBER: read_number,
    AnswerType.DATE: read_date,
}


def typed_answer(question: Question, value: object) -> JsonValue | None:
    """The value as it is stored: None for no answer; ValidationError says what is expected."""
    if value is None or value == "":
        return None
    if question.type != AnswerType.CHOICE:
        return READERS[AnswerType(question.type)](f"“{question}”", value)
    if value not in question.choices:
        raise ValidationError(f"“{question}” is one of: {', '.join(question.choices)}.")
    return str(value)
