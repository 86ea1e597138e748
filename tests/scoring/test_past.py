"""A past score from the audit history: facts as they were, by the version of that day."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from leads.actions import CompanyFacts, save_company
from leads.models import Answer, Company, Lead
from leads.organisation import today
from scoring.explain import explain
from scoring.models import ScoringModel
from scoring.pending import drain_scores
from tests.definitions import MODEL
from tests.factories import AnswerFactory, CompanyFactory, ContactFactory, LeadFactory, QuestionFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db
DAYS = timedelta(days=1)


def ago(days: int) -> datetime:
    return timezone.now() - days * DAYS


def date_events(model, *moments: datetime) -> None:
    """Have the history of the only row of this model look as if it had happened then."""
    events = model.pgh_event_model.objects.order_by("pgh_id")
    assert len(events) == len(moments)
    for event, moment in zip(events, moments, strict=True):
        model.pgh_event_model.objects.filter(pk=event.pk).update(pgh_created_at=moment)


@pytest.fixture
def lead() -> Lead:
    """Of a company that had 10 people until five days ago, and has 500 since."""
    ScoringModel.objects.update(active_from=ago(100))  # the one that came with the tables
    published(MODEL, at=ago(90))
    company = CompanyFactory(employees=10)
    lead = LeadFactory(company=company, contact=ContactFactory(company=company), created_at=ago(60))
    save_company(CompanyFacts(id=company.pk, employees=500), by=None)
    drain_scores([lead.pk])
    return Lead.objects.select_related("score__model", "company").get(pk=lead.pk)


def lines(explanation) -> dict[str, str]:
    return {line.rule: line.reason for line in explanation.groups[0].lines if line.rule}


def test_a_fact_counts_as_it_was_on_that_day(lead):
    date_events(Company, ago(60), ago(5))
    then, now = explain(lead, at=today() - 10 * DAYS), explain(lead, at=today())

    assert (then.fit, now.fit) == (100, 330)
    assert lines(then) == {"Known": "Employees 10"}
    assert lines(now) == {"Large": "Employees 500", "Known": "Employees 500"}


def test_the_day_of_a_change_already_has_it_for_days_end_at_midnight(lead):
    evening = datetime.combine(today() - 5 * DAYS, time(23, 50), tzinfo=timezone.get_current_timezone())
    date_events(Company, ago(60), evening)

    assert explain(lead, at=today() - 6 * DAYS).fit == 100
    assert explain(lead, at=today() - 5 * DAYS).fit == 330


def test_what_history_does_not_reach_is_taken_as_it_is_today_and_marked(lead):
    then = explain(lead, at=today() - 30 * DAYS)

    assert then.fit == 330
    assert lines(then)["Large"] == "Employees 500 (as known today)"


def test_an_answer_given_later_was_none_then(lead):
    question = QuestionFactory(key="budget")
    AnswerFactory(lead=lead, question=question, value=True, at=ago(3))
    when = {"field": "answer.budget", "op": "eq", "value": True}
    rules = [{"name": "Has a budget", "when": when, "points": 20}]
    group = {"name": "Need", "kind": "fit", "combine": "sum", "max": 30, "rules": rules}
    published(MODEL | {"groups": [group]}, at=ago(80))
    date_events(Lead, ago(60))
    date_events(Answer, ago(3))

    assert explain(lead, at=today() - 10 * DAYS).fit == 0
    assert explain(lead, at=today()).fit == 200


def test_each_day_is_explained_by_the_version_that_was_live(lead):
    groups = [MODEL["groups"][0] | {"max": 31}]
    published(MODEL | {"groups": groups}, at=ago(7))

    assert explain(lead, at=today() - 20 * DAYS).fit == 330
    assert explain(lead, at=today() - 2 * DAYS).fit == 310


def test_before_its_birth_a_lead_has_no_score(lead):
    assert explain(lead, at=today() - 70 * DAYS).state == "unscored"
