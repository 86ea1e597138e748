"""Scoring models: a workshop of own pages inside the admin, each thin over one verb or one question."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from leads.requests import whole_number
from scoring.admin import code, comparing, editor, listing, publishing, trying
from scoring.admin.suggesting import known_values_page
from scoring.admin.trials import trial_urls
from scoring.models import ModelStatus, ScoringModel, ScoringRun

Page = Callable[[HttpRequest, ScoringModel, dict[str, Any]], HttpResponse]


@admin.register(ScoringModel)
class ScoringModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rights as everywhere in the admin; the pages are the workshop's."""

    def has_delete_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        """Only drafts go; a version that was published is history."""
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.status == ModelStatus.DRAFT

    def get_urls(self) -> list[URLPattern]:
        """The steps of a version, its verbs, and the progress of its run."""
        own = [
            self.step("try", trying.try_lead, "view"),
            self.step("publish", publishing.publish, "publish"),
            self.step("restore", require_POST(publishing.restore), "publish"),
            self.step("copy", require_POST(listing.copy), "add"),
            self.step("compare", comparing.compare_versions, "view"),
            self.step("json", code.as_code, "view"),
            self.step("export", require_safe(code.export), "view"),
            path(
                "values/",
                self.admin_site.admin_view(require_safe(known_values_page)),
                name="scoring_scoringmodel_values",
            ),
            path(
                "runs/<int:pk>/", self.admin_site.admin_view(self.progress), name="scoring_scoringmodel_run"
            ),
        ]
        return own + trial_urls(self.admin_site) + super().get_urls()

    def step(self, name: str, page: Page, permission: str) -> URLPattern:
        """A page about one version, for who may do this with it; 404 for others, as for what is not there."""

        def found(request: HttpRequest, pk: int) -> HttpResponse:
            may = request.user.has_perm(f"scoring.{permission}_scoringmodel")
            models = ScoringModel.objects.select_related("product_line", "published_by", "changed_by")
            model = get_object_or_404(models if may else models.none(), pk=pk)
            return page(request, model, self.context(request))

        return path(
            f"<int:pk>/{name}/", self.admin_site.admin_view(found), name=f"scoring_scoringmodel_{name}"
        )

    def context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page of the workshop shows."""
        may = {
            f"may_{verb}": request.user.has_perm(f"scoring.{verb}_scoringmodel")
            for verb in ("add", "change", "publish", "delete")
        }
        return self.admin_site.each_context(request) | {"opts": self.opts} | may

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Every product line with its versions."""
        if not self.has_view_permission(request):
            raise Http404
        return listing.list_models(request, self.context(request))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A new draft: empty, from what is live, or from an exported file."""
        if not self.has_add_permission(request):
            raise Http404
        return listing.start_draft(request, self.context(request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The editor of a draft, or what a published version says."""
        models = ScoringModel.objects.select_related("product_line", "published_by", "changed_by")
        model = get_object_or_404(models, pk=whole_number(object_id) or 0)
        if not self.has_view_permission(request, model):
            raise Http404
        is_editable = model.status == ModelStatus.DRAFT and self.has_change_permission(request, model)
        page = editor.edit if is_editable else comparing.read_version
        return page(request, model, self.context(request))

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a run is; the page asks again until it has ended."""
        run = get_object_or_404(ScoringRun.objects.select_related("model"), pk=pk)
        return render(request, "admin/scoring/scoringmodel/run.html", {"run": run})
