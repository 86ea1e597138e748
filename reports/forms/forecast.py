"""What a forecast is asked; page, list, files and API read it here."""

from typing import Any

from django import forms
from django.db.models import Q

from leads.organisation import organisation, today
from pipeline.querysets import DealQuerySet
from reports.asking import ScopeForm, WordField, check_length
from reports.dimensions import NONE, Dimension
from reports.forecast import ForecastQuery, Shown, periods_of, shown_deals
from reports.periods import DAY, YEAR_MONTHS, By, add_months, month_start, usual_span
from reports.slices import SPLITS, sliced


class ForecastForm(ScopeForm):
    by = WordField(*By)
    weighted = WordField("true", "false")
    split = WordField(*SPLITS)

    def clean(self) -> dict[str, Any]:
        """Fill in what was left out: the usual span, or a year from the one day that is given."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        usual = usual_span(today(), organisation().fiscal_year_start)
        start, end = cleaned["start"], cleaned["end"]
        if start and not end:
            cleaned["end"] = add_months(month_start(start), YEAR_MONTHS) - DAY
        elif end and not start:
            cleaned["start"] = add_months(month_start(end), 1 - YEAR_MONTHS)
        elif not start:
            cleaned |= {"start": usual.start, "end": usual.end}
        check_length(self, cleaned)
        return cleaned

    def query(self) -> ForecastQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return ForecastQuery(
            start=cleaned["start"],
            end=cleaned["end"],
            by=By(cleaned["by"]),
            weighted=cleaned["weighted"] == "true",
            **self.scope,
        )

    @property
    def splits(self) -> list[Dimension]:
        return list(SPLITS)

    @property
    def dimension(self) -> Dimension:
        """What the second table is split by."""
        return Dimension(self.cleaned_data["split"])


TITLES = {
    Shown.DEALS: "Won and open deals",
    Shown.WON: "Won deals",
    Shown.OPEN: "Open deals",
    Shown.OVERDUE: "Open deals that are overdue",
    Shown.UNDATED: "Open deals without an expected close",
    Shown.WON_UNDATED: "Won deals, date unknown",
    Shown.LOST_UNDATED: "Lost deals, date unknown",
    Shown.UNCONVERTED: "Deals without an exchange rate",
    Shown.COMMIT: "Commit",
    Shown.BEST_CASE: "Best case",
    Shown.PIPELINE: "Pipeline",
    Shown.OMITTED: "Omitted",
}


class ForecastDealsForm(ForecastForm):
    """One number of a forecast."""

    show = WordField(*Shown)
    period = forms.CharField(required=False)
    slice = forms.RegexField(
        rf"^({NONE}|[0-9]{{1,18}})\Z", required=False, error_messages={"invalid": "There is no such row."}
    )

    def clean(self) -> dict[str, Any]:
        """Find the period by its key among those that are asked for."""
        cleaned = super().clean()
        key = cleaned.get("period")
        if key and not self.errors:
            cleaned["period"] = next(
                (period for period in periods_of(self.query()) if period.key == key), None
            )
            if cleaned["period"] is None:
                self.add_error("period", f"There is no {cleaned['by']} “{key[:20]}” in this forecast.")
        return cleaned

    @property
    def title(self) -> str:
        """What the number is, and of when."""
        shown, period = Shown(self.cleaned_data["show"]), self.cleaned_data["period"]
        if period or shown.is_category or shown in (Shown.DEALS, Shown.WON, Shown.OPEN):
            of = f" of one {self.dimension.label.lower()}" if self.cleaned_data["slice"] else ""
            return f"{TITLES[shown]}{of}, {period.name if period else self.query().span.label}"
        return TITLES[shown]

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        shown, period = Shown(self.cleaned_data["show"]), self.cleaned_data["period"]
        deals = shown_deals(self.user, self.query(), shown, period or None)
        key = self.cleaned_data["slice"]
        return sliced(deals, self.dimension).filter(Q(slice=key)) if key else deals
