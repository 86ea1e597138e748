"""The last step of a draft: what changes, a note, the choice about crossings; and restoring what was live."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from config.refusals import Refusal
from leads.requests import signed_in, whole_number
from scoring.actions import publish_model, restore_model
from scoring.admin.editor import document_of, faults_of, live_beside
from scoring.catalogue import read_catalogue
from scoring.definition import FaultyDefinition
from scoring.models import ModelStatus, RunStatus, ScoringModel
from scoring.workshop.comparing import compare


def publish(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Ask for note and choice; put the draft live."""
    if request.method == "POST":
        seen = whole_number(request.POST.get("revision", ""))
        return _go_live(request, model, partial(publish_model, revision=seen))
    if model.status != ModelStatus.DRAFT:
        return to_version(model.pk)
    catalogue, live, document = read_catalogue(), live_beside(model), document_of(model)
    shown = {
        "model": model,
        "step": "publish",
        "title": f"Publish {model.name}",
        "live": live,
        "sections": [
            section
            for section in (compare(document_of(live), document, catalogue) if live else [])
            if section.changes
        ],
        "faults": faults_of(document, catalogue),
    }
    return render(request, "admin/scoring/scoringmodel/publish.html", context | shown)


def restore(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """Put a copy of an earlier version live."""
    return _go_live(request, model, restore_model)


def to_version(pk: int) -> HttpResponse:
    """The page of a version."""
    return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_change", args=[pk]))


def _go_live(request: HttpRequest, model: ScoringModel, verb: Any) -> HttpResponse:
    note, silent = request.POST.get("note", "").strip(), request.POST.get("crossings") != "fire"
    try:
        run = verb(model, by=signed_in(request), note=note, silent=silent)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    except FaultyDefinition as faulty:
        messages.error(request, f"Not published: {'; '.join(map(str, faulty.faults))}")
    else:
        scored = "The leads are scored." if run.status == RunStatus.DONE else "The leads are being scored."
        messages.success(request, f"{run.model} is live. {scored}")
        return to_version(run.model_id)
    return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_publish", args=[model.pk]))
