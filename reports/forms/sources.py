"""What sources are asked; page, list, files and API read it here."""

from collections.abc import Mapping
from typing import Any

from django import forms

from leads.models import User
from pipeline.querysets import DealQuerySet
from reports.asking import NamedField, ScopeForm, WordField, check_length, offer
from reports.sources import NONE, SOURCE, Grouping, Shown, SourcesQuery, groupings, shown_deals

TITLES = {
    Shown.LEADS: "Leads",
    Shown.QUALIFIED: "Qualified leads",
    Shown.WON: "Won leads",
    Shown.LOST: "Lost leads",
    Shown.UNCONVERTED: "Won leads without an exchange rate",
}


class SourcesForm(ScopeForm):
    split = NamedField[Any]("split")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        self.groupings = groupings()
        offer(self, "split", self.groupings)

    def clean(self) -> dict[str, Any]:
        """By source unless something else is asked for, of leads created at any time."""
        cleaned = super().clean()
        if not self.errors and cleaned["start"] and cleaned["end"]:
            check_length(self, cleaned)
        return cleaned | {"split": cleaned.get("split") or SOURCE}

    def query(self) -> SourcesQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return SourcesQuery(
            start=cleaned["start"], end=cleaned["end"], grouping=cleaned["split"], **self.scope
        )

    @property
    def custom(self) -> list[Grouping]:
        """What may be chosen beside source and campaign."""
        return [grouping for grouping in self.groupings.values() if grouping.is_custom]


class SourcesDealsForm(SourcesForm):
    """One number of the sources."""

    show = WordField(*Shown)
    slice = forms.CharField(required=False, max_length=1_000)

    def clean(self) -> dict[str, Any]:
        """Refuse a line that can be none of the split's."""
        cleaned = super().clean()
        key = cleaned.get("slice") or NONE
        is_named = key.startswith("=") if cleaned["split"].is_custom else key.isascii() and key.isdecimal()
        if key != NONE and not (is_named and (cleaned["split"].is_custom or len(key) < 19)):
            self.add_error("slice", "There is no such row.")
        return cleaned

    @property
    def title(self) -> str:
        """What the number is."""
        cleaned = self.cleaned_data
        of = f" of one {cleaned['split'].noun}" if cleaned["slice"] else ""
        return TITLES[Shown(cleaned["show"])] + of

    def deals(self) -> DealQuerySet:
        """The deals of the leads behind the number."""
        shown = Shown(self.cleaned_data["show"])
        return shown_deals(self.user, self.query(), shown, self.cleaned_data["slice"])
