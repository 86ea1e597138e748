"""What the losses are asked; page, list, files and API read it here."""

from typing import Any

from django import forms

from pipeline.models import LostReason
from pipeline.querysets import DealQuerySet
from reports.asking import ScopeForm, WordField, check_length
from reports.funnel import NO_REASONS, with_reason
from reports.losses import NONE, LossesQuery, Shown, Split, lost_deals, shown_deals, sliced
from reports.periods import By, Span

TITLES = {
    Shown.LOST: "Lost deals",
    Shown.UNCONVERTED: "Lost deals without an exchange rate",
    Shown.UNDATED: "Lost deals, date unknown",
    Shown.WON: "Won deals",
    Shown.DISQUALIFIED: "Disqualified leads",
}


class LossesForm(ScopeForm):
    by = WordField(*By)
    split = WordField(*Split)
    measure = WordField("deals", "value")

    def clean(self) -> dict[str, Any]:
        """Any time unless days are given; a period that is open at one end has no length."""
        cleaned = super().clean()
        if not self.errors and cleaned["start"] and cleaned["end"]:
            check_length(self, cleaned)
        return cleaned

    def query(self) -> LossesQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return LossesQuery(start=cleaned["start"], end=cleaned["end"], by=By(cleaned["by"]), **self.scope)

    @property
    def splits(self) -> list[Split]:
        return list(Split)

    @property
    def chosen_split(self) -> Split:
        """What the first table's lines are."""
        return Split(self.cleaned_data["split"])


class LossesDealsForm(LossesForm):
    """One number of the losses."""

    show = WordField(*Shown)
    slice = forms.RegexField(
        rf"^({NONE}|[0-9]{{1,18}})\Z", required=False, error_messages={"invalid": "There is no such row."}
    )
    reason = forms.CharField(required=False)

    def clean_reason(self) -> str:
        """Refuse a reason that there is not."""
        key: str = self.cleaned_data["reason"]
        if key and key not in self._reasons:
            raise forms.ValidationError(f"There is no reason “{key[:40]}” for losing a deal.")
        return key

    @property
    def title(self) -> str:
        """What the number is, and of when."""
        cleaned = self.cleaned_data
        of = f" of one {self.chosen_split.label.lower()}" if cleaned["slice"] else ""
        when = Span(cleaned["start"], cleaned["end"]).label if cleaned["start"] and cleaned["end"] else ""
        parts = (TITLES[Shown(cleaned["show"])] + of, self._reasons.get(cleaned["reason"]), when)
        return ", ".join(part for part in parts if part)

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        shown, key = Shown(self.cleaned_data["show"]), self.cleaned_data["slice"]
        if shown != Shown.LOST:
            return shown_deals(self.user, self.query(), shown)
        deals = lost_deals(self.user, self.query())
        if key:
            deals = sliced(deals, self.chosen_split, key)
        reason = self.cleaned_data["reason"]
        return with_reason(deals, reason) if reason else deals

    @property
    def _reasons(self) -> dict[str, str]:
        return dict(LostReason.objects.values_list("key", "name")) | NO_REASONS
