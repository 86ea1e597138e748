"""The addresses below a version where it is tried, and what their pages have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from config.http import wants_fragment
from scoring.admin import backtests, simulations, suggestions
from scoring.models import RunStatus, ScoringModel, Trial

Answer = HttpResponse | StreamingHttpResponse
Page = Callable[[HttpRequest, ScoringModel, dict[str, Any]], Answer]
PAGES: dict[str, tuple[str, Page]] = {
    "simulate": ("simulate/", simulations.simulate),
    "simulate_csv": ("simulate/leads.csv", require_safe(simulations.moves_csv)),
    "backtest": ("backtest/", backtests.backtest),
    "backtest_csv": ("backtest/leads.csv", require_safe(backtests.leads_csv)),
    "suggestions": ("suggestions/", require_safe(suggestions.suggestions)),
    "learn": ("suggestions/learn/", require_POST(suggestions.learn)),
    "suggested_rule": ("suggestions/rule/", require_POST(suggestions.take_rule)),
    "ideal": ("suggestions/ideal/", suggestions.ideal),
}


def trial_urls(site: AdminSite) -> list[URLPattern]:
    """The pages on which a version is tried, and the progress of a trial."""
    pages = [
        path(
            f"<int:pk>/{address}",
            site.admin_view(_about_version(site, page)),
            name=f"scoring_scoringmodel_{name}",
        )
        for name, (address, page) in PAGES.items()
    ]
    watching = path(
        "trials/<int:pk>/", site.admin_view(require_safe(progress)), name="scoring_scoringmodel_trial"
    )
    return [*pages, watching]


def _about_version(site: AdminSite, page: Page) -> Callable[..., Answer]:
    """The page for who may change models; 404 for others, as for what is not there."""

    def shown(request: HttpRequest, pk: int) -> Answer:
        may = request.user.has_perm("scoring.change_scoringmodel")
        models = ScoringModel.objects.select_related("product_line")
        model = get_object_or_404(models if may else models.none(), pk=pk)
        return page(request, model, site.each_context(request) | {"model": model})

    return shown


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a trial is; the page asks again until it has ended, and is then shown anew."""
    may = request.user.has_perm("scoring.change_scoringmodel")
    trial = get_object_or_404(Trial.objects.all() if may else Trial.objects.none(), pk=pk)
    if trial.status != RunStatus.RUNNING and wants_fragment(request):
        return HttpResponseClientRefresh()
    return render(request, "admin/scoring/scoringmodel/trial.html", {"trial": trial})
