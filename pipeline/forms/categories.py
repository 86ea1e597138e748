"""The form that moves a deal to another category of the forecast."""

from typing import Any

from django import forms

from pipeline.models import Category, CategoryChange, Deal

BY_CONFIDENCE = ("", "By its confidence")
SHOWN = 3  # changes


class CategoryForm(forms.Form):
    """A category, or the one that follows from the confidence, and why."""

    category = forms.ChoiceField(
        choices=[BY_CONFIDENCE, *Category.choices], required=False, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="Why", max_length=2000, widget=forms.Textarea({"rows": 3}), help_text="It stays with the deal."
    )

    def __init__(self, deal: Deal, sent: Any = None) -> None:
        super().__init__(sent, initial={"category": deal.category_by_hand})


def told(deal: Deal) -> str:
    """What was done by hand so far, the newest first."""
    changes = CategoryChange.objects.filter(deal=deal).select_related("by").order_by("-at", "-pk")[:SHOWN]
    return " ".join(
        f"{change.at:%d %b %Y}, {change.by or 'the system'}: {change}. {change.note}" for change in changes
    )
