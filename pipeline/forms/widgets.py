"""Controls that a browser draws by itself: dates, moments, people's numbers."""

from django import forms


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


def date_field(label: str, *, required: bool = False, help_text: str = "") -> forms.DateField:
    """A field for a day."""
    wrong = {"invalid": "This is no date. Write it as 2026-11-30."}
    return forms.DateField(
        label=label, required=required, help_text=help_text, widget=DateInput(), error_messages=wrong
    )
