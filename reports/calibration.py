"""Calibration: whether confidence on entering a stage matches how the deals ended, and better percentages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import BooleanField, Case, Count, DateField, F, Q, Value, When

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import organisation, today
from pipeline.models import Deal, Stage
from pipeline.querysets import DealQuerySet
from reports.bases import BaseChange, Bases, bases_of
from reports.calibration_parts import Slice, pipelines_beside, sliced
from reports.dimensions import Dimension, key_of
from reports.observations import (
    CLOSED,
    Age,
    CalibrationQuery,
    ages,
    closed_in,
    in_scope,
    is_counted,
    observations,
)
from reports.percentiles import Percentile
from reports.reliability import Reliability, gather, propose, shifted

OLDER = 0.7  # of the deals, on which the time split proposes; the others judge it


class Shown(StrEnum):
    """Which deals a list shows: those that stand in the figures, or those that are left out."""

    COUNTED = "counted"
    WON = "won"
    LOST = "lost"
    YOUNG = "young"
    DISQUALIFIED = "disqualified"
    OPEN = "open"
    UNDATED = "undated"


@dataclass(frozen=True)
class Cell:
    """Entries into a stage that are alike; `is_newer` is None where nobody knows the closing day."""

    stage: int
    is_newer: bool | None
    part: str  # the key of the rep, team…
    percent: int
    automatic: int  # on entering, with the stage's base of now
    entries: int
    won: int


@dataclass(frozen=True)
class LeftOut:
    """Deals in no figure; `open` are those old enough, `undated` those closed nobody knows when."""

    young: int
    disqualified: int
    open: int
    undated: int


@dataclass(frozen=True)
class Verdict:
    """The Brier scores of newer entries by today's base, and by one proposed from the older ones alone."""

    entries: int
    proposed: int | None
    now: float
    then: float

    @property
    def change(self) -> float:
        """Below 0 where the proposal foretold better."""
        return self.then - self.now


@dataclass(frozen=True)
class StageCalibration:
    """How the deals that entered a stage ended: judged as asked, proposed from the automatic confidence."""

    stage: Stage
    judged: Reliability
    automatic: Reliability  # with the base of now
    older: Reliability
    newer: Reliability

    @property
    def proposed(self) -> int | None:
        """The base that history suggests; None under 20 closed deals."""
        return propose(self.stage.confidence, self.automatic)

    @property
    def as_shown(self) -> str:
        """What the form that adopts the proposal sends."""
        return f"{self.stage.key}:{self.stage.confidence}:{self.proposed}"

    @property
    def is_to_change(self) -> bool:
        return self.proposed is not None and self.proposed != self.stage.confidence

    @property
    def verdict(self) -> Verdict | None:
        """None without newer entries."""
        now = self.newer.brier
        if now is None:
            return None
        proposed = propose(self.stage.confidence, self.older)
        points = 0 if proposed is None else proposed - self.stage.confidence
        then = shifted(self.newer, points).brier
        return Verdict(self.newer.entries, proposed, now, now if then is None else then)


@dataclass(frozen=True)
class CalibratedStages:
    """The stages alone, in order."""

    stages: list[StageCalibration]


@dataclass(frozen=True)
class Calibration(CalibratedStages):
    """`total` and `stages` count entries, one for each deal and stage; `deals` counts deals."""

    query: CalibrationQuery
    age: Age
    deals: int
    won: int
    left_out: LeftOut
    total: Reliability
    dimension: Dimension
    slices: list[Slice]
    split_on: date | None  # the last closing day of the older deals
    changes: list[BaseChange]

    @property
    def lost(self) -> int:
        return self.deals - self.won

    @property
    def latest_changes(self) -> list[BaseChange]:
        """The ten newest changes of a base, newest first."""
        return self.changes[:-11:-1]

    @property
    def proposals(self) -> list[StageCalibration]:
        """The stages whose base history would change."""
        return [row for row in self.stages if row.is_to_change]

    @property
    def verdict(self) -> Verdict | None:
        """Of all stages together; None without newer entries."""
        found = [row.verdict for row in self.stages if row.verdict]
        entries = sum(one.entries for one in found)
        if not entries:
            return None
        now, then = (sum(one.entries * getattr(one, name) for one in found) for name in ("now", "then"))
        return Verdict(entries, None, now / entries, then / entries)


def calibration(user: User, query: CalibrationQuery, dimension: Dimension = Dimension.OWNER) -> Calibration:
    """The figures of the deals that this user sees, and the same entries by rep or as `dimension` says."""
    bases = bases_of(query.pipeline)
    measured = ages([query.pipeline])
    told = _deals(user, query, measured)
    cells = _cells(user, query, measured, _kinds(query, dimension, bases, told["split_on"]))
    looked_at = [cell for cell in cells if query.stage is None or cell.stage == query.stage.pk]
    total = _judged(looked_at)
    is_beside = dimension == Dimension.PIPELINE  # what stands in other pipelines is in no cell
    return Calibration(
        query=query,
        age=measured[0],
        deals=total.entries if query.stage else told["deals"],
        won=total.won if query.stage else told["won"],
        left_out=LeftOut(**{name: told[name] for name in LeftOut.__dataclass_fields__}),
        stages=[_stage(stage, cells) for stage in bases.current],
        total=total,
        dimension=dimension,
        slices=pipelines_beside(user, query) if is_beside else _slices(dimension, looked_at),
        split_on=told["split_on"],
        changes=bases.changes,
    )


