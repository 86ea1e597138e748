"""Pipelines with their stages, and what moves the automatic confidence of the deals in them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from leads.answers import typed_answer
from leads.formats import count
from pipeline import tasks
from pipeline.actions import follow_successors, queue_open_deals
from pipeline.admin.answers import AnswerField
from pipeline.admin.previews import PreviewedAdmin, is_preview
from pipeline.fields import answer_in_words
from pipeline.models import (
    AnswerPoint,
    Competitor,
    Deal,
    KeyActivity,
    LostReason,
    Pipeline,
    Requirement,
    Stage,
)

OPEN_DEALS = Count("deals", filter=Q(deals__lead__outcome="open", deals__entered_at__isnull=False))


class ConfidenceRulesAdmin(PreviewedAdmin):
    """Whatever is saved or removed here has the open deals recalculated in the background."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if form.has_changed() or any(formset.has_changed() for formset in formsets):
            self.recalculate(request)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        self.recalculate(request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        super().delete_queryset(request, queryset)
        self.recalculate(request)

    def recalculate(self, request: HttpRequest) -> None:
        """Queue them in this transaction, and say how many."""
        if is_preview(request):
            return
        queued = queue_open_deals()
        tasks.sweep_pending.delay_on_commit()  # type: ignore[attr-defined]
        deals = "open deal" if queued == 1 else "open deals"
        messages.info(request, f"The confidence of {count(queued)} {deals} is being brought up to date.")


class StageForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Stage
        fields = (
            "order",
            "name",
            "key",
            "confidence",
            "rot_days",
            "silence_days",
            "silence_points",
        )
        widgets = dict.fromkeys(("name", "key"), forms.TextInput(attrs={"size": 14}))

    def _get_validation_exclusions(self) -> set[str]:
        """The order is judged for all stages together, so that two can change places."""
        return {*super()._get_validation_exclusions(), "order"}  # type: ignore[misc]


class StageFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        kept = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        orders = [form.cleaned_data.get("order") for form in kept]
        if len(set(orders)) < len(orders):
            raise ValidationError("Two stages stand in the same place. Give each its own number.")


class StageInline(admin.TabularInline):  # type: ignore[type-arg]
    """The stages in order; guidance, requirements and removal are on a page of each."""

    model = Stage
    form = StageForm
    formset = StageFormSet
    extra = 0
    ordering = ("order",)
    readonly_fields = ("open_deals", "asks_for")
    can_delete = False
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stage]:
        stages: QuerySet[Stage] = super().get_queryset(request).filter(removed_at=None)
        asked = Requirement.objects.filter(stage=OuterRef("pk")).order_by().values("stage")
        required = Coalesce(Subquery(asked.annotate(n=Count("pk")).values("n")), 0)
        return stages.annotate(open_deals=OPEN_DEALS, required=required)

    @admin.display(description="Open deals")
    def open_deals(self, stage: Stage) -> str:
        return count(getattr(stage, "open_deals", 0))

    @admin.display(description="Asks for")
    def asks_for(self, stage: Stage) -> str:
        """How many things; the stage's own page names them."""
        required = getattr(stage, "required", 0)
        return f"{required} thing{'' if required == 1 else 's'}" if required else "nothing"


@admin.register(Pipeline)
class PipelineAdmin(ConfidenceRulesAdmin):
    inlines = (StageInline,)
    fields = ("name", "key", "product_line", "is_default", "cycle_days")
    readonly_fields = ("cycle_days",)
    list_display = ("name", "key", "product_line", "is_default", "stages", "cycle_days")
    list_select_related = ("product_line",)
    search_fields = ("name", "key")
    prepopulated_fields = {"key": ("name",)}

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        follow_successors()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pipeline]:
        current = Count("stages", filter=Q(stages__removed_at=None))
        pipelines: QuerySet[Pipeline] = super().get_queryset(request).annotate(stage_count=current)
        return pipelines

    @admin.display(description="Stages", ordering="stage_count")
    def stages(self, pipeline: Pipeline) -> str:
        return count(pipeline.stage_count)  # type: ignore[attr-defined]


@admin.register(KeyActivity)
class KeyActivityAdmin(ConfidenceRulesAdmin):
    list_display = ("kind", "stage", "pipeline", "points")
    list_filter = ("stage__pipeline",)
    list_select_related = ("kind", "stage__pipeline")

    @admin.display(description="Pipeline", empty_value="Any")
    def pipeline(self, activity: KeyActivity) -> Pipeline | None:
        return activity.stage.pipeline if activity.stage else None


class AnswerPointForm(forms.ModelForm):  # type: ignore[type-arg]
    value = AnswerField(help_text="Yes, No, a number, a date such as 2026-12-31 or a text of its list.")

    class Meta:
        model = AnswerPoint
        fields = ("question", "value", "points")

    def clean(self) -> dict[str, Any]:
        """Refuse a value that no answer to the question can have: it would never count."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "question" in cleaned and "value" in cleaned:
            try:
                cleaned["value"] = typed_answer(cleaned["question"], cleaned["value"])
            except ValidationError as error:
                self.add_error("value", error)
        return cleaned


@admin.register(AnswerPoint)
class AnswerPointAdmin(ConfidenceRulesAdmin):
    form = AnswerPointForm
    list_display = ("question", "answer", "points")
    list_filter = ("question",)
    list_select_related = ("question",)

    @admin.display(ordering="value")
    def answer(self, points: AnswerPoint) -> str:
        return answer_in_words(points.value)


class LossCountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists how many lost deals name each row in `deal_field`."""

    deal_field = ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        deals = Deal.objects.filter(**{self.deal_field: OuterRef("pk")}).order_by().values(self.deal_field)
        lost = Subquery(deals.annotate(n=Count("pk")).values("n"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(lost_count=Coalesce(lost, 0))
        return rows

    @admin.display(description="Lost deals", ordering="lost_count")
    def lost(self, row: Model) -> str:
        return count(row.lost_count)  # type: ignore[attr-defined]


@admin.register(LostReason)
class LostReasonAdmin(LossCountAdmin):
    deal_field = "lost_reason"
    list_display = ("name", "key", "order", "needs_note", "asks_competitor", "lost")
    list_editable = ("order", "needs_note", "asks_competitor")
    search_fields = ("name", "key")
    prepopulated_fields = {"key": ("name",)}


@admin.register(Competitor)
class CompetitorAdmin(LossCountAdmin):
    """Names to put right; losses that name a competitor keep the row, so one with losses cannot go."""

    deal_field = "lost_to"
    list_display = ("name", "lost")
    search_fields = ("name",)
