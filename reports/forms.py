"""What forecast and funnel are asked; page, list, files and API read it here."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from leads.models import User
from leads.organisation import organisation, today
from pipeline.models import LostReason, Pipeline
from pipeline.querysets import DealQuerySet
from reports.asking import NamedField, ScopeForm, WordField, offer
from reports.forecast import ForecastQuery, Shown, periods_of, shown_deals
from reports.funnel import NO_REASONS, Cohort, FunnelQuery, Passed, passed_deals, pipelines_for, with_reason
from reports.periods import DAY, YEAR_MONTHS, By, Span, add_months, month_start, usual_span
from reports.slices import NONE, Dimension, sliced
from scoring.models import Band

LONGEST = 60  # months


class ForecastForm(ScopeForm):
    by = WordField(*By)
    weighted = WordField("true", "false")
    split = WordField(*Dimension)

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
        if len(Span(cleaned["start"], cleaned["end"]).months) > LONGEST:
            self.add_error(
                "end", f"A forecast covers at most {LONGEST // YEAR_MONTHS} years. Choose a shorter period."
            )
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
        return list(Dimension)

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


class FunnelForm(ScopeForm):
    pipeline = NamedField[Pipeline]("pipeline")
    cohort = WordField(*Cohort)
    measure = WordField("leads", "value")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        self.pipelines = pipelines_for(user)
        offer(self, "pipeline", {pipeline.key: pipeline for pipeline in self.pipelines})

    def clean(self) -> dict[str, Any]:
        """The usual pipeline where none is asked for."""
        cleaned = super().clean()
        return cleaned | {"pipeline": cleaned.get("pipeline") or self.pipelines[0]}

    def query(self) -> FunnelQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return FunnelQuery(
            pipeline=cleaned["pipeline"],
            start=cleaned["start"],
            end=cleaned["end"],
            cohort=Cohort(cleaned["cohort"]),
            **self.scope,
        )


class FunnelDealsForm(FunnelForm):
    """One number of a funnel."""

    passed = WordField(*Passed)
    stage = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    band = NamedField[Band]("band")

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        offer(self, "band", {band.key: band for band in Band.objects.all()})

    def clean(self) -> dict[str, Any]:
        """Find the stage by its key in the pipeline that is asked for."""
        cleaned = super().clean()
        key = cleaned.get("stage")
        if key and not self.errors:
            pipeline = cleaned["pipeline"]
            cleaned["stage"] = pipeline.stages.filter(key=key).first()
            if cleaned["stage"] is None:
                self.add_error("stage", f"{pipeline} has no stage “{key[:60]}”.")
        return cleaned

    @property
    def title(self) -> str:
        """What the number is, and where."""
        stage, band = self.cleaned_data["stage"], self.cleaned_data["band"]
        words = {Passed.HERE: "Still here", Passed.ENTERED: "Entered", Passed.WON: "Won"}
        passed = Passed(self.cleaned_data["passed"])
        return ", ".join(
            part
            for part in (
                words.get(passed, passed.capitalize()),
                stage and stage.name,
                self._reason,
                band and band.name,
            )
            if part
        )

    @property
    def _reason(self) -> str:
        key = self.cleaned_data["reason"]
        told = LostReason.objects.filter(key=key).first() if key else None
        return told.name if told else NO_REASONS.get(key, "")

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        cleaned = self.cleaned_data
        deals = passed_deals(self.user, self.query(), Passed(cleaned["passed"]), cleaned["stage"] or None)
        if cleaned["reason"]:
            deals = with_reason(deals, cleaned["reason"])
        return deals.filter(entry_band=cleaned["band"]) if cleaned["band"] else deals
