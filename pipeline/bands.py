"""The bands, and where the live scoring models let each begin; read in one query."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from scoring.models import Band, BandThreshold, ScoringModel

LANES = {"personal": "personal attention", "automated": "automated nurturing", "none": "nothing to do"}


@dataclass(frozen=True, slots=True)
class Step:
    """A band with its beginnings by scoring model; `sign` is the look's name of its colour."""

    pk: int
    key: str
    name: str
    sign: str
    lane: str
    enters: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BandStart:
    """Where a band begins in one model."""

    name: str
    sign: str
    enter: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """All bands, the best first."""

    steps: tuple[Step, ...]

    def notches(self, model_id: int | None) -> tuple[int, ...]:
        """Where the bands of a model begin; of any live model when this one is not live."""
        known = [step.enters.get(model_id or 0, next(iter(step.enters.values()), 0)) for step in self.steps]
        return tuple(enter for enter in known if enter)

    def spans(self) -> dict[int, str]:
        """“70 and above”, “40–69”, “below 10” by band; not where two models differ."""
        begins = [step.enters and set(step.enters.values()) for step in self.steps]
        same = [next(iter(enters)) if enters and len(enters) == 1 else None for enters in begins]
        return {
            step.pk: _span(enter, ceiling)
            for step, enter, ceiling in zip(self.steps, same, [101, *same], strict=False)
            if enter is not None and ceiling is not None
        }


def live_ladder() -> Ladder:
    live = BandThreshold.objects.filter(band=OuterRef("pk"), model__in=ScoringModel.objects.active())
    enters = ArraySubquery(live.order_by("model").values(pair=JSONObject(model="model", enter="enter")))
    bands = Band.objects.order_by("order").annotate(enters=enters)
    return Ladder(
        tuple(
            Step(
                band.pk,
                band.key,
                band.name,
                band.colour,
                band.lane,
                {pair["model"]: pair["enter"] for pair in band.enters},
            )
            for band in bands
        )
    )


def _span(enter: int, ceiling: int) -> str:
    if ceiling > 100:
        return f"{enter} and above"
    return f"below {ceiling}" if enter == 0 else f"{enter}–{ceiling - 1}"
