"""Versions to look at: what one says, and two line by line."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from leads.requests import whole_number
from scoring.admin.editor import document_of, live_beside
from scoring.catalogue import read_catalogue
from scoring.comments import comments_on
from scoring.models import ScoringModel
from scoring.rows import load_definition
from scoring.summary import summarise
from scoring.workshop.comparing import compare


def read_version(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """What a published version says, how its run went, and what can be done with it."""
    shown = {
        "model": model,
        "step": "edit",
        "title": model.name,
        "summary": summarise(load_definition(model), read_catalogue(), comments_on(model)),
        "thresholds": model.thresholds.select_related("band"),
        "run": model.runs.select_related("model").order_by("-id").first(),
    }
    return render(request, "admin/scoring/scoringmodel/version.html", context | shown)


def compare_versions(request: HttpRequest, model: ScoringModel, context: dict[str, Any]) -> HttpResponse:
    """This version on the right, another on the left: the one asked for, else the live one."""
    others = ScoringModel.objects.select_related("product_line").exclude(pk=model.pk)
    wanted = whole_number(request.GET.get("with", ""))
    live = live_beside(model)
    other = others.filter(pk=wanted).first() if wanted else live if live and live.pk != model.pk else None
    other = other or others.filter(product_line=model.product_line).order_by("-version").first()
    sections = compare(document_of(other), document_of(model), read_catalogue()) if other else []
    shown = {
        "model": model,
        "step": "compare",
        "title": f"Compare {model.name}",
        "other": other,
        "others": others.order_by("product_line__name", "-version"),
        "sections": sections,
        "changes": sum(len(section.changes) for section in sections),
        "is_whole": request.GET.get("lines") == "all",
    }
    return render(request, "admin/scoring/scoringmodel/compare.html", context | shown)
