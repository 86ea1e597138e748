"""A version goes live: the one before it retires, and every lead that it concerns is scored anew."""

from datetime import datetime

from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.models import User
from scoring.actions.drafting import copy_model, lock_versions
from scoring.catalogue import read_catalogue
from scoring.definition import read_definition, write_definition
from scoring.models import ModelStatus, RunKind, ScoringModel, ScoringRun
from scoring.rows import load_definition
from scoring.runs import start_run


class AlreadyPublished(Refusal):
    """The version is live already, or was."""


class ChangedSince(Refusal):
    """The draft is not what was looked at any more."""


@audited
def publish_model(
    model: ScoringModel,
    *,
    by: User | None,
    silent: bool = True,
    note: str = "",
    at: datetime | None = None,
    revision: int | None = None,
) -> ScoringRun:
    """Put a draft live and start scoring with it; of two at once, one is refused.

    What the draft names is checked once more, for a custom field may have gone: FaultyDefinition. Silent:
    leads that were there before cross no bands and qualify by nothing because of it. `at` dates the history.
    With the `revision` that was looked at, a draft that was stored since is refused: ChangedSince.
    """
    lock_versions()
    model = (
        ScoringModel.objects.select_for_update(of=("self",))
        .select_related("product_line", "changed_by")
        .get(pk=model.pk)
    )
    _check(model)
    if revision not in (None, model.revision):
        whose = model.changed_by or "Somebody"
        raise ChangedSince(f"Not published: {whose} changed this draft while you looked at it. Look again.")
    moment = at or timezone.now()
    live = ScoringModel.objects.active().filter(product_line=model.product_line)
    live.update(status=ModelStatus.RETIRED, active_to=moment)
    model.status, model.active_from = ModelStatus.ACTIVE, moment
    model.published_by, model.note = by, note or model.note
    model.save()
    return start_run(RunKind.PUBLISH, model=model, silent=silent, by=by)


@audited
def restore_model(model: ScoringModel, *, by: User | None, silent: bool = True, note: str = "") -> ScoringRun:
    """Publish a copy of an earlier version; the earlier one stays in history as it was."""
    return publish_model(copy_model(model, by=by), by=by, silent=silent, note=note or f"Restores {model}.")


def _check(model: ScoringModel) -> None:
    if model.status == ModelStatus.ACTIVE:
        raise AlreadyPublished(f"{model} is live already.")
    if model.status == ModelStatus.RETIRED:
        raise AlreadyPublished(f"{model} was live before. Restore it to publish a copy.")
    read_definition(write_definition(load_definition(model)), read_catalogue())
