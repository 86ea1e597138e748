"""The demo: dated inputs played through the product's own verbs, and everything else computed from them."""

import ast
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leads.models import Activity, Lead, User
from leads.models.leads import Outcome
from pipeline import demo
from pipeline.models import ConfidenceChange, Requirement, StageChange
from scoring.explain import explain
from scoring.models import LeadScore, ScoreDay, ScoreState

COMPUTED = {"LeadScore", "ScoreDay", "BandCrossing", "ConfidenceChange", "StageChange", "ForecastSnapshot"}


@pytest.fixture
def loaded(db) -> None:
    call_command("seed_demo", leads=40, activities=400, stdout=StringIO())


def test_what_is_loaded_is_scored_by_the_engine_and_explained_to_the_point(loaded) -> None:
    assert Lead.objects.count() == 40
    assert not LeadScore.objects.filter(state=ScoreState.UNSCORED).exists()
    assert ScoreDay.objects.filter(day__lt=timezone.localdate()).exists()
    for lead in Lead.objects.select_related("score", "company").filter(score__state="scored")[:5]:
        assert explain(lead).total == lead.score.total


def test_the_past_is_past_and_the_demo_has_open_won_and_lost_deals(loaded) -> None:
    assert not Activity.objects.filter(occurred_at__gt=timezone.now()).exists()
    assert set(Outcome.values) <= set(Lead.objects.values_list("outcome", flat=True)) | {"disqualified"}
    assert StageChange.objects.exists()
    assert ConfidenceChange.objects.exclude(reason="").exists()
    assert Requirement.objects.count() == 2
    assert {"rep", "manager", "admin"} <= set(User.objects.values_list("username", flat=True))


def test_it_is_loaded_once_and_only_into_an_empty_database(loaded) -> None:
    call_command("seed_demo", once=True, stdout=StringIO())
    assert Lead.objects.count() == 40
    with pytest.raises(CommandError, match="There are leads already"):
        call_command("seed_demo", stdout=StringIO())


def test_it_writes_nothing_that_is_computed() -> None:
    for path in Path(demo.__file__).parent.glob("*.py"):
        imported = {
            alias.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        assert not imported & COMPUTED, path.name
