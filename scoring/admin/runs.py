"""Recalculations: how far they are, and how they ended."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse

from scoring.models import ScoringRun
from scoring.nights import nights


@admin.register(ScoringRun)
class ScoringRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "__str__",
        "model",
        "status",
        "total",
        "done",
        "changed",
        "skipped",
        "missed",
        "by",
        "started_at",
        "finished_at",
    )
    list_filter = ("kind", "status")
    list_select_related = ("model", "by")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if sentence := nights().sentence:
            messages.warning(request, sentence)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScoringRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScoringRun | None = None) -> bool:
        return False
