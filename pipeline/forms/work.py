"""Forms of daily work: what happened, what is next, where a lead stands, whose it is, what was answered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import Q
from django.utils import timezone

from leads.actions import NewTask
from leads.models import ActivityKind, Contact, Lead, Question, Task, User
from leads.models.activities import Doer
from leads.models.fields import AnswerType
from leads.models.leads import Status
from leads.organisation import today
from pipeline.forms.widgets import MomentInput, date_field

BY_WHOM = {Doer.REP: "We did", Doer.PROSPECT: "They did"}
MINUTE = 60  # seconds
WEEK = timedelta(days=7)
OTHER_DAY = "other"


class ActivityForm(forms.Form):
    """Something that happened, by us or by them."""

    kind = forms.ChoiceField(label="What")
    occurred_at = forms.DateTimeField(
        label="When",
        widget=MomentInput(),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        error_messages={"invalid": "This is no date and time."},
    )
    contact = forms.ModelChoiceField(
        Contact.objects.none(), label="With", required=False, empty_label="Nobody in particular"
    )
    minutes = forms.IntegerField(label="Minutes", required=False, min_value=0, max_value=31 * 24 * 60)
    note = forms.CharField(
        required=False, max_length=5000, widget=forms.Textarea({"rows": 4, "autofocus": True})
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=200)

    def __init__(self, lead: Lead, *args: Any, kind: str = "call", **kwargs: Any) -> None:
        start = {"kind": kind, "occurred_at": timezone.now(), "key": f"page:{uuid4()}"}
        kwargs["initial"] = start
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(_kinds())  # type: ignore[attr-defined]
        self.fields["contact"].queryset = Contact.objects.filter(lead_roles__lead=lead)  # type: ignore[attr-defined]

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as `NewActivity` takes it."""
        typed = self.cleaned_data
        return {
            "kind": typed["kind"],
            "occurred_at": typed["occurred_at"],
            "contact_id": typed["contact"] and typed["contact"].pk,
            "duration_seconds": None if typed["minutes"] is None else typed["minutes"] * MINUTE,
            "properties": {"note": typed["note"]} if typed["note"] else {},
            "key": typed["key"],
        }


class TaskForm(forms.Form):
    title = forms.CharField(label="What", max_length=200)
    due_on = date_field("Due", required=True)
    kind = forms.ModelChoiceField(
        ActivityKind.objects.filter(by=Doer.REP),
        label="Logs",
        required=False,
        empty_label="Nothing",
        help_text="Ticking it off logs this activity.",
    )
    assignee = forms.ModelChoiceField(
        User.objects.none(), label="For", required=False, empty_label="The owner"
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"due_on": today()} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = User.objects.assignable_by(user)  # type: ignore[attr-defined]


class TaskDoneForm(forms.Form):
    """What came of a task, and what is next."""

    outcome = forms.ModelChoiceField(
        ActivityKind.objects.filter(by=Doer.REP),
        label="What happened",
        required=False,
        to_field_name="key",
        empty_label="Nothing to log",
    )
    note = forms.CharField(required=False, max_length=5000, widget=forms.Textarea({"rows": 3}))
    next_title = forms.CharField(label="Next task", required=False, max_length=200)
    next_due_on = date_field("Due")

    def __init__(self, task: Task, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"outcome": task.kind and task.kind.key, "next_due_on": today() + WEEK}
        super().__init__(*args, **kwargs)
        self.task = task

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("next_title") and not cleaned.get("next_due_on") and "next_due_on" not in self.errors:
            self.add_error("next_due_on", "Give the day on which the next task is due.")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """The parameters of `complete_task`."""
        outcome, title = self.cleaned_data["outcome"], self.cleaned_data["next_title"]
        day, assignee = self.cleaned_data["next_due_on"], self.task.assignee_id
        return {
            "outcome": outcome and outcome.key,
            "note": self.cleaned_data["note"],
            "then": NewTask(self.task.lead_id, title, day, assignee) if title else None,
        }


