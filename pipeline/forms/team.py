"""Forms about availability: working days, capacity, absences, and who stands in."""

from __future__ import annotations

from typing import Any

from django import forms

from leads.actions import may_set_capacity
from leads.forms import working_days_field
from leads.models import User
from leads.organisation import today
from pipeline.forms.widgets import date_field

MOST = 10_000  # open leads, more than anybody works
ROUTED = "route"


class AvailabilityForm(forms.Form):
    """When somebody gets new leads, and, for who may say so, how many."""

    working_days = working_days_field()
    capacity = forms.IntegerField(
        required=False, min_value=0, max_value=MOST, help_text="Open leads at once; empty for no limit."
    )

    def __init__(self, person: User, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs["initial"] = {"working_days": person.working_days, "capacity": person.capacity}
        super().__init__(*args, **kwargs)
        if not may_set_capacity(by):
            del self.fields["capacity"]


class AbsenceForm(forms.Form):
    starts_on = date_field("From", required=True)
    ends_on = date_field("Until", required=True, help_text="Both days included.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts_on": today(), "ends_on": today()}
        super().__init__(*args, **kwargs)


class TakeOverForm(forms.Form):
    """Who gets a colleague's leads; a rep takes them in person, a manager chooses."""

    to = forms.ChoiceField(label="Who works them")
    note = forms.CharField(
        required=False, max_length=150, label="Why", help_text="It stands in the timeline of every lead."
    )

    def __init__(self, colleague: User, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manages = may_set_capacity(by)
        people = User.objects.assignable_by(by) if manages else User.objects.filter(pk=by.pk)
        self.people = {str(person.pk): person for person in people.exclude(pk=colleague.pk)}
        choices = [(pk, str(person)) for pk, person in self.people.items()]
        if manages:
            choices.append((ROUTED, "Nobody in particular: route them anew, for good"))
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    @property
    def substitute(self) -> User | None:
        """Who was chosen; None to have the leads routed."""
        return self.people.get(self.cleaned_data["to"])
