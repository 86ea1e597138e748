"""What is asked to qualify a lead, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from leads.models import Answer, Lead, Question
from leads.models.fields import AnswerType, QuestionArea
from pipeline.fields import answer_in_words

ASKED = JSONObject(pk="pk", area="area", text="text", type="type", choices="choices", answer="answer")


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
    return _asked(lead.pk, lead.product_line_id)


def about_questions() -> dict[str, Any]:
    """The annotation that `answers_of` reads."""
    asked = _asked(OuterRef(OuterRef("pk")), OuterRef("product_line"))
    return {"question_rows": ArraySubquery(asked.values(facts=ASKED))}


def answers_of(lead: Any) -> list[Asked]:
    """What `about_questions` read, in words."""
    return [
        Asked(
            pk=row["pk"],
            area=str(QuestionArea(row["area"]).label),
            text=row["text"],
            answer="" if row["answer"] is None else answer_in_words(row["answer"]),
            type=row["type"],
            choices=tuple(row["choices"]),
        )
        for row in lead.question_rows
    ]


def _asked(lead: Any, product_line: Any) -> QuerySet[Question]:
    value = Answer.objects.filter(lead=lead, question=OuterRef("pk")).values("value")[:1]
    of_line = Question.objects.filter(Q(product_line=None) | Q(product_line=product_line))
    return of_line.annotate(answer=Subquery(value))
