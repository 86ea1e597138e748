"""Deals with their whole history, to look at: they change through the verbs on the pages alone."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join

from leads.formats import money, percent, signed
from leads.models import Lead
from pipeline.models import Assignment, ConfidenceChange, Deal, DealChange, StageChange

CONFIDENCES = ("confidence", "automatic_confidence")


class ReadOnly:
    """For admins and inlines alike: nothing is added, changed or removed here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class StageChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = StageChange
    fields = ("from_stage", "to_stage", "entered_at", "left_at", *CONFIDENCES, "reconstructed", "by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[StageChange]:
        return super().get_queryset(request).select_related("from_stage", "to_stage", "by")


class ConfidenceChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ConfidenceChange
    fields = ("before", "after", "automatic", "source", "terms", "reason", "by", "at")
    readonly_fields = ("terms",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConfidenceChange]:
        return super().get_queryset(request).select_related("by")

    @admin.display(description="Lines")
    def terms(self, change: ConfidenceChange) -> str:
        return format_html_join(
            ", ", "{} {}", ((line["name"], signed(line["points"])) for line in change.lines)
        )


class DealChangeInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = DealChange
    fields = ("field", "before", "after", "by", "at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DealChange]:
        return super().get_queryset(request).select_related("by")


@admin.register(Deal)
class DealAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    inlines = (StageChangeInline, ConfidenceChangeInline, DealChangeInline)
    list_display = ("lead", "stage", "worth", "likely", "confidence_source", "expected_close_on")
    list_filter = ("stage__pipeline", "stage", "confidence_source", "lead__outcome")
    list_select_related = ("stage",)
    search_fields = ("lead__company__name", "lead__contacts__last_name", "lead__contacts__email")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deal]:
        return super().get_queryset(request).prefetch_related(Prefetch("lead", Lead.objects.with_names()))

    @admin.display(description="Value", ordering="value")
    def worth(self, deal: Deal) -> str:
        return money(deal.value, deal.currency)

    @admin.display(description="Confidence", ordering="confidence")
    def likely(self, deal: Deal) -> str:
        return percent(deal.confidence)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("at", "lead", "before", "after", "why", "by")
    list_select_related = ("before", "after", "by")
    list_display_links = None
    date_hierarchy = "at"
    search_fields = ("lead__company__name", "why")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Assignment]:
        return super().get_queryset(request).prefetch_related(Prefetch("lead", Lead.objects.with_names()))