def calibrated_stages(user: User, query: CalibrationQuery) -> CalibratedStages:
    """The same stages without what is left out, the split in time and the parts: four statements."""
    bases = bases_of(query.pipeline)
    alike = _kinds(query, Dimension.OWNER, bases, None) | {"part": Value("")}
    cells = _cells(user, query, ages([query.pipeline]), alike)
    return CalibratedStages([_stage(stage, cells) for stage in bases.current])


def left_out(query: CalibrationQuery, measured: Sequence[Age]) -> dict[str, Q]:
    """By name, the conditions of deals that entered the pipeline and stand in no figure."""
    here, old_enough = Q(stage__pipeline=query.pipeline), measured[0].condition()
    closed = here & Q(lead__outcome__in=CLOSED)
    return {
        "young": closed & closed_in(query) & ~old_enough,
        "disqualified": here & Q(lead__outcome=Outcome.DISQUALIFIED) & closed_in(query),
        "open": Q(lead__outcome=Outcome.OPEN) & old_enough,
        "undated": closed & Q(lead__closed_on=None) if query.start or query.end else Q(pk=None),
    }


def shown_deals(
    user: User, query: CalibrationQuery, measured: Sequence[Age], shown: Shown, percent: int | None = None
) -> DealQuerySet:
    """The deals behind one number; those that count may be asked for by their percentage on entering."""
    deals = Deal.objects.filter(in_scope(user, query)).with_money(organisation().currency, today())
    if shown in LeftOut.__dataclass_fields__:
        return deals.filter(left_out(query, measured)[shown])
    deals = deals.filter(is_counted(query, measured))
    if query.stage or percent is not None:
        entries = observations(user, query, measured)
        alike = entries if percent is None else entries.filter(**{query.judged.column: percent})
        deals = deals.filter(pk__in=alike.values("deal"))
    return deals if shown == Shown.COUNTED else deals.filter(lead__outcome=Outcome(shown))


def _deals(user: User, query: CalibrationQuery, measured: Sequence[Age]) -> dict[str, Any]:
    """How many deals count, how many are left out, and the day that splits those that count."""
    counted, apart = is_counted(query, measured), left_out(query, measured)
    last_day = Percentile(
        "lead__closed_on", OLDER, function="PERCENTILE_DISC", filter=counted, output_field=DateField()
    )
    return Deal.objects.filter(in_scope(user, query)).aggregate(
        deals=Count("pk", filter=counted),
        won=Count("pk", filter=counted & Q(lead__outcome=Outcome.WON)),
        split_on=last_day,
        **{name: Count("pk", filter=condition) for name, condition in apart.items()},
    )


def _kinds(
    query: CalibrationQuery, dimension: Dimension, bases: Bases, split_on: date | None
) -> dict[str, Any]:
    """What makes entries alike."""
    newer = [
        When(deal__lead__closed_on__gt=split_on, then=Value(True)),
        When(deal__lead__closed_on__lte=split_on, then=Value(False)),
    ]
    return {
        "stage": F("place"),
        "percent": F(query.judged.column),
        "automatic": bases.automatic_now(),
        "is_newer": Case(*newer if split_on else (), output_field=BooleanField()),
        "part": key_of(dimension, "deal__"),
    }


def _cells(user: User, query: CalibrationQuery, measured: Sequence[Age], kinds: dict[str, Any]) -> list[Cell]:
    """All stages, also when the query names one: the page shows the others beside it."""
    entries = observations(user, replace(query, stage=None), measured)
    won = Count("pk", filter=Q(deal__lead__outcome=Outcome.WON))
    alike: Any = entries.values(**kinds).annotate(entries=Count("pk"), won=won)
    return [Cell(**row) for row in alike]


def _stage(stage: Stage, cells: Iterable[Cell]) -> StageCalibration:
    own = [cell for cell in cells if cell.stage == stage.pk]
    return StageCalibration(
        stage=stage,
        judged=_judged(own),
        automatic=_automatic(own),
        older=_automatic(cell for cell in own if cell.is_newer is False),
        newer=_automatic(cell for cell in own if cell.is_newer),
    )


def _slices(dimension: Dimension, cells: Iterable[Cell]) -> list[Slice]:
    return sliced(dimension, ((cell.part, cell.percent, cell.entries, cell.won) for cell in cells))


def _judged(cells: Iterable[Cell]) -> Reliability:
    return gather((cell.percent, cell.entries, cell.won) for cell in cells)


def _automatic(cells: Iterable[Cell]) -> Reliability:
    return gather((cell.automatic, cell.entries, cell.won) for cell in cells)
