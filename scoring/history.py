"""Scores at past dates: signals up to then, the version live then, facts as the audit history knows them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import count, takewhile
from typing import Any

from django.db import connection, transaction

from leads.models import Lead
from leads.organisation import local_midnight, organisation, remembered
from leads.querysets import array_text
from scoring.compiler.parts import Statement, assemble
from scoring.compiler.past import past_parts
from scoring.compiler.statement import score_parts
from scoring.compiler.storing import dated_parts, replaying_parts
from scoring.live import plan_of, version_of
from scoring.models import ScoringModel

DAY = timedelta(days=1)
BATCH = 5_000  # leads in one statement


def past_values(lead_ids: Sequence[int], day: date) -> dict[str, Any]:
    """The parameters of a scoring on a past date, as it was at its end."""
    end = local_midnight(day + DAY)
    return {
        "lead_ids": array_text(lead_ids),
        "as_of": day,
        "until": day,
        "moment": end,
        "now": end,
        "time_zone": organisation().time_zone,
    }


Published = tuple[int | None, int, datetime]


def published() -> list[Published]:
    """Product line (None: the default), id and beginning of every version that was live, the oldest first."""
    versions = ScoringModel.objects.exclude(active_from=None).order_by("active_from")
    rows = versions.values_list("product_line", "pk", "active_from")
    return [(line_id, pk, began) for line_id, pk, began in rows if began]


def _live(versions: Sequence[Published], day: date) -> dict[int | None, int]:
    end = local_midnight(day + DAY)
    first = {line: pk for line, pk, _ in reversed(versions)}
    return first | {line: pk for line, pk, began in versions if began < end}


def versions_on(day: date) -> dict[int | None, int]:
    """The version live at the end of a day, by product line and under None the default.

    Days before the first version are scored by the first.
    """
    return _live(published(), day)


def version_for(lead: Lead, day: date) -> int | None:
    """The version that scored this lead on a day."""
    versions = versions_on(day)
    return versions.get(lead.product_line_id, versions.get(None))


@lru_cache(maxsize=32)
def past_statement(model_id: int) -> Statement:
    """Total and band of leads on a past date."""
    model = ScoringModel.objects.select_related("product_line").get(pk=model_id)
    plan = plan_of(model)
    parts = [*past_parts(plan.named), *score_parts(plan), *dated_parts(plan, version_of(model))]
    return assemble(parts, "SELECT lead_key, total, band_id FROM scored WHERE state = 'scored'")


@lru_cache(maxsize=32)
def replaying_statement(model_id: int) -> Statement:
    """The scores of a past date recorded where they differ from those of the day before."""
    model = ScoringModel.objects.select_related("product_line").get(pk=model_id)
    plan, version = plan_of(model), version_of(model)
    before = [*past_parts(plan.named), *score_parts(plan), *dated_parts(plan, version)]
    return assemble([*before, *replaying_parts(version)], "SELECT count(*) FROM scored")


def scores_on(days: Iterable[tuple[int, date]]) -> dict[int, tuple[int, int]]:
    """Total and band id of leads, each on its own day; a lead that was excluded then is left out."""
    known: dict[int, tuple[int, int]] = {}
    with remembered(), connection.cursor() as cursor:
        for model_id, by_day in _by_version(dict(days)).items():
            values = [past_values(lead_ids, day) for day, lead_ids in by_day.items()]
            cursor.execute(*past_statement(model_id).given_each(values))
            known |= {lead_id: (total, band_id) for lead_id, total, band_id in cursor.fetchall()}
    return known


def _by_version(days: Mapping[int, date]) -> dict[int, dict[date, list[int]]]:
    """Lead ids by day, by the version that scored them then."""
    versions = published()
    live = {day: _live(versions, day) for day in set(days.values())}
    lines = Lead.objects.filter(pk__in=days).values_list("pk", "product_line")
    found: dict[int, dict[date, list[int]]] = defaultdict(lambda: defaultdict(list))
    for lead_id, line_id in lines:
        day = days[lead_id]
        if model_id := live[day].get(line_id, live[day].get(None)):
            found[model_id][day].append(lead_id)
    return found


def replay(*, first: date, last: date) -> None:
    """Record what the engine makes of each day, as if it had been there; announces nothing."""
    days = takewhile(lambda day: day <= last, (first + DAY * number for number in count()))
    with remembered():
        for day in days:
            born = Lead.objects.filter(created_at__lt=local_midnight(day + DAY)).order_by("pk")
            _replay_day(list(born.values_list("pk", flat=True)), day)


@transaction.atomic
def _replay_day(lead_ids: list[int], day: date) -> None:
    for start in range(0, len(lead_ids), BATCH):
        for model_id, governed in _governed(lead_ids[start : start + BATCH], day):
            _execute(replaying_statement(model_id), governed, day)


def _governed(lead_ids: Sequence[int], day: date) -> Iterator[tuple[int, list[int]]]:
    """Lead ids by the version that scored them on a day."""
    versions = versions_on(day)
    governed: dict[int, list[int]] = defaultdict(list)
    for lead_id, line_id in Lead.objects.filter(pk__in=lead_ids).values_list("pk", "product_line"):
        model_id = versions.get(line_id, versions.get(None))
        if model_id:
            governed[model_id].append(lead_id)
    yield from governed.items()


def _execute(statement: Statement, lead_ids: list[int], day: date) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement.given(past_values(lead_ids, day)))
        return list(cursor.fetchall())
