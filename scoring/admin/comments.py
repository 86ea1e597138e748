"""What people said of lines of scores: read, and settled when the rule was looked at."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from leads.requests import signed_in
from scoring.actions import settle_comments
from scoring.models import LineComment


@admin.register(LineComment)
class LineCommentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("text", "rule", "group", "model", "on_lead", "by", "at", "settled_at")
    list_filter = (("settled_at", admin.EmptyFieldListFilter), "model__product_line")
    list_select_related = ("model", "by", "lead")
    search_fields = ("text", "rule", "group")
    actions = ("settle",)

    @admin.display(description="Lead")
    def on_lead(self, comment: LineComment) -> str:
        return format_html('<a href="{}">Lead {}</a>', comment.lead.get_absolute_url(), comment.lead_id)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made on the page of a lead."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: LineComment | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: LineComment | None = None) -> bool:
        return False

    @admin.action(description="Settle the selected comments", permissions=["view"])
    def settle(self, request: HttpRequest, comments: QuerySet[LineComment]) -> None:
        settled = settle_comments(comments, by=signed_in(request))
        messages.success(request, f"{settled} settled.")
