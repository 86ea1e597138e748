"""Scoring models: drafted as JSON, read in words, published with progress, copied, restored."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from config.refusals import Refusal
from leads.requests import signed_in
from scoring.actions import change_draft, copy_model, import_model, publish_model, restore_model
from scoring.admin.forms import DefinitionForm, definition_text
from scoring.catalogue import read_catalogue
from scoring.definition import FaultyDefinition
from scoring.models import ModelStatus, ScoringModel, ScoringRun
from scoring.rows import load_definition
from scoring.summary import summarise


@admin.register(ScoringModel)
class ScoringModelAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = DefinitionForm
    fields = ("definition",)
    list_display = ("name", "line", "version", "status", "active_from", "active_to", "published_by")
    list_filter = ("status", "product_line")
    list_select_related = ("product_line", "published_by")
    change_form_template = "admin/scoring/scoringmodel/change_form.html"

    @admin.display(description="Product line", ordering="product_line__name")
    def line(self, model: ScoringModel) -> str:
        return model.product_line.name if model.product_line else "All others"

    def save_model(self, request: HttpRequest, obj: ScoringModel, form: Any, change: bool) -> None:
        """Store the definition by its verb; only drafts get here."""
        document, by = form.cleaned_data["definition"], signed_in(request)
        stored = change_draft(obj, document, by=by) if change else import_model(document, by=by)
        obj.__dict__.update(stored.__dict__)

    def get_fields(self, request: HttpRequest, obj: ScoringModel | None = None) -> tuple[str, ...]:
        """A version that was published shows its JSON below, without a field."""
        return () if obj and obj.status != ModelStatus.DRAFT else self.fields

    def has_change_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        """A version that was published stays as it is."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.status == ModelStatus.DRAFT)

    def has_delete_permission(self, request: HttpRequest, obj: ScoringModel | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and obj is not None and obj.status == ModelStatus.DRAFT

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        """Beside the JSON: what it says in words, what is wrong with it, and what can be done with it."""
        model = context.get("original")
        if model is not None:
            context |= self.shown(request, model)
        form = context["adminform"].form
        context["faults"] = getattr(form, "faults", [])
        return super().render_change_form(request, context, *args, **kwargs)

    def shown(self, request: HttpRequest, model: ScoringModel) -> dict[str, Any]:
        """What the page of one version shows."""
        return {
            "summary": summarise(load_definition(model), read_catalogue()),
            "thresholds": model.thresholds.select_related("band"),
            "definition_text": definition_text(model),
            "run": model.runs.order_by("-id").first(),
            "may_publish": request.user.has_perm("scoring.publish_scoringmodel"),
        }

    def get_urls(self) -> list[URLPattern]:
        """The verbs of a version, and the progress of its run."""
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/publish/", wrap(self.publish), name="scoring_scoringmodel_publish"),
            path("<int:pk>/restore/", wrap(self.restore), name="scoring_scoringmodel_restore"),
            path("<int:pk>/copy/", wrap(self.copy), name="scoring_scoringmodel_copy"),
            path("runs/<int:pk>/", wrap(self.progress), name="scoring_scoringmodel_run"),
        ]
        return own + super().get_urls()

    @method_decorator(require_POST)
    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a draft live, silently or with crossings."""
        return self.go_live(request, pk, publish_model)

    @method_decorator(require_POST)
    def restore(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put a copy of an earlier version live."""
        return self.go_live(request, pk, restore_model)

    def go_live(self, request: HttpRequest, pk: int, verb: Any) -> HttpResponse:
        """Call the verb and show the version that is live now."""
        model = self.found(request, pk, "publish")
        note, silent = request.POST.get("note", "").strip(), request.POST.get("crossings") != "fire"
        try:
            run = verb(model, by=signed_in(request), note=note, silent=silent)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        except FaultyDefinition as faulty:
            messages.error(request, f"Not published: {'; '.join(map(str, faulty.faults))}")
        else:
            messages.success(request, f"{run.model} is live. The leads are being scored.")
            pk = run.model_id
        return to_version(pk)

    @method_decorator(require_POST)
    def copy(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A draft to change, with the same definition."""
        draft = copy_model(self.found(request, pk, "add"), by=signed_in(request))
        return to_version(draft.pk)

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a run is; the page asks again until it has ended."""
        run = get_object_or_404(ScoringRun.objects.select_related("model"), pk=pk)
        return render(request, "admin/scoring/scoringmodel/run.html", {"run": run})

    def found(self, request: HttpRequest, pk: int, permission: str) -> ScoringModel:
        """The version, for who may do this with it; 404 for others, as for what is not there."""
        may = request.user.has_perm(f"scoring.{permission}_scoringmodel")
        return get_object_or_404(ScoringModel.objects.all() if may else ScoringModel.objects.none(), pk=pk)


def to_version(pk: int) -> HttpResponse:
    """The page of a version."""
    return HttpResponseRedirect(reverse("admin:scoring_scoringmodel_change", args=[pk]))
