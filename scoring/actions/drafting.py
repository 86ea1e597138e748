"""Drafts of scoring models: imported, edited, copied. A published version is never edited."""

from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from config.refusals import Refusal
from leads.actions import get_or_create_names
from leads.actions.audit import audited
from leads.models import ProductLine, User
from scoring.catalogue import read_catalogue
from scoring.definition import ModelSpec, read_definition, write_definition
from scoring.models import ModelStatus, ScoringModel
from scoring.rows import load_definition, store_definition

VERSIONS = 7_365_001  # of pg_advisory_xact_lock: numbering and publishing happen one at a time


class NotADraft(Refusal):
    """The version has been published, so it stays as it is."""


class ChangedMeanwhile(Refusal):
    """Somebody else has stored the draft since it was opened; `model` is what they stored."""

    def __init__(self, model: ScoringModel) -> None:
        self.model = model
        whose = model.changed_by or "Somebody"
        super().__init__(
            f"{whose} saved this draft after you opened it. Nothing of yours is lost, and nothing was stored."
        )


@audited
def import_model(document: object, *, by: User | None) -> ScoringModel:
    """A new draft from the JSON form; FaultyDefinition when there is something wrong with it.

    A product line that is not there yet is made, as everywhere where data names one.
    """
    return _draft(read_definition(document, read_catalogue()), by=by)


@audited
def change_draft(
    model: ScoringModel, document: object, *, by: User | None, revision: int | None = None
) -> ScoringModel:
    """Replace a draft's definition; FaultyDefinition when there is something wrong with the new one.

    With the `revision` that the change was made from, a draft that somebody else has stored since is
    refused: ChangedMeanwhile.
    """
    spec = read_definition(document, read_catalogue())
    model = _locked_draft(model)
    if revision not in (None, model.revision):
        raise ChangedMeanwhile(model)
    line = _product_line(spec)
    if model.product_line != line:
        model.product_line, model.version = line, _next_version(line)
    _fill(model, spec, by=by)
    return model


@audited
def add_rule(model: ScoringModel, group_name: str, rule: dict[str, Any], *, by: User | None) -> ScoringModel:
    """Append a rule, in its JSON form, to the first group of this name; without one, a group is made for it.

    A made group is of engagement if the rule has a signal, else of fit. A group whose maximum is below the
    rule's points gets these as its maximum.
    """
    model = _locked_draft(model)
    document = write_definition(load_definition(model))
    group = next((group for group in document["groups"] if group["name"] == group_name), None)
    if group is None:
        group = {
            "name": group_name,
            "kind": "engagement" if rule.get("signal") else "fit",
            "max": 0,
            "rules": [],
        }
        document["groups"].append(group)
    group["rules"].append(rule)
    group["max"] = max(group.get("max", 100), rule.get("points", 0))
    _fill(model, read_definition(document, read_catalogue()), by=by)
    return model


@audited
def copy_model(model: ScoringModel, *, by: User | None) -> ScoringModel:
    """A draft with the same definition, as the next version of its product line."""
    return _draft(load_definition(model), by=by)


def lock_versions() -> None:
    """Hold back everybody else who numbers or publishes versions, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [VERSIONS])


def _locked_draft(model: ScoringModel) -> ScoringModel:
    lock_versions()
    drafts = ScoringModel.objects.select_for_update(of=("self",)).select_related("product_line", "changed_by")
    model = drafts.get(pk=model.pk)
    if model.status != ModelStatus.DRAFT:
        raise NotADraft(f"{model} has been published. Copy it to change it.")
    return model


def _draft(spec: ModelSpec, *, by: User | None) -> ScoringModel:
    lock_versions()
    line = _product_line(spec)
    model = ScoringModel(product_line=line, version=_next_version(line), created_by=by)
    _fill(model, spec, by=by)
    return model


def _fill(model: ScoringModel, spec: ModelSpec, *, by: User | None) -> None:
    model.name = spec.name
    model.fit_grades, model.engagement_grades = list(spec.grades.fit), list(spec.grades.engagement)
    model.revision += 1
    model.changed_by, model.changed_at = by, timezone.now()
    model.save()
    store_definition(model, spec)


def _product_line(spec: ModelSpec) -> ProductLine | None:
    if spec.product_line is None:
        return None
    return get_or_create_names(ProductLine, [spec.product_line])[spec.product_line]


def _next_version(line: ProductLine | None) -> int:
    latest = ScoringModel.objects.filter(product_line=line).aggregate(latest=Max("version"))["latest"]
    return (latest or 0) + 1
