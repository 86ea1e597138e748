"""How a report is sent: under which name, when, and to whom."""

from collections.abc import Mapping
from typing import Any

from django import forms

from leads.models import User, Weekday
from reports.asking import people_seen_by
from reports.models import ReportSchedule
from reports.rhythms import Rhythm, When


class ScheduleForm(forms.Form):
    """What `by` may set; colleagues are offered to those who see their leads."""

    name = forms.CharField(
        max_length=80,
        label="Name",
        help_text="Its filters are kept as a view of the report under this name.",
    )
    rhythm = forms.ChoiceField(choices=Rhythm, label="How often")
    weekday = forms.TypedChoiceField(choices=Weekday, coerce=int, label="On, when weekly")
    day = forms.IntegerField(
        min_value=1,
        max_value=31,
        label="On day, when monthly",
        initial=1,
        help_text="In a shorter month, its last day.",
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), "A month has the days 1 to 31."),
    )
    readers = forms.ModelMultipleChoiceField(
        queryset=User.objects.none(),
        required=False,
        label="Also to",
        help_text="Everybody gets the figures that they may see themselves.",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose among the people that are offered."},
    )

    def __init__(self, sent: Mapping[str, Any] | None, *, by: User, initial: Mapping[str, Any]) -> None:
        super().__init__(sent, initial=dict(initial))
        others = people_seen_by(by).filter(is_active=True).exclude(pk=by.pk).exclude(email="")
        field = self.fields["readers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = others
        if not others.exists():
            del self.fields["readers"]

    @property
    def when(self) -> When:
        """Of a valid form."""
        cleaned = self.cleaned_data
        return When(cleaned["rhythm"], cleaned["weekday"], cleaned["day"])

    @property
    def readers_named(self) -> list[User]:
        """Of a valid form: whom it names beside its owner."""
        return list(self.cleaned_data.get("readers", ()))


def as_initial(schedule: ReportSchedule) -> dict[str, Any]:
    """What stands in the form of a schedule that is there."""
    when = {"rhythm": schedule.rhythm, "weekday": schedule.weekday, "day": schedule.day}
    return {"name": schedule.view.name, "readers": list(schedule.readers.all()), **when}
