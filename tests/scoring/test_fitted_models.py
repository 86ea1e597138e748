"""Models fitted to history: what they learn, what they leave out, and that the draft is readable."""

import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from leads.models import Organisation, ProductLine
from scoring.actions import import_model
from scoring.models import ScoringModel, Trial
from scoring.rows import load_definition
from scoring.trials import finish_trial, start_fit
from tests.scoring.oracle import LeadFact
from tests.scoring.trials import BORN, MODEL, closed, fact
from tests.scoring.written import custom_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def line():
    return ProductLine.objects.create(name="Courses")


def write_history(line, *, number: int = 160, tells: float = 0.8, leak: bool = False) -> None:
    """Half of the leads won; plan tells it in this share of cases, colour never, verdict always."""
    dice = random.Random(7)
    custom_fields(plan="text", colour="text", verdict="text", place="number")
    for place in range(number):
        is_won = place % 2 == 0
        truth = is_won if dice.random() < tells else not is_won
        facts = {
            "lead.custom.plan": "annual" if truth else "monthly",
            "lead.custom.colour": dice.choice(["red", "green"]),
            "lead.custom.place": place,
        }
        if leak:
            facts["lead.custom.verdict"] = "bought" if is_won else "gone"
        views = tuple(range(2, 5)) if truth and place % 3 else ()
        lead_fact = LeadFact(BORN, facts, signals=fact(0, *views).signals)
        closed(lead_fact, "won" if is_won else "lost", product_line_id=line.pk)


def fitted(line, **how) -> Trial:
    return finish_trial(start_fit(line, by=None, **how))


def test_a_draft_is_made_of_what_tells_the_outcome(line):
    write_history(line)
    trial = fitted(line, order="place")
    draft = load_definition(trial.model)
    assert trial.model.status == "draft"
    assert trial.result["auc_readable"] > 0.7
    assert "plan" in [group.name for group in draft.groups]
    assert sum(group.max for group in draft.groups) <= 100
    rules = [rule for group in draft.groups for rule in group.rules]
    assert len(rules) <= 40
    assert all(rule.points == int(rule.points) for rule in rules)
    assert all(rule.points > 0 for group in draft.groups if group.kind == "fit" for rule in group.rules)


def test_a_field_that_knows_the_outcome_is_named_and_left_out(line):
    write_history(line, leak=True)
    result = fitted(line).result
    assert [leak["field"] for leak in result["leaks"]] == ["lead.custom.verdict"]
    assert result["auc_regression"] < 0.95
    assert "verdict" not in json.dumps(result["definition"])


def test_listed_and_ignored_fields_are_never_learnt_from(line):
    write_history(line)
    Organisation.objects.update_or_create(pk=1, defaults={"leaking_fields": ["lead.custom.plan"]})
    result = fitted(line, ignore=["colour"], order="place").result
    assert result["left_out"] == ["lead.custom.colour", "lead.custom.plan"]
    assert "lead.custom.plan" not in json.dumps(result["definition"])


def test_history_without_a_pattern_says_that_nothing_predicts_winning(line):
    write_history(line, number=200, tells=0.5)
    result = fitted(line, ignore=["place"]).result
    assert result["verdict"].startswith("Nothing that is known of these leads")
    assert result["auc_readable"] is None
    assert not ScoringModel.objects.filter(product_line=line).exists()


def test_too_little_history_says_how_much_is_missing(line):
    write_history(line, number=20)
    result = fitted(line).result
    assert result["verdict"].startswith("Not enough history: 30 more won and 30 more lost")


def test_the_command_prints_json_writes_the_draft_and_stores_nothing(line, tmp_path):
    write_history(line)
    out, target = StringIO(), tmp_path / "draft.json"
    call_command(
        "fit_model",
        "--product-line",
        "Courses",
        "--order-by",
        "lead.custom.place",
        "--out",
        str(target),
        stdout=out,
    )
    found = json.loads(out.getvalue())
    assert found["auc_readable_interval"][0] <= found["auc_readable"] <= found["auc_readable_interval"][1]
    assert (found["n_won"], found["n_lost"], found["leaks"]) == (80, 80, [])
    assert import_model(json.loads(target.read_text()), by=None).product_line == line
    assert not Trial.objects.exists()


def test_the_command_knows_no_missing_product_line_or_field(line):
    with pytest.raises(CommandError, match="no product line “Nothing”"):
        call_command("fit_model", "--product-line", "Nothing")
    with pytest.raises(CommandError, match="no field “nothing”"):
        call_command("fit_model", "--product-line", "Courses", "--ignore", "nothing")


def test_what_won_leads_share_becomes_a_rule_with_one_click(client, admin, line):
    write_history(line)
    trial = fitted(line, order="place", stores=False)
    shares = trial.result["shares"]
    annual = next(share for share in shares if share["value"] == "annual")
    assert annual["of_won"] > annual["of_lost"]
    assert annual["low"] < annual["rate"] < annual["high"]
    assert annual["points"] > 0
    assert not any(share["label"] == "colour" for share in shares)
    draft = import_model({**MODEL, "product_line": "Courses"}, by=None)
    client.force_login(admin)
    page = client.get(reverse("admin:scoring_scoringmodel_suggestions", args=[draft.pk])).content.decode()
    assert "Make a rule of plan: annual" in page
    take = reverse("admin:scoring_scoringmodel_suggested_rule", args=[draft.pk])
    client.post(take, {"place": shares.index(annual)})
    group = load_definition(ScoringModel.objects.get(pk=draft.pk)).groups[-1]
    assert (group.name, group.rules[0].points) == ("plan", annual["points"])
    assert client.post(take, {"place": "4711"}).status_code == 404


def test_leads_are_learnt_from_as_they_stood(line):
    """Page views of the day of the outcome are no signal of it."""
    custom_fields(place="number")
    for place in range(100):
        is_won = place % 2 == 0
        late = fact(0, 0).signals if is_won else []
        closed(
            LeadFact(BORN, {"lead.custom.place": place % 7}, signals=late),
            "won" if is_won else "lost",
            product_line_id=line.pk,
        )
    result = fitted(line).result
    assert "page_view" not in json.dumps(result.get("shares") or [])
