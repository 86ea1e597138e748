"""What a funnel is asked; page, list, files and API read it here."""

from collections.abc import Mapping
from typing import Any

from django import forms

from leads.models import User
from pipeline.models import LostReason, Pipeline
from pipeline.querysets import DealQuerySet
from reports.asking import NamedField, ScopeForm, WordField, offer
from reports.funnel import NO_REASONS, Cohort, FunnelQuery, Passed, passed_deals, pipelines_for, with_reason
from scoring.models import Band


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
