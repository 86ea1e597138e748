"""Answers are typed by their question."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from leads.actions import NewAnswer, answer_question, answer_questions
from leads.models import Answer
from leads.signals import leads_changed
from tests.factories import LeadFactory, QuestionFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [
        ("yes_no", False, False),
        ("choice", "Later", "Later"),
        ("number", Decimal("3.50"), 3.5),
        ("number", 4.0, 4),
        ("date", date(2026, 5, 1), "2026-05-01"),
        ("date", "2026-05-01", "2026-05-01"),
    ],
)
def test_an_answer_is_stored_as_its_question_wants_it(kind, given, stored, alice):
    lead, question = LeadFactory(), QuestionFactory(type=kind, choices=["This year", "Later"])
    with heard(leads_changed) as news:
        answer_question(lead, question, given, by=alice)
    answer = Answer.objects.get()
    assert (answer.value, type(answer.value), answer.by) == (stored, type(stored), alice)
    assert [n["lead_ids"] for n in news] == [[lead.pk]]


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("yes_no", "perhaps", "is yes or no"),
        ("choice", "Never", "is one of: This year, Later"),
        ("number", "ten", "is a number"),
        ("number", True, "is a number"),
        ("number", float("nan"), "is a number"),
        ("date", "31 February", "is a date"),
    ],
)
def test_an_answer_of_the_wrong_type_is_not_stored(kind, given, sentence, alice):
    question = QuestionFactory(type=kind, choices=["This year", "Later"])
    with pytest.raises(ValidationError, match=sentence):
        answer_question(LeadFactory(), question, given, by=alice)
    assert not Answer.objects.exists()


def test_a_later_answer_takes_the_place_of_the_earlier_and_none_takes_it_away(alice, bob):
    lead, question = LeadFactory(), QuestionFactory()
    answer_question(lead, question, True, by=alice)
    answer_question(lead, question, False, by=bob)
    assert list(Answer.objects.values_list("value", "by")) == [(False, bob.pk)]
    answer_question(lead, question, None, by=bob)
    assert not Answer.objects.exists()


def test_taking_one_answer_away_leaves_the_others(alice):
    lead, other, question = LeadFactory(), LeadFactory(), QuestionFactory()
    answer_questions(
        [NewAnswer(lead.pk, question.pk, True), NewAnswer(other.pk, question.pk, True)], by=alice
    )
    answer_question(lead, question, None, by=alice)
    assert Answer.objects.get().lead == other


def test_twenty_answers_cost_as_many_statements_as_one(alice):
    question = QuestionFactory()

    def batch(size):
        rows = [NewAnswer(LeadFactory().pk, question.pk, True) for _ in range(size)]
        return statements_of(lambda: answer_questions(rows, by=alice))

    assert batch(20) == batch(1)
