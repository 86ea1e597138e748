"""rescore, apply_decay, scoring_import and scoring_export, as scripts use them."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leads.organisation import today
from scoring.models import LeadScore, PendingScore, ScoringModel
from tests.definitions import MODEL
from tests.factories import ActivityFactory, LeadFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    said = StringIO()
    call_command(name, *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture
def lead():
    published(MODEL)
    lead = LeadFactory()
    ActivityFactory(lead=lead)
    return lead


def test_rescore_scores_every_lead_and_leaves_nothing_waiting(lead):
    said = run("rescore")

    assert "1 leads scored" in said
    assert LeadScore.objects.get(pk=lead.pk).total == 10
    assert not PendingScore.objects.exists()


def test_rescore_of_one_lead_leaves_the_others(lead):
    other = LeadFactory()
    ActivityFactory(lead=other)
    said = run("rescore", "--lead", str(lead.pk))

    assert said.startswith("1 leads scored")
    assert LeadScore.objects.get(pk=lead.pk).total == 10
    assert LeadScore.objects.get(pk=other.pk).state == "unscored"


def test_rescore_of_a_lead_that_is_not_there_says_so(lead):
    with pytest.raises(CommandError, match=r"There is no lead 999999\."):
        run("rescore", "--lead", "999999")


def test_apply_decay_says_what_it_looked_at_changed_and_skipped(lead):
    ActivityFactory(lead=lead, occurred_at=timezone.now() - timedelta(days=30))
    run("rescore")
    LeadFactory()
    run("rescore")
    LeadScore.objects.filter(pk=lead.pk).update(
        engagement=900, total=90, as_of=today() - timedelta(days=2), next_change_on=today()
    )
    first, again = run("apply_decay"), run("apply_decay")

    assert first.startswith("1 leads looked at, 1 scores changed, 1 leads skipped.")
    assert again.startswith("0 leads looked at, 0 scores changed, 2 leads skipped.")


def test_what_is_exported_is_imported_as_the_same_draft(tmp_path):
    model = published(MODEL)
    exported = run("scoring_export", str(model.pk))
    (file := tmp_path / "model.json").write_text(exported)
    run("scoring_import", str(file))

    draft = ScoringModel.objects.latest("pk")
    assert (draft.status, draft.version) == ("draft", model.version + 1)
    assert run("scoring_export", str(draft.pk)) == exported
    assert json.loads(exported)["groups"][0]["name"] == "Size"


def test_import_with_publish_scores_at_once(tmp_path):
    lead = LeadFactory()
    ActivityFactory(lead=lead)
    (file := tmp_path / "model.json").write_text(json.dumps(MODEL))
    said = run("scoring_import", str(file), "--publish")

    assert "Published By size" in said
    assert LeadScore.objects.get(pk=lead.pk).total == 10


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "this is no JSON"),
        ('{"name": "X", "groups": [{"name": "A", "kind": "fit", "max": -5, "rules": []}]}', "is refused"),
        ("[" * 100_000, "nested too deeply"),
        ("\xff", "UTF-8"),
    ],
)
def test_a_bad_file_is_refused_in_a_sentence_and_nothing_is_stored(tmp_path, text, sentence):
    before = ScoringModel.objects.count()
    (file := tmp_path / "model.json").write_bytes(text.encode("latin-1"))

    with pytest.raises(CommandError, match=sentence):
        run("scoring_import", str(file))
    assert ScoringModel.objects.count() == before


def test_a_file_or_model_that_is_not_there_is_said(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        run("scoring_import", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match=r"There is no scoring model 999999\."):
        run("scoring_export", "999999")
