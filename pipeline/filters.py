"""The filters that triage and board share, and the chips that show them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django_filters import CharFilter, ChoiceFilter, FilterSet

from leads.models import Lead, User
from leads.models.leads import Outcome, Status
from leads.organisation import today
from leads.querysets import LeadQuerySet
from pipeline.bands import Ladder
from pipeline.choices import Choices, Pairs
from pipeline.day import newly_hot, overdue, rotting, without_next_step

ME, NOBODY = "me", "nobody"
CLOSED, ANY = "closed", "any"
STATES = {"excluded": "Excluded", "unscored": "Not scored yet"}
NEEDS = {
    "first_contact": "A first contact",
    "next_step": "A next step",
    "task": "A task done, it is overdue",
    "move": "A move, the deal rots",
}
STATUSES = {
    Status.NEW: "New",
    Status.WORKING: "Working",
    Status.QUALIFIED: "Qualified",
    Status.NURTURING: "Nurturing",
    Outcome.WON: "Won",
    Outcome.LOST: "Lost",
    Outcome.DISQUALIFIED: "Disqualified",
    CLOSED: "All closed",
    ANY: "Open and closed",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words; `name` is its parameter, `without` the query string that drops it."""

    name: str
    label: str
    value: str
    without: str


@dataclass(frozen=True, slots=True)
class Control:
    """A filter as its form draws it: a text, or where there are options, named groups of them."""

    name: str
    label: str
    value: str
    groups: list[tuple[str, Pairs]]


class LeadFilter(FilterSet):  # type: ignore[misc]
    """Which leads to show, by what stands in the address; no value is an error and narrows nothing."""

    q = CharFilter(label="Text", method="find_text")
    owner = ChoiceFilter(label="Owner", method="find_owner", empty_label="Anybody")
    band = ChoiceFilter(label="Band", method="find_band", empty_label="Any band")
    stage = ChoiceFilter(label="Stage", field_name="deal__stage", empty_label="Any stage")
    product_line = ChoiceFilter(label="Product line", empty_label="Any product line")
    source = ChoiceFilter(label="Source", empty_label="Any source")
    campaign = ChoiceFilter(label="Campaign", empty_label="Any campaign")
    needs = ChoiceFilter(
        label="Needs", choices=list(NEEDS.items()), method="find_needs", empty_label="Anything"
    )

    class Meta:
        model = Lead
        fields: list[str] = []

    def __init__(
        self, query: QueryDict, leads: LeadQuerySet, *, user: User, choices: Choices, ladder: Ladder
    ) -> None:
        super().__init__(query, leads)
        self.user = user
        self.choices = choices
        self.ladder = ladder
        for name, pairs in _offered(user, choices, ladder).items():
            self.form.fields[name].choices = pairs

    def find_text(self, leads: LeadQuerySet, name: str, text: str) -> LeadQuerySet:
        return leads.matching(text)

    def find_owner(self, leads: LeadQuerySet, name: str, owner: str) -> LeadQuerySet:
        return leads.filter(owner={ME: self.user.pk, NOBODY: None}.get(owner, owner))

    def find_band(self, leads: LeadQuerySet, name: str, band: str) -> LeadQuerySet:
        if band in STATES:
            return leads.filter(score__state=band)
        return leads.filter(score__band=next(step.pk for step in self.ladder.steps if step.key == band))

    def find_needs(self, leads: LeadQuerySet, name: str, what: str) -> LeadQuerySet:
        match what:
            case "first_contact":
                return newly_hot(leads)
            case "next_step":
                return without_next_step(leads)
            case "task":
                return overdue(leads, today())
            case _:
                return rotting(leads, today())

    def chips(self) -> list[Chip]:
        """The filters that are set, in the order of their controls; what is no value is shown as it came."""
        return [
            Chip(name, str(control.label), _in_words(control, self.form.data[name]), self._without(name))
            for name, control in self.form.fields.items()
            if self.form.data.get(name)
        ]

    def controls(self) -> list[Control]:
        """The form, plainly: drawing every option by a template is most of a list's time."""
        return [
            Control(
                name, str(field.label), self.form.data.get(name, ""), _groups(getattr(field, "choices", []))
            )
            for name, field in self.form.fields.items()
        ]

    def _without(self, name: str) -> str:
        query = self.form.data.copy()
        for parameter in (name, "cursor"):
            query.pop(parameter, None)
        return f"?{query.urlencode()}"

    def changed(self, **values: str) -> Self:
        """The same filters with some set, or dropped where the value is empty."""
        query = self.form.data.copy()
        for name, value in values.items():
            query[name] = value
        return type(self)(query, self.queryset, user=self.user, choices=self.choices, ladder=self.ladder)


class TriageFilter(LeadFilter):
    """Triage's filters; without a status, open leads that wait for somebody's attention."""

    status = ChoiceFilter(
        label="Status", choices=list(STATUSES.items()), method="find_status", empty_label="Open"
    )

    def filter_queryset(self, queryset: LeadQuerySet) -> LeadQuerySet:
        leads: LeadQuerySet = super().filter_queryset(queryset)
        return leads if self.form.cleaned_data.get("status") else leads.in_triage()

    def find_status(self, leads: LeadQuerySet, name: str, status: str) -> LeadQuerySet:
        return leads.filter(_having(status))


def _having(status: str) -> Q:
    if status == ANY:
        return Q()
    if status == CLOSED:
        return ~Q(outcome=Outcome.OPEN)
    if status in (Outcome.WON, Outcome.LOST, Outcome.DISQUALIFIED):
        return Q(outcome=status)
    return Q(outcome=Outcome.OPEN, status=status)


def _offered(user: User, choices: Choices, ladder: Ladder) -> dict[str, list[Any]]:
    others = [pair for pair in choices.owners if pair[0] != str(user.pk)]
    return {
        "owner": [(ME, "me"), (NOBODY, "nobody"), *others],
        "band": [*((step.key, step.name) for step in ladder.steps), *STATES.items()],
        "stage": choices.stages,
        "product_line": choices.product_lines,
        "source": choices.sources,
        "campaign": choices.campaigns,
    }


def _in_words(control: forms.Field, value: str) -> str:
    groups = _groups(getattr(control, "choices", []))
    return dict(chain.from_iterable(pairs for _, pairs in groups)).get(value, value)


def _groups(choices: Any) -> list[tuple[str, Pairs]]:
    """Choices as groups, the first without a name for those that stand in none."""
    alone = [(str(value), str(label)) for value, label in choices if not isinstance(label, list)]
    named = [(str(name), pairs) for name, pairs in choices if isinstance(pairs, list)]
    return [("", alone), *named] if alone else named
