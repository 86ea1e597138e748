"""Custom fields, qualification questions and kinds of activity."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from leads.admin.lines import LinesField
from leads.defaults import BUILT_IN_KINDS
from leads.models import ActivityKind, CustomField, Question
from leads.models.fields import AnswerType


class FixedOnceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """`fixed` fields are set when a row is added: stored values, rules and imports name the row by them."""

    fixed: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fixed if obj else ()


@admin.register(CustomField)
class CustomFieldAdmin(FixedOnceAdmin):
    fixed = ("entity", "key", "type")
    fields = ("entity", "key", "label", "type")
    list_display = ("label", "entity", "type", "path")
    list_filter = ("entity", "type")
    search_fields = ("label", "key")


class QuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    choices = LinesField(required=False, help_text="For “One of a list”: one answer a line.")

    class Meta:
        model = Question
        fields = ("text", "key", "product_line", "area", "type", "choices", "order")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("type", self.instance.type)
        if kind == AnswerType.CHOICE and len(cleaned.get("choices") or []) < 2:
            self.add_error("choices", ValidationError("A list needs at least two answers, one a line."))
        if kind != AnswerType.CHOICE and cleaned.get("choices"):
            self.add_error("choices", ValidationError("Only “One of a list” has answers to choose from."))
        return cleaned


@admin.register(Question)
class QuestionAdmin(FixedOnceAdmin):
    form = QuestionForm
    fixed = ("key", "type")
    list_display = ("text", "area", "type", "product_line", "order")
    list_editable = ("order",)
    list_filter = ("area", "product_line")
    list_select_related = ("product_line",)
    search_fields = ("text", "key")


@admin.register(ActivityKind)
class ActivityKindAdmin(FixedOnceAdmin):
    """The built-in kinds may be renamed and neither removed nor given to somebody else."""

    fixed = ("key", "by")
    list_display = ("label", "key", "by", "counts_as_contact")
    list_filter = ("by", "counts_as_contact")
    search_fields = ("label", "key")

    def has_delete_permission(self, request: HttpRequest, obj: ActivityKind | None = None) -> bool:
        is_built_in = obj is not None and obj.key in BUILT_IN_KINDS
        return not is_built_in and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        return {name: action for name, action in actions.items() if name != "delete_selected"}
