"""Forms about a deal: move, win, lose, reopen, value and dates, confidence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from leads.models import Product, User
from leads.organisation import organisation, today
from pipeline.actions.requiring import WAIVE
from pipeline.choices import choices_for
from pipeline.forms.widgets import SuggestingInput, date_field
from pipeline.models import Competitor, Deal, LostReason, Stage

BOUNDS = "A confidence is between 0 and 100 %%."  # a form fills in figures with %


class StageForm(forms.Form):
    """A stage of the deal's pipeline, to move or to reopen to; `seen` is the one that the page showed."""

    stage = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "This stage is not one of the deal's pipeline."},
    )
    seen = forms.ChoiceField(required=False, widget=forms.HiddenInput)

    def __init__(self, deal: Deal, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"stage": deal.stage_id, "seen": deal.stage_id}
        super().__init__(*args, **kwargs)
        self.stages = {
            str(stage.pk): stage for stage in Stage.objects.current().filter(pipeline=deal.stage.pipeline_id)
        }
        for name in ("stage", "seen"):
            self.fields[name].choices = [(key, stage.name) for key, stage in self.stages.items()]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Stage:
        return self.stages[self.cleaned_data["stage"]]

    @property
    def expected(self) -> Stage | None:
        """Where the deal stood when the page was made."""
        return self.stages.get(self.cleaned_data["seen"])


class StagesForm(forms.Form):
    """A stage of any pipeline, for several deals; those of other pipelines are refused one by one."""

    stage = forms.ChoiceField()
    waiver = forms.CharField(
        label="Where something is missing, move it without",
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 2}),
        help_text="Say why. It stays in the history of those that lack something.",
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = choices_for(user).stages  # type: ignore[attr-defined]
        if not user.has_perm(WAIVE):
            del self.fields["waiver"]

    @property
    def stage_id(self) -> int:
        return int(self.cleaned_data["stage"])

    @property
    def waived_because(self) -> str:
        return str(self.cleaned_data.get("waiver", ""))


class WinForm(forms.Form):
    closed_on = date_field("Won on", required=True)
    note = forms.CharField(label="Note", required=False, max_length=2000, widget=forms.Textarea({"rows": 2}))


class LoseForm(forms.Form):
    """Why a deal is lost, and to whom; the reason that this user gave last is chosen."""

    reason = forms.ModelChoiceField(LostReason.objects.all(), empty_label=None, widget=forms.RadioSelect)
    competitor = forms.CharField(
        label="Lost to",
        required=False,
        max_length=120,
        widget=SuggestingInput(),
        help_text="The competitor. Those named before are suggested.",
    )
    note = forms.CharField(
        label="What happened", required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    closed_on = date_field("Lost on", required=True)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        reasons = LostReason.objects.last_given_first(user)
        given: list[Any] = list(reasons)
        first = given[0] if given else None
        kwargs["initial"] = {**closing_today(), "reason": first.pk if first and first.given_at else None}
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = reasons  # type: ignore[attr-defined]
        if among := _named(reason for reason in given if reason.asks_competitor):
            self.fields["competitor"].help_text = f"Needed with {among}. Those named before are suggested."
        if among := _named(reason for reason in given if reason.needs_note):
            self.fields["note"].help_text = f"Needed with {among}."
        widget = self.fields["competitor"].widget
        widget.suggestions = Competitor.objects.values_list("name", flat=True)

    def clean(self) -> dict[str, Any]:
        """Ask for the competitor where the reason does."""
        cleaned = super().clean() or self.cleaned_data
        reason = cleaned.get("reason")
        if reason and reason.asks_competitor and not cleaned.get("competitor"):
            self.add_error("competitor", f"“{reason}” needs a name: who has won the deal?")
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as DealClosing takes it."""
        told = {name: self.cleaned_data[name] for name in ("competitor", "note", "closed_on")}
        return told | {"reason_key": self.cleaned_data["reason"].key}


def _named(reasons: Iterable[LostReason]) -> str:
    return " or ".join(f"“{reason}”" for reason in reasons)


class DealForm(forms.Form):
    """Value, product and expected close; what was estimated is no longer once somebody has typed it."""

    value = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        localize=False,
        widget=forms.NumberInput({"step": "0.01", "inputmode": "decimal"}),
        error_messages={"min_value": "A value is never below 0."},
    )
    currency = forms.RegexField(
        r"^[A-Z]{3}$", label="Currency", strip=True, widget=forms.TextInput({"size": 3})
    )
    product = forms.ModelChoiceField(Product.objects.none(), required=False, empty_label="No product")
    expected_close_on = date_field("Expected close")

    def __init__(self, *args: Any, products: QuerySet[Product], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = products  # type: ignore[attr-defined]
        self.fields["currency"].error_messages["invalid"] = "Three capital letters, such as EUR."

    @property
    def facts(self) -> dict[str, Any]:
        """What was typed, as `set_deal` takes it."""
        product = self.cleaned_data["product"]
        return {
            "value": self.cleaned_data["value"],
            "currency": self.cleaned_data["currency"],
            "product_id": product and product.pk,
            "expected_close_on": self.cleaned_data["expected_close_on"],
        }


class ConfidenceForm(forms.Form):
    percent = forms.IntegerField(
        label="Confidence in per cent",
        min_value=0,
        max_value=100,
        error_messages={
            "min_value": BOUNDS,
            "max_value": BOUNDS,
        },
    )
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text="It stands beside the value.",
    )
    until = date_field("Until", help_text="Then it returns to automatic by itself; empty: until released.")


def products_of(product_line_id: int | None) -> QuerySet[Product]:
    """The products that a lead of this line may buy."""
    products = Product.objects.select_related("product_line")
    return products.filter(product_line=product_line_id) if product_line_id else products


def closing_today() -> dict[str, Any]:
    return {"closed_on": today()}


def deal_facts(deal: Deal) -> dict[str, Any]:
    """A deal as the form shows it."""
    return {
        "value": deal.value,
        "currency": deal.currency or organisation().currency,
        "product": deal.product_id,
        "expected_close_on": deal.expected_close_on,
    }
