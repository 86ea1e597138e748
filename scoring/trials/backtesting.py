"""Backtests: closed leads scored as they stood before their outcome, by the draft and by the live model."""

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from config.refusals import Refusal
from leads.models import User
from leads.organisation import organisation, remembered, today
from scoring.catalogue import read_catalogue
from scoring.compiler.parts import Statement
from scoring.compiler.storing import Version
from scoring.compiler.trying import cutting_statement
from scoring.history import past_values
from scoring.live import live_version, plan_of, thresholds_of
from scoring.models import BacktestedLead, RunStatus, ScoringModel, Trial, TrialKind, TrialRange
from scoring.rows import load_definition
from scoring.trials.closed import MOST_DAYS, closed_under, count_outcomes, write_places
from scoring.trials.findings import FEWEST, conclude_backtest
from scoring.trials.jobs import KINDS, Work, begin, lock_trials
from scoring.trials.leaking import refuse_leaks, rules_that_leak

RANGE = 2_500  # leads in one statement, of few days each
SAMPLE = 5_000  # leads whose rules are looked at one by one

STORE = """
    UPDATE scoring_backtestedlead AS lead SET total = scored.total, band_id = scored.band,
           live_total = scored.live_total, live_band_id = scored.live_band
    FROM (SELECT unnest(%s::bigint[]) AS id, unnest(%s::int[]) AS total, unnest(%s::int[]) AS band,
                 unnest(%s::int[]) AS live_total, unnest(%s::int[]) AS live_band) AS scored
    WHERE lead.trial_id = %s AND lead.lead_id = scored.id
"""
# The history of the lead, of its company and of its first person reaches back to the end of that day.
RECORDED = """
    UPDATE scoring_backtestedlead AS tested SET is_recorded = TRUE
    FROM leads_lead AS lead
    WHERE tested.trial_id = %(trial)s AND tested.place BETWEEN %(first)s AND %(last)s
      AND lead.id = tested.lead_id
      AND EXISTS (SELECT FROM leads_leadevent WHERE pgh_obj_id = lead.id AND pgh_created_at < {end})
      AND (lead.company_id IS NULL OR EXISTS (
           SELECT FROM leads_companyevent WHERE pgh_obj_id = lead.company_id AND pgh_created_at < {end}))
      AND NOT EXISTS (
           SELECT FROM leads_leadcontact AS link WHERE link.lead_id = lead.id AND link.is_first
           AND NOT EXISTS (SELECT FROM leads_contactevent
                           WHERE pgh_obj_id = link.contact_id AND pgh_created_at < {end}))
""".replace("{end}", "((tested.day + 1)::timestamp AT TIME ZONE %(zone)s)")

Found = dict[int, tuple[int | None, int | None, list[int | None] | None]]


class CutOutOfRange(Refusal):
    """Leads are looked at one day before their outcome at the latest."""


@transaction.atomic
def start_backtest(
    model: ScoringModel, *, by: User | None, days_before: int | None = None, precision: float = 0.8
) -> Trial:
    """Test a version on the closed leads that it would score, each as it stood before its outcome.

    The cut is the day on which a lead entered the pipeline, or `days_before` its outcome. LooksAtLeaks when
    the model has rules over fields that know the outcome; a live model with such is left out.
    """
    if days_before is not None and not 1 <= days_before <= MOST_DAYS:
        raise CutOutOfRange(f"Say how many days before the outcome, from 1 to {MOST_DAYS:,}.")
    lock_trials()
    with remembered():
        catalogue = read_catalogue()
        refuse_leaks(load_definition(model), catalogue)
        live = live_version(model.product_line_id)
        leaks = rules_that_leak(load_definition(live), catalogue) if live else []
        options = {
            "revision": model.revision,
            "days_before": days_before,
            "precision": precision,
            "live_leaks": [name for name, _ in leaks],
        }
        trial = Trial(
            kind=TrialKind.BACKTEST,
            model=model,
            live=None if leaks or live == model else live,
            as_of=today(),
            by=by,
            options=options,
        )
        running = model.trials.filter(kind=TrialKind.BACKTEST, status=RunStatus.RUNNING).first()
        return running or begin(trial, _cut)


def _cut(trial: Trial) -> None:
    assert trial.model
    closed = closed_under(trial.model)
    won, lost = count_outcomes(closed)
    trial.options |= {"n_won": won, "n_lost": lost}
    if won >= FEWEST and lost >= FEWEST:
        trial.total = write_places(trial.pk, closed, days_before=trial.options["days_before"])
    trial.save(update_fields=["options"])
    TrialRange.objects.bulk_create(
        TrialRange(trial=trial, first=first, last=min(first + RANGE, trial.total) - 1)
        for first in range(0, trial.total, RANGE)
    )


def backtest_range(taken: TrialRange) -> dict[str, Any]:
    """Score the leads of a range by both models; answers the worth of every rule for a sample of them."""
    trial = taken.trial
    assert trial.model
    rows = BacktestedLead.objects.filter(trial=trial, place__range=(taken.first, taken.last))
    outcomes = dict(rows.values_list("lead_id", "is_won"))
    with remembered():
        by_day = leads_by_day(rows.values_list("lead_id", "day"))
        step = max(1, trial.total // SAMPLE)
        found = scored_by(_statement(trial.model.pk, trial.pk), by_day, step=step)
        live = scored_by(_statement(trial.live.pk, trial.pk), by_day, step=step) if trial.live else {}
        _store(trial, found, live)
        _mark_recorded(taken)
    sample = [[outcomes[lead_id], total, points] for lead_id, (total, _, points) in found.items() if points]
    return {"sample": sample}


def leads_by_day(pairs: Any) -> dict[date, list[int]]:
    """Lead ids by the day on which they are looked at."""
    by_day: dict[date, list[int]] = defaultdict(list)
    for lead_id, day in pairs:
        by_day[day].append(lead_id)
    return by_day


@lru_cache(maxsize=8)
def _statement(model_id: int, trial_id: int) -> Statement:
    """Compiled once for all ranges of a trial, for building it takes as long as scoring a hundred leads."""
    model = ScoringModel.objects.select_related("product_line").get(pk=model_id)
    version = Version(model_id, timezone.now(), is_silent=True, thresholds=thresholds_of(model))
    return cutting_statement(plan_of(model), version)


def scored_by(statement: Statement, by_day: dict[date, list[int]], *, step: int = 1) -> Found:
    """Total, band and for every `step`-th lead the worth of each rule in tenths, in one statement."""
    rows = asked(statement, by_day, step=step)
    return {lead_id: (total, band, points) for lead_id, total, band, points in rows}


def asked(statement: Statement, by_day: dict[date, list[int]], **given: Any) -> list[tuple[Any, ...]]:
    """The rows of a statement for leads that are each looked at on their own day."""
    values = [past_values(lead_ids, day) | given for day, lead_ids in by_day.items()]
    with connection.cursor() as cursor:
        cursor.execute(*statement.given_each(values))
        return list(cursor.fetchall())


def _store(trial: Trial, found: Found, live: Found) -> None:
    ids = list(found)
    nothing = (None, None, None)
    columns = [
        [side.get(lead_id, nothing)[place] for lead_id in ids] for side in (found, live) for place in (0, 1)
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [ids, *columns, trial.pk])


def _mark_recorded(taken: TrialRange) -> None:
    bounds = {"trial": taken.trial_id, "first": taken.first, "last": taken.last}
    with connection.cursor() as cursor:
        cursor.execute(RECORDED, bounds | {"zone": organisation().time_zone})


KINDS[TrialKind.BACKTEST] = Work(backtest_range, conclude_backtest)
