"""What a new day changes without anybody's doing: median cycles, silence."""

from datetime import date, timedelta
from statistics import median

from django.db import transaction

from leads.models.leads import Outcome
from leads.organisation import local_date, remembered, today
from pipeline.actions.recalculation import queue_confidence
from pipeline.models import Deal, Pipeline

FIRST_CYCLE = 60  # days, while too few deals are won to know better
ENOUGH_WON = 20
LOOK_BACK = timedelta(days=365)


@remembered()
def refresh_pipelines() -> None:
    """Once a day of the organisation: measure cycles, and queue the deals that silence may touch."""
    now = today()
    for pipeline in Pipeline.objects.exclude(refreshed_on=now):
        _refresh(pipeline, now)


@transaction.atomic
def _refresh(pipeline: Pipeline, now: date) -> None:
    claimed = Pipeline.objects.filter(pk=pipeline.pk).exclude(refreshed_on=now)
    if claimed.update(refreshed_on=now, cycle_days=median_cycle(pipeline, now)):
        watched = Deal.objects.in_pipeline().filter(stage__pipeline=pipeline)
        queue_confidence(watched.exclude(stage__silence_days=None).values_list("pk", flat=True))


def median_cycle(pipeline: Pipeline, now: date) -> int:
    """Days from entering to winning of the deals won in the last year."""
    won = Deal.objects.filter(
        stage__pipeline=pipeline, lead__outcome=Outcome.WON, lead__closed_on__gt=now - LOOK_BACK
    ).exclude(entered_at=None)
    dates = won.values_list("entered_at", "lead__closed_on")
    cycles = [
        (closed_on - local_date(entered_at)).days
        for entered_at, closed_on in dates
        if entered_at and closed_on
    ]
    return max(1, round(median(cycles))) if len(cycles) >= ENOUGH_WON else FIRST_CYCLE
