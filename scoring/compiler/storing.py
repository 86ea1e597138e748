"""The parts that store scores: compare with what was there, write what changed, record days and crossings.

All of them read the rows as they were when the statement began; the engine has locked them before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Value

from config.prepared import Parameter
from scoring.compiler import storing_sql as sql
from scoring.compiler.expressions import AS_OF, BOOLEAN, INTEGER, LEAD_IDS, MOMENT, Formula
from scoring.compiler.parts import Part, text
from scoring.compiler.plan import Plan

NOW = Parameter("now", "timestamptz", MOMENT)
SILENT = Parameter("silent", "boolean", BOOLEAN)
TOUCHED = Parameter("touched", "boolean", BOOLEAN)


@dataclass(frozen=True, slots=True)
class Version:
    """A published model; `thresholds` are (band id, enter, leave), the best band first."""

    model_id: int
    active_from: datetime
    is_silent: bool
    thresholds: Sequence[tuple[int, int, int]]


def storing_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """The parts after `totals`."""
    yield from firing_parts(plan, version)
    yield text("stored", sql.STORED, as_of=AS_OF, touched=TOUCHED)
    yield text("dated", sql.DATED, as_of=AS_OF)
    yield text("crossed", sql.CROSSED, as_of=AS_OF, now=NOW, model=version.model_id)


def firing_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """After `totals`: what would be stored and what would fire, compared with what was stored before."""
    columns = [column for column, _ in plan.qualifications]
    scored = sql.SCORED.replace("QUALIFYING", "".join(f", totals.{column}" for column in columns))
    fired = sql.FIRED.replace("SIGNALS", "".join(f", {column}" for column in columns))
    yield text("before", sql.BEFORE, lead_ids=LEAD_IDS)
    yield text("scored", scored, model=version.model_id, band=_band(version))
    yield text(
        "compared",
        sql.COMPARED,
        kept=True,
        model=version.model_id,
        silent=SILENT,
        lead_ids=LEAD_IDS,
        silent_version=Value(version.is_silent),
        active_from=Value(version.active_from),
    )
    yield text("fired", fired.replace("QUALIFIED_BY", _qualified_by(columns)), kept=True)


def banded_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """After `totals`: `scored`, with the band that a lead without one before would enter."""
    yield Part("before", sql.NOTHING_BEFORE, ())
    scored = sql.SCORED.replace("QUALIFYING", "")
    yield text("scored", scored, kept=True, model=version.model_id, band=_band(version))


def dated_parts(plan: Plan, version: Version) -> Iterator[Part]:
    """After `totals` of a past date: `scored`, with the band that follows from the days recorded before."""
    scored = sql.SCORED.replace("QUALIFYING", "")
    yield text("before", sql.DAY_BEFORE, lead_ids=LEAD_IDS, as_of=AS_OF)
    yield text("scored", scored, kept=True, model=version.model_id, band=_band(version))


def replaying_parts(version: Version) -> Iterator[Part]:
    """After `scored` of a past date: the day where it differs from the one before, and the crossing."""
    yield text("dated", sql.REPLAYED, as_of=AS_OF)
    yield text("crossed", sql.CROSSED_THEN, as_of=AS_OF, now=NOW, model=version.model_id)


def _band(version: Version) -> Formula:
    """Hysteresis: the band before and those below it are kept down to `leave`, others begin at `enter`."""
    steps = " ".join(
        f"WHEN totals.total >= CASE WHEN before.band_order <= "
        f'(SELECT "order" FROM scoring_band WHERE id = {band}) THEN {leave} ELSE {enter} END THEN {band}'
        for band, enter, leave in version.thresholds
    )
    return Formula(f"CASE {steps} END", INTEGER)


def _qualified_by(columns: Sequence[str]) -> str:
    """The first auto-qualification with a signal that is news in this status; from birth any signal is."""
    return " ".join(
        f"WHEN {column} > COALESCE(heard_until, '-infinity') THEN {number}"
        for number, column in enumerate(columns)
    )
