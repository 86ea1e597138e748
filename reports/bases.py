"""How the bases of stages changed, by whom, and what entries would have with those of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Any

from django.db.models import Case, F, IntegerField, Q, Value, When
from django.db.models.functions import Greatest, Least

from leads.models import User
from pipeline.models import Pipeline, Stage
from reports.reliability import HIGHEST, LOWEST


@dataclass(frozen=True)
class BaseChange:
    """A stage got another base; `by` is nobody where the history names none."""

    stage: Stage
    before: int
    after: int
    at: datetime
    by: User | None


@dataclass(frozen=True)
class Bases:
    """The stages of a pipeline with those that were removed, and every change of a base, oldest first."""

    stages: list[Stage]
    changes: list[BaseChange]

    @property
    def current(self) -> list[Stage]:
        return [stage for stage in self.stages if not stage.removed_at]

    def automatic_now(self) -> Case | F:
        """Of a StageChange: its automatic confidence, had the stage had its base of now.

        An imported history has the base of the day of the import.
        """
        moved = [
            When(Q(to_stage=stage.pk) & _before(until), then=_moved(points))
            for stage in self.stages
            for steps in [list(self._steps(stage))]
            if any(points for _, points in steps)
            for until, points in steps
        ]
        recorded = F("automatic_confidence")
        return Case(*moved, default=recorded, output_field=IntegerField()) if moved else recorded

    def _steps(self, stage: Stage) -> Iterator[tuple[datetime | None, int]]:
        """Until when the stage was how many points below its base of now, or below its successor's."""
        own = {each.pk: each for each in self.stages}
        goal = own.get(stage.successor_id or stage.pk, stage).confidence
        for change in self.changes:
            if change.stage.pk == stage.pk:
                yield change.at, goal - change.before
        yield None, goal - stage.confidence


def bases_of(pipeline: Pipeline) -> Bases:
    """Read from the audit history of the stages."""
    stages = list(Stage.objects.filter(pipeline=pipeline))
    events: Any = Stage.pgh_event_model.objects  # type: ignore[attr-defined]  # made by the decorator
    rows = list(
        events.filter(pgh_obj__in=stages)
        .order_by("pgh_obj", "pgh_id")
        .values_list("pgh_obj", "confidence", "pgh_created_at", "pgh_context__metadata__user")
    )
    changes = _changes(rows, {stage.pk: stage for stage in stages})
    return Bases(stages, sorted(changes, key=attrgetter("at")))


def _changes(rows: Sequence[tuple[Any, ...]], stages: Mapping[int, Stage]) -> Iterator[BaseChange]:
    people = User.objects.in_bulk({user for *_, user in rows if user}) if rows else {}
    for (stage, before, *_), (same, after, at, user) in pairwise(rows):
        if stage == same and before != after:
            yield BaseChange(stages[stage], before, after, at, people.get(user))


def _before(until: datetime | None) -> Q:
    """That it was entered, or imported, before then."""
    if until is None:
        return Q()
    imported = Q(reconstructed=True, deal__imported_at__lt=until)
    return Q(reconstructed=False, entered_at__lt=until) | imported


def _moved(points: int) -> Least:
    moved = F("automatic_confidence") + Value(points)
    return Least(Greatest(moved, Value(LOWEST)), Value(HIGHEST), output_field=IntegerField())
