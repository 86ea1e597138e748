"""The pipeline that a mapping names, and where the values of its file put a lead."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.core.validators import validate_slug

from leads.actions import get_or_create_names
from leads.imports.mapping_file import MappingFile
from leads.imports.toml_table import TomlTable
from leads.models import ProductLine
from leads.models.leads import Outcome
from pipeline.imports.fields import OPEN_STATUSES
from pipeline.models import LostReason, Pipeline, Stage

LIST_PRICE = "product.list_price"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead stands: stage by key, status, outcome (empty: not said), and why it was lost."""

    stage: str = ""
    status: str = ""
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PipelineDefinition:
    """A pipeline to be found by its key, or else made."""

    key: str
    name: str
    product_line: str
    stages: tuple[tuple[str, str, int], ...]
    """Key, name and base confidence of each, in order."""


@dataclass(frozen=True, slots=True)
class DealOptions:
    """What a mapping says about leads beyond their columns."""

    pipeline: PipelineDefinition | None = None
    places: Mapping[str, Place] = field(default_factory=dict)
    defaults_to_list_price: bool = False


def read_options(document: MappingFile) -> DealOptions:
    """Take pipeline and places out of a mapping, and note what is wrong with them."""
    pipeline = _read_pipeline(document.root.table("pipeline")) if "pipeline" in document.root else None
    places = _read_places(document.section.table("stages"), pipeline)
    default = document.section.text("value_default")
    if default not in ("", LIST_PRICE):
        document.section.fault("value_default", f"can only be {LIST_PRICE}.")
    return DealOptions(pipeline, places, default == LIST_PRICE)


def create_pipeline(definition: PipelineDefinition) -> list[str]:
    """Make product line and pipeline where they are missing; what is new."""
    if Pipeline.objects.filter(key=definition.key).exists():
        return []
    is_new_line = not ProductLine.objects.filter(name__iexact=definition.product_line).exists()
    line = get_or_create_names(ProductLine, [definition.product_line])[definition.product_line]
    is_default = not Pipeline.objects.filter(product_line=line, is_default=True).exists()
    pipeline = Pipeline.objects.create(
        key=definition.key, name=definition.name, product_line=line, is_default=is_default
    )
    Stage.objects.bulk_create(
        Stage(pipeline=pipeline, key=key, name=name, confidence=confidence, order=order)
        for order, (key, name, confidence) in enumerate(definition.stages, start=1)
    )
    created = [f"product line “{line.name}”"] if is_new_line else []
    stages = ", ".join(key for key, _, _ in definition.stages)
    return [*created, f"pipeline “{pipeline.name}”: {stages}"]


def _read_pipeline(table: TomlTable) -> PipelineDefinition:
    definition = PipelineDefinition(
        key=_key(table),
        name=table.text("name"),
        product_line=table.text("product_line"),
        stages=tuple(_read_stages(table)),
    )
    for name in ("name", "product_line"):
        if not getattr(definition, name):
            table.fault(name, "must be given.")
    table.close()
    _compare_with_stored(definition, table)
    return definition


def _read_stages(table: TomlTable) -> Iterator[tuple[str, str, int]]:
    stages = table.tables("stages")
    if not stages:
        table.fault("stages", "must name at least one stage, from the first to the last.")
    seen: set[str] = set()
    for stage in stages:
        key = _key(stage)
        if key in seen:
            stage.fault("key", f"“{key}” stands here twice.")
        seen.add(key)
        yield key, stage.text("name", key.replace("_", " ").capitalize()), stage.whole("confidence", 1, 99)
        stage.close()


def _key(table: TomlTable) -> str:
    key = table.text("key")
    if not key or len(key) > 60 or not validate_slug.regex.match(key):  # type: ignore[union-attr]
        table.fault("key", "must be a word of at most 60 letters, digits, hyphens and underscores.")
    return key


def _compare_with_stored(definition: PipelineDefinition, table: TomlTable) -> None:
    """A stored pipeline belongs to the admins: it is used as it is, or the mapping is at fault."""
    stored = Pipeline.objects.select_related("product_line").filter(key=definition.key).first()
    if stored is None:
        return
    line = stored.product_line.name if stored.product_line else ""
    if line.casefold() != definition.product_line.casefold():
        table.fault(
            "product_line", f"is “{definition.product_line}”, but the stored pipeline belongs to “{line}”."
        )
    keys = set(stored.stages.current().values_list("key", flat=True))
    missing = [key for key, _, _ in definition.stages if key not in keys]
    if missing:
        table.fault(
            "stages",
            f"has {', '.join(missing)}, which the stored pipeline has not; it has {', '.join(sorted(keys))}.",
        )


def _read_places(table: TomlTable, pipeline: PipelineDefinition | None) -> dict[str, Place]:
    keys = (
        {key for key, _, _ in pipeline.stages}
        if pipeline
        else set(Stage.objects.current().values_list("key", flat=True))
    )
    reasons = list(LostReason.objects.values_list("key", flat=True))
    return {value: _read_place(table, value, keys, reasons) for value in table.names()}


def _read_place(table: TomlTable, value: str, keys: set[str], reasons: list[str]) -> Place:
    """A place in its long form; a stage's key alone is short for `{ stage = … }`."""
    entry = table.take(value)
    place = TomlTable(
        entry if isinstance(entry, dict) else {"stage": entry}, table.path_of(value), table.faults
    )
    found = Place(
        stage=place.text("stage"),
        status=place.choice("status", ["", *OPEN_STATUSES], ""),
        outcome=place.choice("outcome", ["", *Outcome.values], ""),
        reason=place.text("reason"),
    )
    if found.stage and found.stage not in keys:
        place.fault("stage", f"is “{found.stage}”, which is none of {', '.join(sorted(keys))}.")
    if found.reason and found.outcome != Outcome.DISQUALIFIED and found.reason not in reasons:
        place.fault("reason", f"is “{found.reason}”, which is none of {', '.join(reasons)}.")
    place.close()
    return found
