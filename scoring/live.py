"""The published models, which leads each one scores, and their compiled statements."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from config.prepared import Prepared
from scoring.catalogue import read_catalogue
from scoring.compiler.parts import Statement, assemble
from scoring.compiler.plan import Plan
from scoring.compiler.statement import score_parts
from scoring.compiler.storing import Version, storing_parts
from scoring.compiler.storing_sql import FINAL
from scoring.models import RunKind, ScoringModel, ScoringRun
from scoring.rows import load_definition


@dataclass(frozen=True, slots=True)
class LiveModel:
    """An active version; `is_silent` is the choice of whoever published it."""

    pk: int
    product_line_id: int | None
    active_from: datetime
    is_silent: bool


def live_models() -> dict[int | None, LiveModel]:
    """The active version of each product line, and under None the default."""
    publishing = ScoringRun.objects.filter(kind=RunKind.PUBLISH, model=OuterRef("pk")).order_by("-id")
    active = ScoringModel.objects.active().annotate(
        is_silent=Coalesce(Subquery(publishing.values("silent")[:1]), Value(True))
    )
    rows = active.order_by().values_list("pk", "product_line_id", "active_from", "is_silent")
    return {
        line_id: LiveModel(pk, line_id, active_from, silent)
        for pk, line_id, active_from, silent in rows
        if active_from
    }


def by_model(
    lines: Mapping[int, int | None], models: Mapping[int | None, LiveModel]
) -> dict[LiveModel, list[int]]:
    """Lead ids by the model that scores them: their product line's, else the default."""
    governed: dict[LiveModel, list[int]] = {}
    for lead_id, line_id in lines.items():
        model = models.get(line_id) or models.get(None)
        if model:
            governed.setdefault(model, []).append(lead_id)
    return governed


@lru_cache(maxsize=64)
def storing_statement(live: LiveModel) -> Statement:
    """The statement that scores leads and stores what changed; a version is compiled once, for it stays."""
    model = ScoringModel.objects.select_related("product_line").get(pk=live.pk)
    plan = plan_of(model)
    version = version_of(model, is_silent=live.is_silent)
    return assemble([*score_parts(plan), *storing_parts(plan, version)], FINAL)


@lru_cache(maxsize=64)
def prepared_storing(live: LiveModel) -> Prepared:
    """The same, kept by PostgreSQL, for the few leads of a moment."""
    return storing_statement(live).prepared()


def version_of(model: ScoringModel, *, is_silent: bool = True) -> Version:
    """What a published model's scores are stored under."""
    assert model.active_from  # only a published version stores scores
    return Version(model.pk, model.active_from, is_silent, thresholds_of(model))


def thresholds_of(model: ScoringModel) -> tuple[tuple[int, int, int], ...]:
    """Band id, enter and leave, the best band first."""
    return tuple(model.thresholds.order_by("-enter").values_list("band", "enter", "leave"))


def live_version(product_line_id: int | None) -> ScoringModel | None:
    """The version that scores the leads of a product line: its own, else the default."""
    active = ScoringModel.objects.active().select_related("product_line")
    own = active.filter(product_line=product_line_id).first() if product_line_id else None
    return own or active.filter(product_line=None).first()


def plan_of(model: ScoringModel) -> Plan:
    """The model laid out for compiling."""
    return Plan(load_definition(model), read_catalogue())


def qualification_names(model_id: int) -> list[str]:
    """The names of a model's auto-qualifications, in their order."""
    model = ScoringModel(pk=model_id)
    return list(model.auto_qualifications.order_by("order").values_list("name", flat=True))
