"""What calibration looks at: closed deals that are old enough, each once for every stage it entered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import ceil

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from leads.models import User
from leads.models.leads import Outcome
from leads.organisation import local_midnight, today
from leads.querysets import visible_leads
from pipeline.models import Deal, Pipeline, Stage, StageChange
from reports.cycles import took
from reports.percentiles import Percentile
from reports.periods import DAY
from reports.scope import Scope

USUAL = 0.9  # of the deals close within the cycle that decides who is old enough
CLOSED = (Outcome.WON, Outcome.LOST)


class Judged(StrEnum):
    """Which confidence is held against the outcome."""

    AUTOMATIC = "automatic"
    SHOWN = "shown"

    @property
    def label(self) -> str:
        return "automatic confidence" if self == Judged.AUTOMATIC else "confidence shown"

    @property
    def column(self) -> str:
        """Of a StageChange."""
        return "automatic_confidence" if self == Judged.AUTOMATIC else "confidence"


@dataclass(frozen=True)
class CalibrationQuery(Scope):
    """What is asked: a pipeline's deals that closed on these days, in one stage or in all."""

    pipeline: Pipeline
    start: date | None = None
    end: date | None = None
    judged: Judged = Judged.AUTOMATIC
    stage: Stage | None = None


@dataclass(frozen=True)
class Age:
    """How long 90 % of a pipeline's closed deals took, and the last day on which a deal may have entered.

    Of younger deals only the quick ones are closed, unlike the rest. None: nothing is closed.
    """

    pipeline: Pipeline
    cycle: timedelta | None

    @property
    def entered_by(self) -> date | None:
        if self.cycle is None:
            return None
        whole = ceil(round(self.cycle / DAY, 3))  # between two values there may be a stray microsecond
        return today() - whole * DAY

    def condition(self, prefix: str = "") -> Q:
        """That a row's deal is in the pipeline and old enough, which nobody knows without a closing day."""
        here = Q(**{f"{prefix}stage__pipeline": self.pipeline})
        if self.entered_by is None:
            return here
        entered = Q(**{f"{prefix}entered_at__lt": local_midnight(self.entered_by + DAY)})
        undated = ~Q(**{f"{prefix}lead__outcome": Outcome.OPEN}) & Q(**{f"{prefix}lead__closed_on": None})
        return here & (entered | undated)


def stages_for(user: User) -> list[Stage]:
    """Of all pipelines in order, first of those with deals that this user sees."""
    deals = Deal.objects.visible_to(user).entered().filter(stage__pipeline=OuterRef("pipeline"))
    stages = Stage.objects.current().select_related("pipeline")
    return list(stages.order_by(Exists(deals).desc(), "pipeline", "order"))


def ages(pipelines: Iterable[Pipeline]) -> list[Age]:
    """Measured over all closed deals of each, so that a deal is old enough for everybody or for nobody."""
    rows = list(pipelines)
    closed = Deal.objects.entered().filter(
        stage__pipeline__in=rows, lead__outcome__in=CLOSED, lead__closed_on__isnull=False
    )
    cycles = closed.values("stage__pipeline").annotate(cycle=Percentile(took(), USUAL))
    by_pipeline = dict(cycles.values_list("stage__pipeline", "cycle"))
    return [Age(pipeline, by_pipeline.get(pipeline.pk)) for pipeline in rows]


def in_scope(user: User, query: CalibrationQuery, prefix: str = "") -> Q:
    """That a row's deal entered its pipeline and is among those asked for, whatever its age."""
    condition = visible_leads(user, f"{prefix}lead__") & query.condition(prefix)
    return condition & Q(**{f"{prefix}entered_at__isnull": False})


def closed_in(query: CalibrationQuery, prefix: str = "") -> Q:
    """That a row's deal was closed in the period that is asked for."""
    condition, day = Q(), f"{prefix}lead__closed_on"
    if query.start:
        condition &= Q(**{f"{day}__gte": query.start})
    if query.end:
        condition &= Q(**{f"{day}__lte": query.end})
    return condition


def is_counted(query: CalibrationQuery, measured: Sequence[Age], prefix: str = "") -> Q:
    """That a row's deal was won or lost in the period and is old enough."""
    old_enough = Q(pk=None)
    for age in measured:
        old_enough |= age.condition(prefix)
    return Q(**{f"{prefix}lead__outcome__in": CLOSED}) & closed_in(query, prefix) & old_enough


def observations(user: User, query: CalibrationQuery, measured: Sequence[Age]) -> QuerySet[StageChange]:
    """The first entry of each counted deal into each stage; annotates `place`, the stage's number.

    A removed stage counts as the one that its deals went to.
    """
    entries = StageChange.objects.order_by().annotate(place=Coalesce("to_stage__successor", "to_stage"))
    before = Q(entered_at__lt=OuterRef("entered_at"))
    before |= Q(entered_at=OuterRef("entered_at"), pk__lt=OuterRef("pk"))
    earlier = entries.filter(before, deal=OuterRef("deal"), place=OuterRef("place"))
    counted = entries.filter(
        ~Exists(earlier),
        in_scope(user, query, "deal__"),
        is_counted(query, measured, "deal__"),
        to_stage__pipeline=F("deal__stage__pipeline"),
    )
    return counted.filter(place=query.stage.pk) if query.stage else counted
