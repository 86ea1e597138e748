"""Drafts of scoring models: imported, edited, copied. A published version is never edited."""

from django.db import connection
from django.db.models import Max

from config.refusals import Refusal
from leads.actions import get_or_create_names
from leads.actions.audit import audited
from leads.models import ProductLine, User
from scoring.catalogue import read_catalogue
from scoring.definition import ModelSpec, read_definition
from scoring.models import ModelStatus, ScoringModel
from scoring.rows import load_definition, store_definition

VERSIONS = 7_365_001  # of pg_advisory_xact_lock: numbering and publishing happen one at a time


class NotADraft(Refusal):
    """The version has been published, so it stays as it is."""


@audited
def import_model(document: object, *, by: User | None) -> ScoringModel:
    """A new draft from the JSON form; FaultyDefinition when there is something wrong with it.

    A product line that is not there yet is made, as everywhere where data names one.
    """
    return _draft(read_definition(document, read_catalogue()), by=by)


@audited
def change_draft(model: ScoringModel, document: object, *, by: User | None) -> ScoringModel:
    """Replace a draft's definition; FaultyDefinition when there is something wrong with the new one."""
    spec = read_definition(document, read_catalogue())
    lock_versions()
    model = ScoringModel.objects.select_for_update(of=("self",)).get(pk=model.pk)
    if model.status != ModelStatus.DRAFT:
        raise NotADraft(f"{model} has been published. Copy it to change it.")
    line = _product_line(spec)
    if model.product_line != line:
        model.product_line, model.version = line, _next_version(line)
    _fill(model, spec)
    return model


@audited
def copy_model(model: ScoringModel, *, by: User | None) -> ScoringModel:
    """A draft with the same definition, as the next version of its product line."""
    return _draft(load_definition(model), by=by)


def lock_versions() -> None:
    """Hold back everybody else who numbers or publishes versions, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERSIONS])


def _draft(spec: ModelSpec, *, by: User | None) -> ScoringModel:
    lock_versions()
    line = _product_line(spec)
    model = ScoringModel(product_line=line, version=_next_version(line), created_by=by)
    _fill(model, spec)
    return model


def _fill(model: ScoringModel, spec: ModelSpec) -> None:
    model.name = spec.name
    model.fit_grades, model.engagement_grades = list(spec.grades.fit), list(spec.grades.engagement)
    model.save()
    store_definition(model, spec)


def _product_line(spec: ModelSpec) -> ProductLine | None:
    if spec.product_line is None:
        return None
    return get_or_create_names(ProductLine, [spec.product_line])[spec.product_line]


def _next_version(line: ProductLine | None) -> int:
    latest = ScoringModel.objects.filter(product_line=line).aggregate(latest=Max("version"))["latest"]
    return (latest or 0) + 1
