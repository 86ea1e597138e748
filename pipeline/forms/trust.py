"""Forms about what counts: a signal under review, a comment on a line, exclusion from scoring."""

from __future__ import annotations

from typing import Any

from django import forms

from leads.models import Activity, Lead, User
from leads.models.activities import Trust
from scoring.actions.commenting import LONGEST

VERDICTS = {
    Trust.OK: "Counts: a person did it",
    Trust.QUARANTINED: "Held back until somebody is sure",
    Trust.REJECTED: "Does not count",
}


class ReviewForm(forms.Form):
    """Whether a signal counts, and for which lead."""

    trust = forms.ChoiceField(label="This signal", widget=forms.RadioSelect, choices=list(VERDICTS.items()))
    lead = forms.IntegerField(
        label="Belongs to another lead",
        required=False,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The number at the end of that lead’s address.",
    )
    note = forms.CharField(label="Why", required=False, max_length=500)

    def __init__(self, activity: Activity, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"trust": activity.trust}
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_lead(self) -> Lead | None:
        number = self.cleaned_data["lead"]
        if number is None:
            return None
        lead: Lead | None = Lead.objects.visible_to(self.user).filter(pk=number).first()
        if lead is None:
            raise forms.ValidationError(f"You have no lead {number}.")
        return lead


class CommentForm(forms.Form):
    """What is wrong with a line of a score; group and rule say which."""

    text = forms.CharField(
        label="What is wrong with this line",
        max_length=LONGEST,
        widget=forms.Textarea({"rows": 3, "autofocus": True}),
        help_text="Administrators see it beside the rule.",
    )
    group = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)
    rule = forms.CharField(widget=forms.HiddenInput, max_length=120)


class ExclusionForm(forms.Form):
    """Out of scoring: this lead alone or, for those who decide about others' leads, a whole domain."""

    whom = forms.ChoiceField(label="Take out of scoring", widget=forms.RadioSelect, initial="lead")
    why = forms.ChoiceField(
        label="Because it is",
        choices=[(reason, reason) for reason in ("Competitor", "Researcher", "Student", "Partner", "Other")],
    )
    note = forms.CharField(label="In other words", required=False, max_length=150)

    def __init__(self, domains: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [(domain, f"Everybody of {domain}") for domain in domains]
        self.fields["whom"].choices = [("lead", "This lead"), *everybody]  # type: ignore[attr-defined]

    @property
    def reason(self) -> str:
        return ": ".join(filter(None, [self.cleaned_data["why"], self.cleaned_data["note"]]))
