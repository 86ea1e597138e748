"""How leads are scored, in words, for everybody who works with scores."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.organisation import organisation
from leads.requests import whole_number
from scoring.catalogue import read_catalogue
from scoring.models import ScoringModel
from scoring.rows import load_definition
from scoring.summary import GroupWords, Summary, summarise


@dataclass(frozen=True, slots=True)
class Half:
    """Fit or engagement of a model in words; `best` is the most that it can give."""

    name: str
    kind: str
    best: str
    groups: list[GroupWords]


@require_safe
def how_scored(request: HttpRequest) -> HttpResponse:
    """One live model in words, with links to the others."""
    models = list(ScoringModel.objects.active().select_related("product_line", "published_by"))
    wanted = whole_number(request.GET.get("model", ""))
    model = next((model for model in models if model.pk == wanted), None) or _default(models)
    context = {"models": models, "model": model, "display": organisation().get_score_display_display()}
    return render_page(request, "scoring/how.html", context | (_in_words(model) if model else {}))


def _default(models: list[ScoringModel]) -> ScoringModel | None:
    return next((model for model in models if model.product_line is None), next(iter(models), None))


def _in_words(model: ScoringModel) -> dict[str, object]:
    summary = summarise(load_definition(model), read_catalogue())
    bands = model.thresholds.select_related("band").order_by("-enter")
    return {"halves": _halves(summary), "summary": summary, "bands": list(bands)}


def _halves(summary: Summary) -> list[Half]:
    def groups(kind: str) -> list[GroupWords]:
        return [group for group in summary.groups if group.kind == kind]

    return [
        Half("Fit", "fit", summary.best_fit, groups("fit")),
        Half("Engagement", "engagement", summary.best_engagement, groups("engagement")),
    ]
