"""Forms of what sales decides of a lead: disqualified, rejected, recycled."""

from __future__ import annotations

from django import forms

from pipeline.forms.widgets import date_field

REASONS = (
    "No budget",
    "No authority",
    "No need",
    "No timeframe",
    "Wrong company",
    "Wrong person",
    "Student or researcher",
    "Bad data",
    "Other",
)


class NoteForm(forms.Form):
    """A decision that may be explained."""

    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea({"rows": 3}))


class DisqualifyForm(NoteForm):
    reason = forms.ChoiceField(
        choices=[("", "Choose a reason"), *((reason, reason) for reason in REASONS)],
        error_messages={"required": "Say why it is disqualified."},
    )
    field_order = ["reason", "note"]


class RejectForm(forms.Form):
    note = forms.CharField(
        label="What was wrong with it",
        max_length=2000,
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
        help_text="Marketing reads it.",
        error_messages={"required": "Say to marketing what is wrong."},
    )


class RecycleForm(NoteForm):
    returns_on = date_field("Back on", required=True)
    reason = forms.CharField(label="Why not now", required=False, max_length=100)
    field_order = ["returns_on", "reason", "note"]
