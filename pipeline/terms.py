"""What the database says a deal's automatic confidence is made of: base, key activities, answers, silence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    Case,
    DateTimeField,
    F,
    JSONField,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from leads.models import Lead, Task
from leads.models.activities import Trust
from leads.organisation import local_date, today
from pipeline import confidence
from pipeline.confidence import Line
from pipeline.models import AnswerPoint, KeyActivity

if TYPE_CHECKING:
    from pipeline.models import Deal, Stage

Lines = dict[int, list[Line]]
COLUMNS = ("of_lead", "of_stage", "named", "answered", "worth", "first", "rank")


def explain(deal: Deal) -> list[Line]:
    """Why the automatic confidence of one deal is what it is now."""
    return lines_of([deal])[deal.pk]


def lines_of(deals: Collection[Deal], *, moments: Mapping[int, datetime] | None = None) -> Lines:
    """The lines by lead, of deals whose stages are loaded; a constant number of statements.

    `moments` (by lead) leave out the key activities after them, for moves that are recorded afterwards.
    """
    counted = _counted(deals, moments or {})
    silent = _silences([deal for deal in deals if deal.stage.silence_days is not None])
    return {
        deal.pk: confidence.clamped(
            [
                confidence.base(deal.stage.name, deal.stage.confidence),
                *counted[deal.pk],
                *silent[deal.pk],
            ]
        )
        for deal in deals
    }


def totals_in(deal: Deal, stages: Collection[Stage]) -> dict[int, int]:
    """By stage, what the automatic confidence of a deal would be on entering it now; one query."""
    rows = _rows([deal.pk])
    return {
        stage.pk: confidence.total(
            confidence.clamped(
                [
                    confidence.base(stage.name, stage.confidence),
                    *_lines_from(rows, {deal.pk: stage.pk}, {})[deal.pk],
                ]
            )
        )
        for stage in stages
    }


def _counted(deals: Collection[Deal], moments: Mapping[int, datetime]) -> Lines:
    """Key activities, then answers, each in its order; one query for both."""
    stages = {deal.pk: deal.stage_id for deal in deals}
    return _lines_from(_rows(stages), stages, moments)


def _rows(lead_ids: Collection[int]) -> list[Any]:
    return sorted(_done(lead_ids).union(_answered(lead_ids), all=True), key=itemgetter(6))


def _lines_from(rows: Iterable[Any], stages: Mapping[int, int], moments: Mapping[int, datetime]) -> Lines:
    activities: dict[int, dict[str, Line]] = defaultdict(dict)
    answers: Lines = defaultdict(list)
    for lead_id, stage_id, name, value, points, first, _ in rows:
        if first is None:
            answers[lead_id].append(confidence.answer(name, value, points))
        elif stage_id in (None, stages[lead_id]) and first <= moments.get(lead_id, first):
            activities[lead_id][name] = Line(confidence.ACTIVITY, name, points)
    return {pk: [*activities[pk].values(), *answers[pk]] for pk in stages}


def _done(lead_ids: Collection[int]) -> QuerySet[Any, Any]:
    """Each kind done since the last opening, once; a stage's own points beat those of any stage."""
    since_opening = Q(kind__activities__lead__deal__reopened_at=None) | Q(
        kind__activities__occurred_at__gte=F("kind__activities__lead__deal__reopened_at")
    )
    done = KeyActivity.objects.filter(
        since_opening, kind__activities__lead__in=lead_ids, kind__activities__trust=Trust.OK
    )
    counted: QuerySet[Any, Any] = (
        done.order_by()
        .annotate(
            of_lead=F("kind__activities__lead"),
            of_stage=F("stage"),
            named=F("kind__label"),
            answered=Value(None, JSONField()),
            worth=F("points"),
            rank=Case(When(stage=None, then=0), default=1, output_field=BigIntegerField()),
        )
        .values(*COLUMNS[:5], COLUMNS[6])
        .annotate(first=Min("kind__activities__occurred_at"))
        .values_list(*COLUMNS)
    )
    return counted


def _answered(lead_ids: Collection[int]) -> QuerySet[Any, Any]:
    given = AnswerPoint.objects.filter(
        question__answers__lead__in=lead_ids, question__answers__value=F("value")
    )
    return (
        given.order_by()
        .annotate(
            of_lead=F("question__answers__lead"),
            of_stage=Value(None, BigIntegerField()),
            named=F("question__text"),
            answered=F("value"),
            worth=F("points"),
            first=Value(None, DateTimeField()),
            rank=Cast("question__order", BigIntegerField()) * 2**32 + F("question"),
        )
        .values_list(*COLUMNS)
    )


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
