"""The parts that store scores: compare with what was there, write what changed, record days and crossings.

All of them read the rows as they were when the statement began; the engine has locked them before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Value

from scoring.compiler.expressions import (
    AS_OF,
    BOOLEAN,
    INTEGER,
    LEAD_IDS,
    MOMENT,
    Formula,
    Parameter,
)
from scoring.compiler.parts import Part, text
from scoring.compiler.plan import Plan

NOW = Parameter("now", "timestamptz", MOMENT)
SILENT = Parameter("silent", "boolean", BOOLEAN)
TOUCHED = Parameter("touched", "boolean", BOOLEAN)

SCORE = ("model_id", "state", "fit", "engagement", "total", "band_id", "grade")
STORED = (*SCORE, "as_of", "next_change_on", "silenced_until")
OF_BAND = -1  # stands in `qualified_by` for the band itself


@dataclass(frozen=True, slots=True)
class Version:
    """The published model whose scores are stored; `thresholds` are (band id, enter, leave), the best band first."""

    model_id: int
    active_from: datetime
    is_silent: bool
    thresholds: Sequence[tuple[int, int, int]]


def dated_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """After `totals` of a past date: `scored`, with the band that follows from the days recorded before."""
    yield text("before", _DAY_BEFORE, lead_ids=LEAD_IDS, as_of=AS_OF)
    yield text(
        "scored", _SCORED.replace("QUALIFYING", ""), kept=True, model=version.model_id, band=_band(version)
    )


def replaying_parts(version: Version) -> Iterator[Part]:
    """After `scored` of a past date: record the day where it differs from the one before, and the crossing."""
    yield text("dated", _REPLAYED, as_of=AS_OF)
    yield text("crossed", _CROSSED_THEN, as_of=AS_OF, now=NOW, model=version.model_id)


def storing_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """The parts after `totals`."""
    yield text("before", _BEFORE, lead_ids=LEAD_IDS)
    qualifying = "".join(f', totals."{column}"' for column, _ in plan.qualifications)
    yield text(
        "scored", _SCORED.replace("QUALIFYING", qualifying), model=version.model_id, band=_band(version)
    )
    yield text(
        "compared",
        _COMPARED,
        kept=True,
        model=version.model_id,
        silent=SILENT,
        lead_ids=LEAD_IDS,
        silent_version=Value(version.is_silent),
        active_from=Value(version.active_from),
    )
    signals = "".join(f", {column}" for column, _ in plan.qualifications)
    fired = _FIRED.replace("SIGNALS", signals).replace("QUALIFIED_BY", _qualified_by(plan))
    yield text("fired", fired, kept=True)
    yield text("stored", _STORED, as_of=AS_OF, touched=TOUCHED)
    yield text("dated", _DATED, as_of=AS_OF)
    yield text("crossed", _CROSSED, as_of=AS_OF, now=NOW, model=version.model_id)


FINAL = """
    SELECT fired.lead_key, fired.state_before, fired.qualified_by,
           crossed.id, crossed.before_id, crossed.after_id, crossed.total, crossed.model_id, crossed.day, crossed.at
    FROM fired LEFT JOIN crossed ON crossed.lead_id = fired.lead_key
    WHERE fired.changed OR fired.qualified_by IS NOT NULL
"""

_BEFORE = """
    SELECT score.*, band."order" AS band_order
    FROM scoring_leadscore AS score LEFT JOIN scoring_band AS band ON band.id = score.band_id
    WHERE score.lead_id = ANY({lead_ids})
"""

_SCORED = """
    SELECT totals.lead_key, {model} AS model_id,
           CASE WHEN totals.excluded THEN 'excluded' ELSE 'scored' END AS state,
           CASE WHEN NOT totals.excluded THEN totals.fit END AS fit,
           CASE WHEN NOT totals.excluded THEN totals.engagement END AS engagement,
           CASE WHEN NOT totals.excluded THEN totals.total END AS total,
           CASE WHEN NOT totals.excluded THEN {band} END AS band_id,
           CASE WHEN totals.excluded THEN '' ELSE totals.grade END AS grade,
           CASE WHEN totals.excluded THEN totals.next_x ELSE LEAST(totals.next_on, totals.next_x) END AS next_change_on
           QUALIFYING
    FROM totals LEFT JOIN before ON before.lead_id = totals.lead_key
"""

_DAY_BEFORE = """
    SELECT DISTINCT ON (day.lead_id) day.*, band."order" AS band_order
    FROM scoring_scoreday AS day LEFT JOIN scoring_band AS band ON band.id = day.band_id
    WHERE day.lead_id = ANY({lead_ids}) AND day.day < {as_of} ORDER BY day.lead_id, day.day DESC
