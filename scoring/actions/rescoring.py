"""Scores computed again, for some leads at once or for all of them in a run."""

from collections.abc import Iterable

from leads.actions.audit import audited
from leads.models import User
from scoring.engine import score_touched
from scoring.models import RunKind, ScoringRun
from scoring.runs import start_run

BATCH = 1_000  # leads in one transaction


def rescore_leads(lead_ids: Iterable[int]) -> int:
    """Score these leads now, batch by batch; answers how many scores changed."""
    ids = sorted(set(lead_ids))
    return sum(score_touched(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


@audited
def rescore_all(*, by: User | None) -> ScoringRun:
    """Start a run over every lead."""
    return start_run(RunKind.RESCORE, by=by)