class SnoozeForm(forms.Form):
    """A later day, near ones by name."""

    until = forms.ChoiceField(label="Until", widget=forms.RadioSelect)
    day = date_field("Day", help_text="For another day.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(day.isoformat(), f"{name}, {day:%a} {day.day} {day:%b}") for name, day in _later_days()]
        self.fields["until"].choices = [*choices, (OTHER_DAY, "Another day")]  # type: ignore[attr-defined]
        self.initial.setdefault("until", choices[0][0])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("until") == OTHER_DAY and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", "Give the day.")
        return cleaned

    @property
    def chosen(self) -> date:
        until = self.cleaned_data["until"]
        return self.cleaned_data["day"] if until == OTHER_DAY else date.fromisoformat(until)


def _later_days() -> Iterator[tuple[str, date]]:
    day = today()
    yield "Tomorrow", day + timedelta(days=1)
    yield "In three days", day + timedelta(days=3)
    yield "Next Monday", day + timedelta(days=7 - day.weekday())
    yield "In a month", day + timedelta(days=30)


class StatusForm(forms.Form):
    """Where leads stand; nurturing may have a day of return, disqualifying needs a reason."""

    status = forms.ChoiceField(choices=Status.choices, widget=forms.RadioSelect)
    reason = forms.CharField(required=False, max_length=100, help_text="Needed to disqualify.")
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))
    returns_on = date_field("Back from nurturing on")

    @property
    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class OwnerForm(forms.Form):
    """Whose leads are; an empty owner is nobody."""

    owner = forms.ModelChoiceField(User.objects.none(), required=False, empty_label="Nobody")
    why = forms.CharField(label="Why", max_length=300, required=False, help_text="It stands in the timeline.")

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = User.objects.assignable_by(user)
        self.fields["owner"].queryset = self.people  # type: ignore[attr-defined]

    @property
    def reason(self) -> str:
        return self.cleaned_data["why"] or "By hand"


class OwnersForm(OwnerForm):
    """Whose one lead is, and who helps; whoever helps already may stay."""

    second = forms.ModelChoiceField(
        User.objects.none(), label="Second person", required=False, empty_label="Nobody"
    )
    field_order = ("owner", "second", "why")

    def __init__(self, user: User, lead: Lead, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"owner": lead.owner_id, "second": lead.second_id}
        super().__init__(user, *args, **kwargs)
        helpers = User.objects.filter(Q(pk__in=self.people.values("pk")) | Q(pk=lead.second_id))
        self.fields["second"].queryset = helpers  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """The answer to one question, with the control that suits it; empty takes the answer away."""

    value = forms.CharField(required=False)

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = answer_control(question)
        self.fields["value"].label = question.text


def as_typed(question: Question) -> object:
    """The present answer as its control shows it."""
    return {True: "true", False: "false"}.get(question.answer, question.answer)  # type: ignore[attr-defined]


def _kinds() -> Any:
    """By us first, then by them, each in the order of their labels."""
    kinds = ActivityKind.objects.filter(by__in=BY_WHOM).order_by("-by", "label")
    for doer, some in groupby(kinds, key=lambda kind: kind.by):
        yield BY_WHOM[Doer(doer)], [(kind.key, kind.label) for kind in some]


def answer_control(question: Question) -> forms.Field:
    """The control that suits a question; empty is no answer."""
    empty = [("", "Not answered")]
    if question.type == AnswerType.YES_NO:
        return forms.TypedChoiceField(
            choices=[*empty, ("true", "Yes"), ("false", "No")],
            coerce=lambda text: text == "true",
            empty_value=None,
            required=False,
        )
    if question.type == AnswerType.CHOICE:
        return forms.TypedChoiceField(
            choices=[*empty, *((text, text) for text in question.choices)], empty_value=None, required=False
        )
    if question.type == AnswerType.NUMBER:
        return forms.FloatField(required=False)
    return date_field("")
