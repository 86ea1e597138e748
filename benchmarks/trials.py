"""Simulation and backtest of a draft against a full rescore, all by the same workers."""

import sys
import time

from django.db import connection

from benchmarks.rescoring import PATIENCE, PAUSE, full_rescore, shipped_workers, spoil_scores, timed
from benchmarks.results import Table
from leads.models import Lead
from scoring.actions import copy_model
from scoring.live import live_version
from scoring.models import ScoringModel, Trial
from scoring.trials import start_backtest, start_simulation

# Every second lead closed within the last half year, won or lost by turns.
CLOSE = """
UPDATE leads_lead SET outcome = CASE WHEN id %% 4 = 0 THEN 'won' ELSE 'lost' END,
       closed_on = current_date - (id %% 180)::int WHERE id %% 2 = 0
"""


def measure_trials(table: Table) -> None:
    """A draft like the live model, tried on leads of which half are closed."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, [])
        cursor.execute("ANALYZE leads_lead, leads_leadevent")  # as autovacuum does soon after
    live = live_version(None)
    if live is None:
        sys.exit("There is no live model.")
    draft = copy_model(live, by=None)
    with shipped_workers():
        full_rescore()  # has each worker compile the model
        spoil_scores()
        rescore = timed(full_rescore)
        simulation = timed(lambda: wait_for(start_simulation(draft, by=None)))
        backtest = timed(lambda: wait_for(_backtest(draft)))
    table.add("simulation of a draft", simulation, "s")
    table.add("simulation / full rescore", simulation / rescore, "times", 2)
    closed = Lead.objects.exclude(outcome="open").count()
    table.add(f"backtest on {closed:,} closed leads", backtest, "s")
    table.add("backtest / full rescore", backtest / rescore, "times", 2)


def _backtest(draft: ScoringModel) -> Trial:
    return start_backtest(draft, by=None, days_before=7)


def wait_for(trial: Trial) -> None:
    """Returns when the last range is stored."""
    deadline = time.monotonic() + PATIENCE
    while (now := Trial.objects.get(pk=trial.pk)).status == "running":
        if time.monotonic() > deadline:
            sys.exit("The workers did not finish.")
        time.sleep(PAUSE)
    if now.status != "done":
        sys.exit(f"The trial failed: {now.error}")
