"""Product lines, products, sources and campaigns."""

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from leads.admin.counts import with_leads
from leads.formats import count, money
from leads.models import Campaign, Lead, Product, ProductLine, Source
from leads.organisation import organisation

WHOLE_COST = (
    "The cost is the whole cost of the campaign. The report on sources shows it in full, at today’s "
    "exchange rate, whatever its period leaves of the campaign’s leads."
)


class LeadCountAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists how many leads name each row."""

    lead_field = ""
    search_fields = ("name",)
    list_display: tuple[str, ...] = ("name", "leads")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_leads(super().get_queryset(request), Lead.objects.all(), self.lead_field)

    @admin.display(description="Leads", ordering="lead_count")
    def leads(self, row: Model) -> str:
        return count(row.lead_count)  # type: ignore[attr-defined]


class ProductInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Product
    extra = 0


@admin.register(ProductLine)
class ProductLineAdmin(LeadCountAdmin):
    lead_field = "product_line"
    inlines = (ProductInline,)


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "product_line", "price")
    list_filter = ("product_line",)
    list_select_related = ("product_line",)
    search_fields = ("name",)
    autocomplete_fields = ("product_line",)

    @admin.display(description="List price", ordering="list_price")
    def price(self, product: Product) -> str:
        return money(product.list_price, product.currency)


@admin.register(Source)
class SourceAdmin(LeadCountAdmin):
    lead_field = "source"


@admin.register(Campaign)
class CampaignAdmin(LeadCountAdmin):
    lead_field = "campaign"
    fieldsets = [(None, {"fields": ("name", "cost", "currency"), "description": WHOLE_COST})]
    list_display = ("name", "spent", "leads")

    @admin.display(description="Cost", ordering="cost")
    def spent(self, campaign: Campaign) -> str:
        return money(campaign.cost, campaign.currency or organisation().currency)
