"""Scores sets of leads: locks their score rows, computes in a second statement, stores, and sends the news.

The lock comes first and the statement reads after it, in one READ COMMITTED transaction: a single
statement would compute from what it saw before it waited, and overwrite a newer score with an older one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from leads.actions import NewStatus, set_statuses
from leads.models.leads import Status
from leads.organisation import organisation, remembered, today
from leads.querysets import array_text
from scoring.compiler.storing_sql import OF_BAND
from scoring.live import (
    LiveModel,
    by_model,
    live_models,
    prepared_storing,
    qualification_names,
    storing_statement,
)
from scoring.models import Band, BandCrossing, LeadScore, ScoreState
from scoring.signals import bands_crossed, leads_scored

FEW = 10  # leads, for which planning takes longer than scoring
CROSSING_COLUMNS = ("id", "before_id", "after_id", "total", "model_id", "day", "at")


@dataclass(slots=True)
class Stored:
    """What a statement has written: how many rows changed, and what fires."""

    changed: int = 0
    first_scored: list[int] = field(default_factory=list)
    crossings: list[BandCrossing] = field(default_factory=list)
    qualified: list[NewStatus] = field(default_factory=list)


@transaction.atomic(savepoint=False)
def score_touched(lead_ids: Iterable[int]) -> int:
    """Score leads that something touched, as of today; their `as_of` is set even when nothing changed."""
    with remembered():
        lines = lock_scores(lead_ids)
        return _store(lines, as_of=today(), touched=True, silent=False)


@transaction.atomic(savepoint=False)
def score_range(
    lead_ids: Iterable[int],
    *,
    as_of: date,
    silent: bool,
    only_of: int | None = None,
    at: datetime | None = None,
) -> int:
    """Score leads of a run and write those that changed; one scored on a later date already is left alone."""
    with remembered():
        lines = lock_scores(lead_ids, until=as_of)
        return _store(lines, as_of=as_of, touched=False, silent=silent, only_of=only_of, at=at)


def lock_scores(lead_ids: Iterable[int], until: date | None = None) -> dict[int, int | None]:
    """Lock the score rows in id order; the product line of each lead."""
    rows = LeadScore.objects.locked(lead_ids)
    if until:
        rows = rows.scored_by(until)
    return dict(rows.values_list("pk", "lead__product_line_id"))


def _store(
    lines: Mapping[int, int | None],
    *,
    as_of: date,
    touched: bool,
    silent: bool,
    only_of: int | None = None,
    at: datetime | None = None,
) -> int:
    """Which model is live is read after the lock, so that no older version overtakes a publish."""
    stored = Stored()
    for live, lead_ids in by_model(lines, live_models()).items():
        if only_of in (None, live.pk):
            _run(
                live, lead_ids, stored, as_of=as_of, touched=touched, silent=silent, now=at or timezone.now()
            )
    _send_news(stored)
    return stored.changed


def _run(
    live: LiveModel, lead_ids: list[int], stored: Stored, *, as_of: date, now: datetime, **purpose: bool
) -> None:
    values = moment_values(lead_ids, as_of) | {"now": now} | purpose
    with connection.cursor() as cursor:
        statement = prepared_storing(live) if len(lead_ids) <= FEW else storing_statement(live)
        cursor.execute(*statement.given(values))
        rows = cursor.fetchall()
    stored.changed += rows[0][0]
    names = None
    for _, lead_id, state_before, qualified_by, *crossing in rows:
        if lead_id is None:  # no news; the row only says how many changed
            break
        if state_before in (None, ScoreState.UNSCORED):
            stored.first_scored.append(lead_id)
        if crossing[0] is not None:
            stored.crossings.append(
                BandCrossing(lead_id=lead_id, **dict(zip(CROSSING_COLUMNS, crossing, strict=True)))
            )
        if qualified_by is not None:
            names = names or qualification_names(live.pk)
            reason = "Reached a band that qualifies" if qualified_by == OF_BAND else names[qualified_by]
            stored.qualified.append(NewStatus(lead_id, Status.QUALIFIED, reason=reason))


def moment_values(lead_ids: list[int], as_of: date) -> dict[str, Any]:
    """The parameters of a scoring now: every signal counts, also one of a clock that runs ahead."""
    return {
        "lead_ids": array_text(lead_ids),
        "as_of": as_of,
        "until": date.max,
        "moment": timezone.now(),
        "time_zone": organisation().time_zone,
    }


def _send_news(stored: Stored) -> None:
    if stored.first_scored:
        leads_scored.send(sender=LeadScore, lead_ids=sorted(stored.first_scored))
    if stored.crossings:
        bands = Band.objects.in_bulk()
        for crossing in stored.crossings:
            crossing.before = bands.get(crossing.before_id) if crossing.before_id else None
            crossing.after = bands.get(crossing.after_id) if crossing.after_id else None
        bands_crossed.send(sender=LeadScore, crossings=stored.crossings)
    if stored.qualified:
        set_statuses(sorted(stored.qualified, key=lambda row: row.lead_id), by=None)
