"""How administrators choose among rows: a line for each row of a table, ticks where few can be chosen."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.http import HttpRequest


class LineInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows are chosen here and edited on their own pages, so that a line stays a line."""

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the pencil, plus and eye that would stand beside each list."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field


class TickedAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The rows of `ticked` fields are few: each has a box to tick."""

    ticked: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and db_field.name in self.ticked:
            field.widget = forms.CheckboxSelectMultiple(choices=field.widget.choices)
            field.help_text = db_field.help_text  # nothing has to be held down
        return field
