"""Exchange rates and targets."""

from django.contrib import admin

from leads.formats import money
from pipeline.models import ExchangeRate, Target


@admin.register(ExchangeRate)
class ExchangeRateAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("currency", "valid_from", "rate")
    list_filter = ("currency",)
    date_hierarchy = "valid_from"


@admin.register(Target)
class TargetAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("month", "of", "wanted")
    list_filter = ("team", "month")
    list_select_related = ("team", "owner")
    autocomplete_fields = ("team", "owner")

    @admin.display(description="Of")
    def of(self, target: Target) -> str:
        return str(target.owner or target.team or "Everybody")

    @admin.display(description="Target", ordering="amount")
    def wanted(self, target: Target) -> str:
        return money(target.amount, target.currency)
