"""Whose ideal customer is asked for; page, lists, files and API read it here."""

from django import forms
from django.db.models import QuerySet

from leads.models import Lead
from reports.asking import ScopeForm, WordField
from reports.profile import ProfileQuery, fitting_leads, leads_with


class ProfileForm(ScopeForm):
    """The product line whose profile is shown; the rest narrows the open leads that may fit it."""

    @property
    def filters(self) -> list[str]:
        return ["product_line", *(name for name in super().filters if name != "product_line")]

    def query(self) -> ProfileQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return ProfileQuery(start=cleaned["start"], end=cleaned["end"], **self.scope)


class ProfileLeadsForm(ProfileForm):
    """One number of a profile: leads that fit, that meet so many criteria, or that had a trait."""

    show = WordField("fits", "matches", "trait")
    number = forms.IntegerField(required=False, min_value=0, max_value=1_000)
    closed = WordField("", "won", "lost")

    @property
    def title(self) -> str:
        cleaned = self.cleaned_data
        number = cleaned["number"] or 0
        if cleaned["show"] == "fits":
            return "Open leads like the ideal customer"
        if cleaned["show"] == "matches":
            return f"Open leads that meet {number} {'criterion' if number == 1 else 'criteria'}"
        return f"{(cleaned['closed'] or 'closed').capitalize()} leads with this trait"

    def leads(self) -> QuerySet[Lead]:
        """The leads behind the number."""
        cleaned, query = self.cleaned_data, self.query()
        number = cleaned["number"] or 0
        if cleaned["show"] == "trait":
            return leads_with(self.user, query, number, outcome=cleaned["closed"])
        return fitting_leads(self.user, query, number if cleaned["show"] == "matches" else None)
