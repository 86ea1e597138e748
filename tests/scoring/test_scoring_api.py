"""Scores and models through the API."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.organisation import today
from scoring.models import ScoringModel, ScoringRun
from scoring.pending import drain_scores
from tests.api import program_of
from tests.definitions import MODEL


@pytest.fixture
def program(admin):
    return program_of(admin)


def publish(program):
    draft = program.post("/scoring/models", MODEL, expect=201)
    assert draft["status"] == "draft"
    return draft, program.post(f"/scoring/models/{draft['id']}/publish", expect=202)


def scored_lead(program):
    lead = program.post("/leads", {"company": {"name": "Acme", "employees": 620}}, expect=201)
    seen_at = (timezone.now() - timedelta(days=30)).isoformat()
    program.post("/activities", {"lead": lead["id"], "kind": "page_view", "occurred_at": seen_at}, expect=202)
    drain_scores()
    return lead


def test_a_published_model_scores_and_its_lines_add_up(program):
    publish(program)
    lead = scored_lead(program)
    score = program.get(f"/leads/{lead['id']}")["score"]
    assert (score["state"], score["total"], score["fit"], score["engagement"]) == ("scored", 38, 33.0, 5.0)
    assert (score["band"], score["grade"], score["as_of"]) == ("cold", "A4", str(today()))
    why = program.get(f"/leads/{lead['id']}/score")
    size, website, last = why["groups"]
    assert [(line["rule"], line["points"]) for line in size["lines"]] == [
        ("Large", 30.0),
        ("Known", 10.0),
        (None, -7.0),
    ]
    assert [line["points"] for line in website["lines"]] == [5.0]
    assert last["kind"] == "total"
    for group in why["groups"]:
        assert sum(round(line["points"] * 10) for line in group["lines"]) == round(group["points"] * 10)
    assert sum(round(group["points"] * 10) for group in why["groups"]) == why["total"] * 10


def test_a_past_date_is_explained_and_a_day_to_come_refused(program):
    publish(program)
    lead = scored_lead(program)
    before = program.get(f"/leads/{lead['id']}/score", at=str(today() - timedelta(days=40)))
    assert not any(
        line["points"]
        for group in before["groups"]
        if group["kind"] == "engagement"
        for line in group["lines"]
    )
    program.get(f"/leads/{lead['id']}/score", at=str(today() + timedelta(days=1)), expect=422)
    program.get(f"/leads/{lead['id']}/score", at="yesterday", expect=422)


@pytest.mark.parametrize(
    ("place", "value", "path"),
    [
        (("groups", 0, "rules", 0, "when", "field"), "company.colour", "groups[0].rules[0].when.field"),
        (("groups", 0, "rules", 0, "when", "op"), "resembles", "groups[0].rules[0].when.op"),
        (("groups", 1, "rules", 0, "signal"), "teleport", "groups[1].rules[0].signal"),
        (("bands", 0, "band"), "blazing", "bands[0].band"),
    ],
)
def test_a_fault_is_answered_with_its_path_and_nothing_is_stored(program, place, value, path):
    model = _changed(MODEL, place, value)
    before = ScoringModel.objects.count()
    answer = program.post("/scoring/models", model, expect=422)
    assert path in [fault["path"] for fault in answer["errors"]]
    assert ScoringModel.objects.count() == before


def _changed(model, place, value):
    head, *rest = place
    if isinstance(model, list):
        return [_changed(item, rest, value) if n == head and rest else item for n, item in enumerate(model)]
    return {**model, head: _changed(model[head], rest, value) if rest else value}


def test_a_run_tells_how_far_it_is(program):
    _, started = publish(program)
    run = program.get(f"/scoring/runs/{started['run']}")
    assert set(run) == {"status", "done", "total"}
    assert ScoringRun.objects.filter(pk=started["run"]).exists()
    program.get("/scoring/runs/999999", expect=404)


def test_publishing_what_is_live_is_refused(program):
    draft, _ = publish(program)
    program.post(f"/scoring/models/{draft['id']}/publish", expect=409)


def test_only_administrators_change_models(alice, manager):
    for user in (alice, manager):
        program_of(user).post("/scoring/models", MODEL, expect=403)


def test_somebody_elses_score_is_not_explained(alice, charlie):
    lead = program_of(alice).post("/leads", {}, expect=201)
    program_of(charlie).get(f"/leads/{lead['id']}/score", expect=404)
