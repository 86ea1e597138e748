"""Recalculations: how far they are, and how they ended."""

from django.contrib import admin
from django.http import HttpRequest

from scoring.models import ScoringRun


@admin.register(ScoringRun)
class ScoringRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = (
        "__str__",
        "model",
        "status",
        "done",
        "total",
        "changed",
        "by",
        "started_at",
        "finished_at",
    )
    list_filter = ("kind", "status")
    list_select_related = ("model", "by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ScoringRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ScoringRun | None = None) -> bool:
        return False
