"""Forms of targets: a figure for each month or quarter, or one for the year that is spread over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from leads.organisation import organisation, today
from pipeline.actions.targets import Wanted
from pipeline.models import Target
from pipeline.years import TargetPeriod

TOO_MUCH = "A target is below a million millions."


class AmountField(forms.DecimalField):
    """An amount of money, with a sentence for every way to miss it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_digits=14,
            decimal_places=2,
            widget=forms.NumberInput({"step": "0.01", "min": "0", "inputmode": "decimal"}),
            error_messages={
                "min_value": "A target is never below 0.",
                "max_digits": TOO_MUCH,
                "max_whole_digits": TOO_MUCH,
                "max_decimal_places": "Money has at most two decimals.",
                "invalid": "Write an amount such as 20000 or 20000.50.",
            },
            **kwargs,
        )


class MoneyForm(forms.Form):
    """What both forms ask: the currency."""

    currency = forms.RegexField(
        r"^[A-Z]{3}\Z",
        strip=True,
        max_length=3,
        widget=forms.TextInput({"size": 3}),
        error_messages={"invalid": "A currency is its ISO code, such as EUR."},
    )


class TargetsForm(MoneyForm):
    """A figure for each period; those that are past are shown and cannot be changed."""

    def __init__(
        self,
        periods: Sequence[TargetPeriod],
        there: Mapping[TargetPeriod, Sequence[Target]],
        sent: Mapping[str, Any] | None = None,
    ) -> None:
        own = [target for targets in there.values() for target in targets]
        currency = own[0].currency if own else organisation().currency
        super().__init__(sent, initial={"currency": currency})
        self.periods = {f"period-{place}": period for place, period in enumerate(periods)}
        for name, period in self.periods.items():
            field = AmountField(required=False, label=period.name, initial=_sum(there[period]))
            if period.is_past(today()):
                field.widget.attrs["disabled"] = True
                field.help_text = "over"
            self.fields[name] = field

    @property
    def wanted(self) -> list[Wanted]:
        """The figures that were sent; a past period's is not, unless somebody insists."""
        return [
            Wanted(period.months, self.cleaned_data[name])
            for name, period in self.periods.items()
            if name in self.data or not period.is_past(today())
        ]


class YearForm(MoneyForm):
    """One figure for the whole year."""

    field_order = ("yearly", "currency")
    yearly = AmountField(label="For the whole year")

    def __init__(self, months: Sequence[date], sent: Mapping[str, Any] | None = None) -> None:
        super().__init__(sent, initial={"currency": organisation().currency}, auto_id="year_%s")
        self.months = tuple(months)

    @property
    def wanted(self) -> list[Wanted]:
        return [Wanted(self.months, self.cleaned_data["yearly"])]


def _sum(targets: Sequence[Target]) -> Decimal | None:
    return sum((target.amount for target in targets), Decimal(0)) if targets else None
