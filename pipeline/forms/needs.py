"""What a stage asks for, as a small form: its answers come with the move that needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django_countries import countries

from leads.attributes import typed_value
from leads.forms import CONTROLS
from leads.models import Campaign, Lead, Source, User
from leads.models.fields import FieldType
from pipeline.actions import Supplies
from pipeline.actions.requiring import WAIVE
from pipeline.forms.deals import products_of
from pipeline.forms.widgets import MomentInput, date_field
from pipeline.forms.work import answer_control
from pipeline.models import Requirement, Stage
from pipeline.requirements import lacking_of, missing

MISSING = "This is still missing."
EMPTY: tuple[object, ...] = (None, "")
CLOCK = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class NeedsForm(forms.Form):
    """One control for each thing that a deal lacks for a stage; who may waive them may write why instead."""

    use_required_attribute = False

    def __init__(
        self, lead: Lead, stage: Stage, needs: Sequence[Requirement], user: User, *args: Any
    ) -> None:
        super().__init__(*args)
        self.stage = stage
        self.needs = {f"need_{need.pk}": need for need in needs}
        self.closed = [need for need in needs if not _can_be_given(need, lead)]
        for name, need in self.needs.items():
            if need not in self.closed:
                self.fields[name] = control_for(need, lead)
        if user.has_perm(WAIVE):
            self.fields["waiver"] = _waiver()
        for name, value in {"stage": stage.pk, "seen": lead.deal.stage_id, "asked": "yes"}.items():
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, initial=value, required=False)

    def clean(self) -> dict[str, Any]:
        """Whatever is still missing needs somebody who waives it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("waiver"):
            for name in self.needs:
                if self.has_error(name, "required"):
                    del self.errors[name]
            return given
        for name, need in self.needs.items():
            if need in self.closed:
                self.add_error(None, f"{need}: this cannot be filled in here.")
            elif name not in self.errors and (fault := _fault(need, given.get(name))):
                self.add_error(name, fault)
        return given

    @property
    def waiver(self) -> str:
        return str(self.cleaned_data.get("waiver", ""))

    @property
    def supplies(self) -> Supplies:
        """What was filled in, as `move_deal` takes it."""
        given = {need: value for need, value in self._given() if value not in EMPTY}
        return Supplies(
            facts=dict(_fact(need, value) for need, value in given.items() if need.field),
            attributes={
                need.custom_field.key: typed_value(need.custom_field, value)
                for need, value in given.items()
                if need.custom_field
            },
            answers={need.question.pk: value for need, value in given.items() if need.question},
            activities={need.kind.key: value for need, value in given.items() if need.kind},
        )

    def _given(self) -> Iterator[tuple[Requirement, Any]]:
        for name, need in self.needs.items():
            yield need, self.cleaned_data.get(name)


def needs_of(lead: Lead, stage: Stage) -> list[Requirement]:
    """What stands between a lead's deal and a stage; two queries, one when it is nothing."""
    lacking = missing(lacking_of([lead.deal]).get(lead.pk, []), lead.deal.stage, stage)
    if not lacking:
        return []
    needs = Requirement.objects.select_related("custom_field", "question", "kind", "band")
    return list(needs.filter(pk__in=[asked.pk for asked in lacking]).order_by("stage__order", "pk"))


def control_for(need: Requirement, lead: Lead) -> forms.Field:
    """The control that suits what is asked; the browser lets it be empty, for a waiver may stand instead."""
    control = _control(need, lead)
    control.required = True
    control.error_messages["required"] = MISSING
    control.label = f"{need.kind}: when" if need.kind else str(need)
    return control


def _control(need: Requirement, lead: Lead) -> forms.Field:
    if need.question:
        return answer_control(need.question)
    if need.custom_field:
        return CONTROLS[FieldType(need.custom_field.type)]()
    if need.kind:
        return forms.DateTimeField(
            widget=MomentInput(), input_formats=CLOCK, initial=timezone.now, help_text="It is logged."
        )
    return FIELD_CONTROLS[need.field](lead)


FIELD_CONTROLS: dict[str, Callable[[Lead], forms.Field]] = {
    "deal.value": lambda lead: forms.DecimalField(
        min_value=0, max_digits=14, decimal_places=2, help_text=f"In {lead.deal.currency}."
    ),
    "deal.product": lambda lead: forms.ModelChoiceField(products_of(lead.product_line_id)),
    "deal.expected_close_on": lambda _: date_field(""),
    "lead.pain": lambda _: forms.CharField(max_length=400),
    "lead.source": lambda _: forms.ModelChoiceField(Source.objects.all()),
    "lead.campaign": lambda _: forms.ModelChoiceField(Campaign.objects.all()),
    "company.industry": lambda _: forms.CharField(max_length=120),
    "company.employees": lambda _: forms.IntegerField(min_value=0, max_value=10_000_000),
    "company.annual_revenue": lambda _: forms.DecimalField(min_value=0, max_digits=18, decimal_places=2),
    "company.country": lambda _: forms.ChoiceField(choices=[("", "–"), *countries]),
    "contact.email": lambda _: forms.EmailField(max_length=254),
    "contact.phone": lambda _: forms.CharField(max_length=40),
    "contact.job_title": lambda _: forms.CharField(max_length=120),
}
ROWS = ("deal.product", "lead.source", "lead.campaign")  # stored as numbers of rows


def _fact(need: Requirement, value: Any) -> tuple[str, Any]:
    return (f"{need.field}_id", value.pk) if need.field in ROWS else (need.field, value)


def _fault(need: Requirement, value: object) -> str:
    if value in EMPTY:
        return MISSING
    wanted = need.value
    return "" if wanted is None or value == wanted else f"This is needed: {need}."


def _can_be_given(need: Requirement, lead: Lead) -> bool:
    """A band is earned, and what nobody has added yet has no industry and no phone."""
    if need.field.startswith("contact."):
        return lead.contacts.exists()
    return not need.band and (lead.company_id is not None or not need.field.startswith("company."))


def _waiver() -> forms.Field:
    return forms.CharField(
        label="Or move it without",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="Say why. It stays in the history.",
    )
