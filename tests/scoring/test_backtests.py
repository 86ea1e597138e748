"""Backtests: closed leads scored as they stood before their outcome, against the oracle and by hand."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.actions import reject_lead, set_status
from leads.models import Lead, Organisation
from scoring.actions import import_model
from scoring.models import BacktestedLead, LeadScore, ScoreDay, Trial
from scoring.trials import finish_trial, start_backtest
from scoring.trials.backtesting import CutOutOfRange
from scoring.trials.jobs import work_next_range
from scoring.trials.leaking import LooksAtLeaks
from tests.scoring import oracle
from tests.scoring.trials import CLOSED_ON, MODEL, closed, fact
from tests.scoring.written import published, write_lead

pytestmark = pytest.mark.django_db


def history(won: int = 40, lost: int = 40) -> list[tuple[Lead, oracle.LeadFact, bool]]:
    """Won leads are larger and looked at more; each also looked at a page on the day it closed, and after."""
    found = []
    for number in range(won + lost):
        is_won = number < won
        views = range(3, 3 + number % 5 + 3 * is_won)
        lead_fact = fact(150 if number % 3 and is_won else 20, *views, 0, -4)
        found.append((closed(lead_fact, "won" if is_won else "lost"), lead_fact, is_won))
    return found


@pytest.fixture
def draft():
    return import_model(MODEL, by=None)


def test_every_lead_is_scored_as_it_stood_before_its_outcome(draft):
    leads = history()
    trial = finish_trial(start_backtest(draft, by=None, days_before=5))
    day = CLOSED_ON - timedelta(days=5)
    rows = {row.lead_id: row for row in BacktestedLead.objects.filter(trial=trial).select_related("band")}
    for lead, lead_fact, is_won in leads:
        known = [signal for signal in lead_fact.signals if signal.day <= day]
        score = oracle.score(MODEL, oracle.LeadFact(lead_fact.born, lead_fact.facts, signals=known), day)
        row = rows[lead.pk]
        assert (row.day, row.is_won, row.total, row.band.key) == (day, is_won, score.total, score.band)
    assert {score.total for score in LeadScore.objects.all()} == {None}
    assert not ScoreDay.objects.exists()


def test_the_figures_are_those_of_the_rows(draft):
    history()
    trial = finish_trial(start_backtest(draft, by=None, days_before=5))
    rows = list(BacktestedLead.objects.filter(trial=trial).values_list("total", "is_won"))
    won, lost = ([total for total, is_won in rows if is_won is side] for side in (True, False))
    pairs = sum((high > low) + (high == low) / 2 for high in won for low in lost) / (len(won) * len(lost))
    draft_figures = trial.result["draft"]
    assert draft_figures["auc"]["value"] == pytest.approx(pairs)
    assert sum(band["leads"] for band in draft_figures["bands"]) == 80
    assert sum(part["won"] for part in draft_figures["tenths"]) == pytest.approx(40)
    assert draft_figures["wished"]["precision"] >= 0.8


def test_entering_the_pipeline_is_the_first_cut_and_never_the_day_of_the_outcome(draft):
    early = closed(fact(20), "won", entered=CLOSED_ON - timedelta(days=20))
    late = closed(fact(20), "won", entered=CLOSED_ON + timedelta(days=2))
    unknown = closed(fact(20), "lost")
    history()
    trial = finish_trial(start_backtest(draft, by=None))
    days = dict(BacktestedLead.objects.filter(trial=trial).values_list("lead", "day"))
    assert days[early.pk] == CLOSED_ON - timedelta(days=20)
    assert days[late.pk] == days[unknown.pk] == CLOSED_ON - timedelta(days=1)


def test_disqualified_leads_count_as_lost_and_open_ones_not_at_all(draft):
    history()
    disqualified = closed(fact(20), "disqualified")
    still_open = write_lead(fact(500))
    trial = finish_trial(start_backtest(draft, by=None))
    assert trial.result["n_lost"] == 41
    tested = dict(BacktestedLead.objects.filter(trial=trial).values_list("lead", "is_won"))
    assert tested[disqualified.pk] is False
    assert still_open.pk not in tested


def test_rejected_leads_count_as_lost_until_they_are_taken_on_again(draft, alice):
    history(lost=39)
    lead = write_lead(fact(20))
    set_status(lead, "working", by=alice)
    reject_lead(lead, by=alice, note="Only a student")
    trial = finish_trial(start_backtest(draft, by=None))
    assert trial.result["n_lost"] == 40
    assert trial.closed_leads.get(lead=lead).is_won is False
    set_status(lead, "working", by=alice)
    assert finish_trial(start_backtest(draft, by=None)).result["missing_lost"] == 1


def test_too_little_history_says_how_much_is_missing(draft):
    history(won=12, lost=40)
    result = finish_trial(start_backtest(draft, by=None)).result
    assert (result["missing_won"], result["missing_lost"]) == (28, 0)
    assert result["verdict"].startswith("Not enough history: 28 more won leads")
    assert "draft" not in result


def test_draft_and_live_are_compared_on_the_same_leads(draft):
    history()
    live = json.loads(json.dumps(MODEL))
    live["groups"] = live["groups"][:1]
    published(live)
    trial = finish_trial(start_backtest(draft, by=None, days_before=5))
    assert trial.result["live"]["auc"]["value"] < trial.result["draft"]["auc"]["value"]
    rows = BacktestedLead.objects.filter(trial=trial).values_list("lead__company__employees", "live_total")
    assert set(rows) == {(150, 50), (20, 0)}


@pytest.mark.parametrize("name", ["company.employees", "Employees", "employees"])
def test_a_model_over_a_leaking_field_is_refused(draft, name):
    history()
    Organisation.objects.update_or_create(pk=1, defaults={"leaking_fields": [name]})
    with pytest.raises(LooksAtLeaks, match="“Large” looks at Employees"):
        start_backtest(draft, by=None)
    assert not Trial.objects.exists()


def test_a_live_model_over_a_leaking_field_is_left_out(draft):
    history()
    published(MODEL)
    Organisation.objects.update_or_create(pk=1, defaults={"leaking_fields": ["company.employees"]})
    harmless = json.loads(json.dumps(MODEL))
    harmless["groups"] = harmless["groups"][1:]
    trial = finish_trial(start_backtest(import_model(harmless, by=None), by=None))
    assert trial.result["live"] is None
    assert trial.options["live_leaks"] == ["Large"]


def test_a_field_that_alone_tells_the_outcome_is_named(draft):
    for number in range(90):
        closed(fact(200 if number % 2 else 10), "won" if number % 2 else "lost")
    trial = finish_trial(start_backtest(draft, by=None))
    (warning,) = trial.result["warnings"]
    assert (warning["field"], warning["label"], warning["auc"]) == ("company.employees", "Employees", 1.0)


def test_facts_without_history_are_counted_as_todays(draft):
    history()
    trial = finish_trial(start_backtest(draft, by=None))
    assert trial.result["unrecorded"] == 80  # the leads were written just now


def test_a_cut_after_the_outcome_is_refused(draft):
    with pytest.raises(CutOutOfRange):
        start_backtest(draft, by=None, days_before=0)


def test_a_backtest_is_resumed_and_done_once(draft, monkeypatch):
    monkeypatch.setattr("scoring.trials.backtesting.RANGE", 30)
    history()
    trial = start_backtest(draft, by=None)
    assert trial.ranges.count() == 3
    assert work_next_range(trial.pk)
    assert Trial.objects.get().done == 30
    assert start_backtest(draft, by=None).pk == trial.pk  # one that is running goes on
    done = finish_trial(trial)
    assert (done.status, done.done, done.total) == ("done", 80, 80)
    assert not work_next_range(trial.pk)
    assert BacktestedLead.objects.filter(total=None).count() == 0


def test_the_command_prints_the_figures(draft):
    history()
    out = StringIO()
    call_command("backtest", str(draft.pk), "--precision", "0.8", stdout=out)
    found = json.loads(out.getvalue())
    assert (found["n_won"], found["n_lost"]) == (40, 40)
    assert found["auc_interval"][0] <= found["auc"] <= found["auc_interval"][1]
    assert found["threshold"]["precision"] >= 0.8
    assert "ROC AUC" in found["verdict"]


def test_the_command_knows_no_missing_model():
    with pytest.raises(CommandError, match="no scoring model 4711"):
        call_command("backtest", "4711")
