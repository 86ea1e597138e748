"""The page of one stage: what it asks for, what counts in it, and its removal."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from config.refusals import Refusal
from leads.admin.inlines import LineInline
from leads.formats import count
from leads.models.leads import Outcome
from leads.requests import signed_in
from pipeline.actions import remove_stage
from pipeline.admin.answers import AnswerField
from pipeline.admin.process import ConfidenceRulesAdmin
from pipeline.models import Deal, KeyActivity, Requirement, Stage


class RequirementForm(forms.ModelForm):  # type: ignore[type-arg]
    value = AnswerField(required=False, help_text="Empty: any. Else Yes, No, a number or a text of its list.")


class RequirementInline(LineInline):
    model = Requirement
    form = RequirementForm
    extra = 1
    fields = ("field", "custom_field", "question", "value", "kind", "band")


class KeyActivityInline(LineInline):
    model = KeyActivity
    extra = 0


class RemovalForm(forms.Form):
    """Where the deals of a removed stage go."""

    into = forms.ModelChoiceField(
        Stage.objects.none(),
        label="Its open deals go to",
        empty_label="Choose a stage",
        error_messages={"required": "Choose the stage of this pipeline to which its open deals go."},
    )

    def __init__(self, stage: Stage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Stage.objects.current().filter(pipeline=stage.pipeline_id).exclude(pk=stage.pk)
        self.fields["into"].queryset = others  # type: ignore[attr-defined]
        self.fields["into"].required = stage.deals.filter(lead__outcome=Outcome.OPEN).exists()


@admin.register(Stage)
class StageAdmin(ConfidenceRulesAdmin):
    """Stages are added and put in order on the page of their pipeline."""

    inlines = (RequirementInline, KeyActivityInline)
    fields = ("pipeline", "name", "confidence", "rot_days", "silence_days", "silence_points", "guidance")
    readonly_fields = ("pipeline",)
    list_display = ("name", "pipeline", "order", "confidence", "rot_days", "removed_at")
    list_filter = ("pipeline",)
    list_select_related = ("pipeline",)
    search_fields = ("name", "key")
    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask where the deals go, and take the stage out."""
        stage = get_object_or_404(Stage.objects.current(), pk=object_id)
        form = RemovalForm(stage, request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                return self._removed(request, stage, form.cleaned_data["into"])
            except Refusal as refusal:
                form.add_error("into", refusal.sentence)
        deals = Deal.objects.filter(stage=stage)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Remove the stage {stage}",
            "opts": self.opts,
            "stage": stage,
            "form": form,
            "open_deals": deals.filter(lead__outcome=Outcome.OPEN).count(),
            "closed_deals": deals.exclude(lead__outcome=Outcome.OPEN).count(),
        }
        return TemplateResponse(request, "admin/pipeline/remove_stage.html", context)

    def _removed(self, request: HttpRequest, stage: Stage, into: Stage | None) -> HttpResponse:
        moved = remove_stage(stage, into=into, by=signed_in(request))
        deals = "open deal" if moved == 1 else "open deals"
        went = f" {count(moved)} {deals} moved to {into}." if into else ""
        messages.success(request, f"{stage} is removed.{went}")
        return redirect("admin:pipeline_pipeline_change", stage.pipeline_id)
