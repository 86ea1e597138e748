"""Answers to qualification questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from leads.actions.audit import audited
from leads.actions.companies import tell_leads
from leads.answers import typed_answer
from leads.models import Answer, Lead, Question, User


@dataclass(frozen=True)
class NewAnswer:
    """An answer for a lead; None takes the earlier one away."""

    lead_id: int
    question_id: int
    value: object


@audited
def answer_questions(rows: Sequence[NewAnswer], *, by: User | None, at: datetime | None = None) -> None:
    """Store answers in place of earlier ones; ValidationError for one that its question does not take."""
    list(Lead.objects.locked({row.lead_id for row in rows}))
    questions = Question.objects.in_bulk({row.question_id for row in rows})
    values = {
        (row.lead_id, row.question_id): typed_answer(questions[row.question_id], row.value) for row in rows
    }
    _forget([pair for pair, value in values.items() if value is None])
    Answer.objects.bulk_create(
        (
            Answer(lead_id=lead_id, question_id=question_id, value=value, by=by, at=at or timezone.now())
            for (lead_id, question_id), value in values.items()
            if value is not None
        ),
        update_conflicts=True,
        unique_fields=["lead", "question"],
        update_fields=["value", "by", "at"],
    )
    tell_leads(row.lead_id for row in rows)


def answer_question(lead: Lead, question: Question, value: object, *, by: User | None) -> None:
    """Store one answer; None takes it away."""
    answer_questions([NewAnswer(lead.pk, question.pk, value)], by=by)


def _forget(pairs: Sequence[tuple[int, int]]) -> None:
    if pairs:
        answers = Answer.objects.filter(lead__in={lead_id for lead_id, _ in pairs})
        Answer.objects.filter(
            pk__in=[answer.pk for answer in answers if (answer.lead_id, answer.question_id) in set(pairs)]
        ).delete()
