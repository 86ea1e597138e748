"""Controls that a browser draws by itself: dates, moments, people's numbers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class DateInput(forms.DateInput):
    """A date picker; ISO in and out, as browsers want it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A date and time picker, in the organisation's time zone."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class SuggestingInput(forms.TextInput):
    """A text that the browser helps to complete with what `suggestions` holds when the form is drawn."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.suggestions: QuerySet[Any, str] | None = None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        place = f"{(attrs or {}).get('id', name)}_known"
        options = format_html_join(
            "", '<option value="{}"></option>', ((known,) for known in self.suggestions or ())
        )
        control = super().render(name, value, {**(attrs or {}), "list": place}, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', control, place, options)


def date_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A field for a day."""
    wrong = {"invalid": "This is no date. Write it as 2026-11-30."}
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=DateInput(), error_messages=wrong
    )
