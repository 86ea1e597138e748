"""Simulations: what a publish would change, without changing anything."""

import json

import pytest

from leads.actions import close_lead
from leads.models import Notification, Outbox
from scoring.actions import exclude_lead, import_model, publish_model
from scoring.models import BandCrossing, LeadScore, ScoreDay, SimulatedMove, Trial
from scoring.runs import finish_run
from scoring.tasks import bulk_work_trial
from scoring.trials import finish_trial, start_simulation
from scoring.trials.jobs import work_next_range
from tests.factories import CompanyFactory, LeadFactory
from tests.scoring.trials import MODEL
from tests.scoring.written import published

pytestmark = pytest.mark.django_db


def changed(**points: int) -> dict:
    """The model with other points for a large company."""
    document = json.loads(json.dumps(MODEL))
    document["groups"][0] |= {"max": points["large"]}
    document["groups"][0]["rules"][0]["points"] = points["large"]
    return document


@pytest.fixture
def leads(db):
    """Three large companies and two small ones, scored by the live model: 50 and 0 points."""
    made = [LeadFactory(company=CompanyFactory(employees=size)) for size in (200, 200, 200, 10, 10)]
    published(MODEL)
    return made


def everything_live():
    tables = (LeadScore, ScoreDay, BandCrossing, Outbox, Notification)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def simulated(draft) -> Trial:
    return finish_trial(start_simulation(draft, by=None))


def test_nothing_live_changes(leads):
    before = everything_live()
    simulated(import_model(changed(large=80), by=None))
    assert everything_live() == before


def test_bands_and_points_stand_beside_those_of_the_live_model(leads):
    result = simulated(import_model(changed(large=80), by=None)).result
    assert result["matrix"] == [["dead", "dead", 2], ["warm", "hot", 3]]
    assert result["before"][10] == result["after"][16] == 3
    assert result["before"][0] == result["after"][0] == 2
    assert sum(result["after"]) == 5


def test_leads_that_change_band_are_named(leads):
    trial = simulated(import_model(changed(large=20), by=None))
    moves = trial.moves.values_list("lead", "before__key", "after__key", "total_before", "total_after")
    assert set(moves) == {(lead.pk, "warm", "dead", 50, 20) for lead in leads[:3]}


def test_what_would_fire_is_what_a_publish_fires(leads):
    exclude_lead(leads[0], by=None, why="A competitor")
    draft = import_model(changed(large=80), by=None)
    result = simulated(draft).result
    finish_run(publish_model(draft, by=None, silent=False))
    fired = BandCrossing.objects.filter(model=draft)
    assert result["crossings"] == [["warm", "hot", fired.count()]]
    assert {move.lead_id for move in SimulatedMove.objects.filter(fires=True)} == {
        crossing.lead_id for crossing in fired
    }


def test_each_consumer_says_what_a_publish_would_mean_there(leads):
    result = simulated(import_model(changed(large=80), by=None)).result
    assert ["Owners told that a lead has risen", 3] in result["consumers"]
    result = simulated(import_model(changed(large=20), by=None)).result
    assert ["Owners told that a lead has risen", 0] in result["consumers"]


def test_closed_leads_change_band_but_fire_nothing(leads):
    close_lead(leads[0], "lost", by=None)
    trial = simulated(import_model(changed(large=80), by=None))
    assert trial.result["crossings"] == [["warm", "hot", 2]]
    assert trial.moves.count() == 3


def test_a_simulation_is_resumed_and_done_once(leads, monkeypatch):
    monkeypatch.setattr("scoring.trials.simulating.RANGE", 2)
    draft = import_model(changed(large=80), by=None)
    trial = start_simulation(draft, by=None)
    assert work_next_range(trial.pk)
    assert Trial.objects.get().done == 2
    assert start_simulation(draft, by=None).pk == trial.pk
    done = finish_trial(trial)
    assert (done.status, done.done, done.moves.count()) == ("done", 5, 3)


def test_a_new_simulation_takes_the_place_of_the_last_one(leads):
    draft = import_model(changed(large=80), by=None)
    simulated(draft)
    assert simulated(draft) == Trial.objects.get()
    assert SimulatedMove.objects.count() == 3


def test_a_fault_ends_the_simulation_and_says_why(leads, monkeypatch):
    def stumble(taken):
        raise ValueError("no disk")

    trial = start_simulation(import_model(changed(large=80), by=None), by=None)
    monkeypatch.setattr("scoring.trials.jobs.KINDS", {"simulation": type("Work", (), {"work": stumble})})
    bulk_work_trial(trial.pk)
    trial.refresh_from_db()
    assert (trial.status, trial.error) == ("failed", "ValueError('no disk')")
