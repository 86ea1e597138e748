"""A lead under every active model: its own as stored, the others as of today, the best first."""

import pytest

from leads.actions import change_leads
from scoring.actions import exclude_lead
from scoring.comparison import scores_under_all
from scoring.models import LeadScore, ScoreDay
from scoring.pending import drain_scores
from tests.definitions import MODEL
from tests.factories import CompanyFactory, ContactFactory, LeadFactory, ProductLineFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db


def sized(points, line):
    rules = [{"name": "Any", "when": {"field": "company.employees", "op": "is_set"}, "points": points}]
    group = {"name": "Size", "kind": "fit", "combine": "sum", "max": 100, "rules": rules}
    return MODEL | {"name": f"For {line}", "product_line": line, "groups": [group]}


@pytest.fixture
def lead():
    published(sized(20, None))
    published(sized(45, "Saws"))
    published(sized(80, "Drills"))
    company = CompanyFactory(employees=10)
    lead = LeadFactory(company=company, contact=ContactFactory(company=company))
    drain_scores([lead.pk])
    return type(lead).objects.select_related("score__band", "product_line", "company").get(pk=lead.pk)


def test_the_best_stands_first_and_its_own_is_marked(lead):
    scores = scores_under_all(lead)

    assert [(str(score.model.product_line or ""), score.total, score.band.key) for score in scores] == [
        ("Drills", 80, "hot"),
        ("Saws", 45, "warm"),
        ("", 20, "cold"),
    ]
    assert [score.is_best for score in scores] == [True, False, False]
    assert [score.is_own for score in scores] == [False, False, True]


def test_nothing_is_stored_by_looking(lead):
    before = (list(LeadScore.objects.values()), list(ScoreDay.objects.values()))
    scores_under_all(lead)
    assert (list(LeadScore.objects.values()), list(ScoreDay.objects.values())) == before


def test_its_own_product_line_decides_its_band(lead):
    line = ProductLineFactory._meta.model.objects.get(name="Saws")
    change_leads({lead.pk: {"product_line_id": line.pk}}, by=None)
    drain_scores([lead.pk])
    moved = type(lead).objects.select_related("score__band", "product_line").get(pk=lead.pk)

    own = next(score for score in scores_under_all(moved) if score.is_own)
    assert (own.model.product_line, own.total, moved.score.band.key) == (line, 45, "warm")


def test_a_lead_that_is_excluded_has_no_numbers_anywhere(lead):
    exclude_lead(lead, by=None, why="Competitor")
    drain_scores([lead.pk])
    excluded = type(lead).objects.select_related("score__band", "product_line").get(pk=lead.pk)

    scores = scores_under_all(excluded)
    assert {(score.state, score.total) for score in scores} == {("excluded", None)}
    assert not any(score.is_best for score in scores)
