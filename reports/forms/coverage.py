"""How much is needed, and when; page, files and API read it here."""

from typing import Any

from django import forms

from leads.organisation import today
from reports.asking import ScopeForm, check_length
from reports.coverage import CoverageQuery
from reports.periods import DAY, add_months, month_start

TOO_MUCH = "A need is below a million millions."


class CoverageForm(ScopeForm):
    """How much is needed, and in which days; the target of this month when nothing is said."""

    need = forms.DecimalField(
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=2,
        error_messages={
            "min_value": "A need is never below 0.",
            "max_digits": TOO_MUCH,
            "max_whole_digits": TOO_MUCH,
            "invalid": "Write an amount such as 20000.",
        },
    )

    def clean(self) -> dict[str, Any]:
        """This month, or the whole month of the one day that is given."""
        cleaned = super().clean()
        if not self.errors:
            day = cleaned["start"] or cleaned["end"] or today()
            cleaned["start"] = cleaned["start"] or month_start(day)
            cleaned["end"] = cleaned["end"] or add_months(month_start(day), 1) - DAY
            check_length(self, cleaned)
        return cleaned

    def query(self) -> CoverageQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return CoverageQuery(cleaned["start"], cleaned["end"], cleaned["need"], **self.scope)
