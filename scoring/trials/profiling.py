"""Profiles: what the won leads of a product line share, learnt again when leads have closed."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from leads.models import Lead, ProductLine, User
from leads.organisation import organisation, remembered, today
from leads.querysets import array_text
from scoring.learning.shares import Share, shares
from scoring.models import BacktestedLead, RunStatus, Trial, TrialKind, TrialRange
from scoring.trials.closed import closed_leads, count_outcomes, write_places
from scoring.trials.findings import FEWEST
from scoring.trials.jobs import KINDS, Work, begin, lock_trials
from scoring.trials.lessons import Lesson, take_lesson

KEPT = ("leaks", "left_out", "shares", "n_won", "n_lost")
STORE = """
    UPDATE scoring_backtestedlead AS lead SET traits = had.traits::smallint[]
    FROM (SELECT unnest(%s::bigint[]) AS lead_id, unnest(%s::text[]) AS traits) AS had
    WHERE lead.trial_id = %s AND lead.lead_id = had.lead_id
"""


def closed_of(line: ProductLine | None) -> QuerySet[Lead]:
    """The closed leads of a product line, of all together without one."""
    return closed_leads().filter(product_line=line) if line else closed_leads()


@transaction.atomic
def start_profile(line: ProductLine | None, *, by: User | None) -> Trial:
    """Learn what the won leads of a product line share; one that is being learnt already is answered."""
    lock_trials()
    with remembered():
        running = profiles(line).filter(status=RunStatus.RUNNING).first()
        trial = Trial(kind=TrialKind.PROFILE, product_line=line, as_of=today(), by=by)
        return running or begin(trial, _cut)


def profiles(line: ProductLine | None) -> QuerySet[Trial]:
    """The trials that learnt it, the newest first."""
    return Trial.objects.filter(kind=TrialKind.PROFILE, product_line=line).order_by("-pk")


def start_outdated_profiles() -> list[Trial]:
    """Learn again where leads have closed, or fields were listed as leaking, since the last time."""
    lines = [None, *ProductLine.objects.order_by("pk")]
    return [start_profile(line, by=None) for line in lines if is_outdated(line)]


def is_outdated(line: ProductLine | None) -> bool:
    """Whether there is enough to learn from, and it is not what was learnt from."""
    closed = count_outcomes(closed_of(line))
    last = profiles(line).exclude(status=RunStatus.FAILED).first()
    learnt = last and (last.options["n_won"], last.options["n_lost"])
    listed = last and last.options["listed"]
    return min(closed) >= FEWEST and (learnt != closed or listed != organisation().leaking_fields)


def _cut(trial: Trial) -> None:
    closed = closed_of(trial.product_line)
    won, lost = count_outcomes(closed)
    trial.options |= {"n_won": won, "n_lost": lost, "listed": organisation().leaking_fields}
    if won >= FEWEST and lost >= FEWEST:
        write_places(trial.pk, closed, days_before=None)
        trial.total = 1
        TrialRange.objects.create(trial=trial, first=0, last=0)
    trial.save(update_fields=["options"])


def profile_range(taken: TrialRange) -> dict[str, Any]:
    """All of it; which lead had which trait stays with the leads."""
    with remembered():
        lesson = take_lesson(taken.trial)
        found = shares(lesson.honest)
        _store_traits(taken.trial_id, lesson, found)
        won = int(lesson.honest.is_won.sum())
        return {
            "leaks": lesson.leaks,
            "left_out": lesson.left_out,
            "shares": [asdict(share) for share in found],
            "n_won": won,
            "n_lost": len(lesson.honest.is_won) - won,
        }


def _store_traits(trial_id: int, lesson: Lesson, found: Sequence[Share]) -> None:
    places = {(item.source, item.value): place for place, item in enumerate(lesson.honest.candidates)}
    columns = [places[share.source, share.value] for share in found]
    held = lesson.honest.truths[:, columns]
    traits = [array_text(int(place) for place in row.nonzero()[0]) for row in held]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [array_text(lesson.history.leads), traits, trial_id])


def conclude_profile(trial: Trial) -> dict[str, Any]:
    """What was found, in the place of the last profile; leads that it did not learn from are not kept."""
    profiles(trial.product_line).filter(pk__lt=trial.pk).delete()
    BacktestedLead.objects.filter(trial=trial, traits=None).delete()
    counts = next((part.counts for part in trial.ranges.all()), None) or {}
    return {name: counts.get(name) for name in KEPT}


KINDS[TrialKind.PROFILE] = Work(profile_range, conclude_profile)