"""

_REPLAYED = f"""
    INSERT INTO scoring_scoreday (lead_id, day, {", ".join(SCORE)})
    SELECT lead_key, {{as_of}}, {", ".join(f"scored.{column}" for column in SCORE)}
    FROM scored LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE ({", ".join(f"scored.{column}" for column in SCORE)})
        IS DISTINCT FROM ({", ".join(f"before.{column}" for column in SCORE)})
    ON CONFLICT DO NOTHING
"""

_CROSSED_THEN = """
    INSERT INTO scoring_bandcrossing (lead_id, before_id, after_id, total, model_id, day, at)
    SELECT lead_key, before.band_id, scored.band_id, scored.total, {model}, {as_of}, {now}
    FROM scored LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE scored.state = 'scored' AND scored.band_id IS DISTINCT FROM before.band_id
"""

_COMPARED = f"""
    SELECT scored.*, before.state AS state_before, before.band_id AS band_before, before.band_order AS order_before,
           lead.status, GREATEST(lead.status_since, before.silenced_until) AS heard_until, before.silenced_until,
           ({", ".join(f"scored.{column}" for column in SCORE)})
               IS DISTINCT FROM ({", ".join(f"before.{column}" for column in SCORE)}) AS differs,
           scored.next_change_on IS DISTINCT FROM before.next_change_on AS moves,
           scored.state = 'scored' AND lead.outcome = 'open' AS may_fire,
           {{silent}} OR ({{silent_version}} AND before.model_id IS DISTINCT FROM {{model}}
                AND (before.model_id IS NOT NULL OR lead.created_at < {{active_from}})) AS is_silent
    FROM scored JOIN leads_lead AS lead ON lead.id = scored.lead_key
    LEFT JOIN before ON before.lead_id = scored.lead_key
    WHERE lead.id = ANY({{lead_ids}})
"""

_FIRED = """
    SELECT compared.*, differs OR moves AS changed,
           may_fire AND NOT is_silent AND band_id IS DISTINCT FROM band_before AS crosses,
           CASE WHEN is_silent THEN GREATEST(silenced_until SIGNALS) ELSE silenced_until END AS silent_to,
           CASE WHEN NOT may_fire OR is_silent OR status NOT IN ('new', 'nurturing') THEN NULL QUALIFIED_BY
                WHEN band.qualifies AND band_id IS DISTINCT FROM band_before
                     AND (order_before IS NULL OR band."order" < order_before) THEN -1
           END AS qualified_by
    FROM compared LEFT JOIN scoring_band AS band ON band.id = compared.band_id
"""

_STORED = f"""
    INSERT INTO scoring_leadscore (lead_id, {", ".join(SCORE)}, as_of, next_change_on, silenced_until)
    SELECT lead_key, {", ".join(SCORE)}, {{as_of}}, next_change_on, silent_to FROM fired WHERE changed OR {{touched}}
    ON CONFLICT (lead_id) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in STORED)}
"""

_DATED = f"""
    INSERT INTO scoring_scoreday (lead_id, day, {", ".join(SCORE)})
    SELECT lead_key, {{as_of}}, {", ".join(SCORE)} FROM fired WHERE differs
    ON CONFLICT (lead_id, day) DO UPDATE SET {", ".join(f"{column} = excluded.{column}" for column in SCORE)}
"""

_CROSSED = """
    INSERT INTO scoring_bandcrossing (lead_id, before_id, after_id, total, model_id, day, at)
    SELECT lead_key, band_before, band_id, total, {model}, {as_of}, {now} FROM fired WHERE crosses
    RETURNING *
"""


def _band(version: Version) -> Formula:
    """Hysteresis: the band before and those below it are kept down to `leave`, those above begin at `enter`."""
    steps = " ".join(
        f'WHEN totals.total >= CASE WHEN before.band_order <= (SELECT "order" FROM scoring_band WHERE id = {band})'
        f" THEN {leave} ELSE {enter} END THEN {band}"
        for band, enter, leave in version.thresholds
    )
    return Formula(f"CASE {steps} END", INTEGER)


def _qualified_by(plan: Plan) -> str:
    """The first auto-qualification with a signal that is news in this status; from birth any signal is."""
    return " ".join(
        f"WHEN {column} > COALESCE(heard_until, '-infinity') THEN {number}"
        for number, (column, _) in enumerate(plan.qualifications)
    )
