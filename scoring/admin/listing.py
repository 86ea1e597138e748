"""All models by product line with their versions, and how a new draft begins."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leads.models import ProductLine
from leads.requests import signed_in
from scoring.actions import copy_model, import_model
from scoring.admin.code import DefinitionForm
from scoring.admin.publishing import to_version
from scoring.models import ScoringModel


def list_models(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The versions of every product line, the newest first, with who published what when and why."""
    models = (
        ScoringModel.objects.select_related("product_line", "published_by", "changed_by", "created_by")
        .annotate(rule_count=Count("groups__rules"))
        .order_by("product_line__name", "-version")
    )
    lines = [
        (line, list(versions)) for line, versions in groupby(models, key=lambda model: model.product_line)
    ]
    lines.sort(key=lambda pair: (pair[0] is not None, pair[0].name if pair[0] else ""))
    shown = {"title": "Scoring models", "lines": lines}
    return render(request, "admin/scoring/scoringmodel/list.html", context | shown)


def start_draft(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A draft from an export, from a version, or with nothing in it but a name."""
    form = DefinitionForm(request.POST or None, request.FILES or None)
    status = 200
    if request.method == "POST":
        document = _beginning(request) if "begin" in request.POST else None
        if document or form.is_valid():
            model = import_model(document or form.cleaned_data["definition"], by=signed_in(request))
            messages.success(request, "A new draft. Nothing that is live has changed.")
            return to_version(model.pk)
        status = 422
    shown = {
        "title": "New draft",
        "form": form,
        "lines": ProductLine.objects.order_by("name"),
        "models": ScoringModel.objects.select_related("product_line").order_by(
            "product_line__name", "-version"
        ),
    }
    return render(request, "admin/scoring/scoringmodel/start.html", context | shown, status=status)


def copy(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """A draft to change, with the same definition."""
    return to_version(copy_model(model, by=signed_in(request)).pk)


def _beginning(request: HttpRequest) -> dict[str, Any]:
    """A model of no groups yet."""
    line = request.POST.get("product_line", "").strip()[:120]
    name = request.POST.get("name", "").strip()[:120] or f"Model of {line or 'all others'}"[:120]
    return {"name": name, "product_line": line or None, "groups": []}
