"""What the database says a deal's automatic confidence is made of: base, key activities, answers, silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, Min, Q

from leads.models import Lead, Task
from leads.models.activities import Trust
from leads.organisation import local_date, today
from pipeline import confidence
from pipeline.confidence import Line
from pipeline.models import AnswerPoint, KeyActivity

if TYPE_CHECKING:
    from pipeline.models import Deal

Lines = dict[int, list[Line]]


def explain(deal: Deal) -> list[Line]:
    """Why the automatic confidence of one deal is what it is now."""
    return lines_of([deal])[deal.pk]


def lines_of(deals: Collection[Deal], *, moments: Mapping[int, datetime] | None = None) -> Lines:
    """The lines by lead, of deals whose stages are loaded; a constant number of statements.

    `moments` (by lead) leave out the key activities after them, for moves that are recorded afterwards.
    """
    done = _key_activities(deals, moments or {})
    answered = _answers(deals)
    silent = _silences([deal for deal in deals if deal.stage.silence_days is not None])
    return {
        deal.pk: confidence.clamped(
            [
                confidence.base(deal.stage.name, deal.stage.confidence),
                *done[deal.pk],
                *answered[deal.pk],
                *silent[deal.pk],
            ]
        )
        for deal in deals
    }


def _key_activities(deals: Collection[Deal], moments: Mapping[int, datetime]) -> Lines:
    """Each kind done since the last opening, once; a stage's own points beat those of any stage."""
    stages = {deal.pk: deal.stage_id for deal in deals}
    since_opening = Q(kind__activities__lead__deal__reopened_at=None) | Q(
        kind__activities__occurred_at__gte=F("kind__activities__lead__deal__reopened_at")
    )
    done = (
        KeyActivity.objects.filter(
            since_opening, kind__activities__lead__in=stages, kind__activities__trust=Trust.OK
        )
        .values_list("kind__activities__lead", "stage", "kind__label", "points")
        .annotate(first=Min("kind__activities__occurred_at"))
        .order_by(F("stage").asc(nulls_first=True))
    )
    found: dict[int, dict[str, Line]] = defaultdict(dict)
    for lead_id, stage_id, label, points, first in done:
        is_later = lead_id in moments and first > moments[lead_id]
        if stage_id in (None, stages[lead_id]) and not is_later:
            found[lead_id][label] = Line(confidence.ACTIVITY, label, points)
    return defaultdict(list, {lead_id: [*by_label.values()] for lead_id, by_label in found.items()})


def _answers(deals: Collection[Deal]) -> Lines:
    worth = (
        AnswerPoint.objects.filter(
            question__answers__lead__in=[deal.pk for deal in deals], question__answers__value=F("value")
        )
        .order_by("question__order", "question")
        .values_list("question__answers__lead", "question__text", "value", "points")
    )
    found: Lines = defaultdict(list)
    for lead_id, question, value, points in worth:
        found[lead_id].append(confidence.answer(question, value, points))
    return found


def _silences(deals: Collection[Deal]) -> Lines:
    """Of deals whose stage sets it; counted from the latest of contact, stage entry and import."""
    found: Lines = defaultdict(list)
    if not deals:
        return found
    contacts = dict(
        Lead.objects.filter(pk__in=[deal.pk for deal in deals]).values_list("pk", "last_contact_at")
    )
    resting = _with_task_ahead(deals)
    now = today()
    for deal in deals:
        moments = (contacts[deal.pk], deal.stage_entered_at, deal.imported_at)
        days = confidence.days_of_silence(now, *(moment and local_date(moment) for moment in moments))
        allowed, points = deal.stage.silence_days or 0, deal.stage.silence_points
        if line := confidence.silence(days, allowed=allowed, points=points, is_resting=deal.pk in resting):
            found[deal.pk].append(line)
    return found


def _with_task_ahead(deals: Collection[Deal]) -> set[int]:
    ahead = Task.objects.open().filter(lead__in=[deal.pk for deal in deals], due_on__gte=today())
    return set(ahead.values_list("lead", flat=True))
