"""Bands: what they are called, and what they lead to."""

from django.contrib import admin

from scoring.models import Band


@admin.register(Band)
class BandAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("name", "key", "lane", "colour", "order", "qualifies")
    fields = ("key", "name", "lane", "colour", "order", "qualifies")

    def get_readonly_fields(self, request: object, obj: Band | None = None) -> tuple[str, ...]:
        """A key stands in every model's JSON, so it stays."""
        return ("key",) if obj else ()
