"""What is asked to qualify a lead, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from leads.models import Answer, Lead, Question
from leads.models.fields import AnswerType


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer in words; empty while nobody has asked."""

    pk: int
    area: str
    text: str
    answer: str
    type: str = AnswerType.YES_NO
    choices: tuple[str, ...] = ()


def questions_for(lead: Lead) -> QuerySet[Question]:
    """What is asked for this lead's product line, each with its present `answer`."""
    value = Answer.objects.filter(lead=lead, question=OuterRef("pk")).values("value")[:1]
    asked = Question.objects.filter(Q(product_line=None) | Q(product_line=lead.product_line_id))
    return asked.annotate(answer=Subquery(value))


def answers_of(lead: Lead) -> list[Asked]:
    """The same in words; one query."""
    questions: Any = questions_for(lead)
    return [
        Asked(
            asked.pk,
            asked.get_area_display(),
            asked.text,
            in_words(asked.type, asked.answer),
            asked.type,
            tuple(asked.choices),
        )
        for asked in questions
    ]


def in_words(kind: str, value: object) -> str:
    """Yes for true, empty for nothing."""
    if value is None:
        return ""
    if kind == AnswerType.YES_NO:
        return "Yes" if value else "No"
    return str(value)
