"""The organisation's settings: one row, neither added nor removed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from leads.admin.lines import LinesField
from leads.models import Organisation
from leads.organisation import organisation


class OrganisationForm(forms.ModelForm):  # type: ignore[type-arg]
    leaking_fields = LinesField(
        required=False,
        help_text="Fields written by or after the outcome, such as lead.custom.tags, one a line.",
    )

    class Meta:
        model = Organisation
        fields = (
            "name", "currency", "time_zone", "fiscal_year_start",
            "reps_may_pick", "score_display", "leaking_fields",
        )  # fmt: skip


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    form = OrganisationForm
    fieldsets = (
        (None, {"fields": ("name", "currency", "time_zone", "fiscal_year_start")}),
        ("Leads", {"fields": ("reps_may_pick", "score_display")}),
        ("Learning", {"fields": ("leaking_fields",)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """There is only one: go to it."""
        return redirect("admin:leads_organisation_change", organisation().pk)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        return False
