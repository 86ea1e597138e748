"""What a funnel is asked; page, list, files and API read it here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django import forms

from leads.models import User
from leads.models.leads import ContactRole
from pipeline.models import LostReason, Pipeline
from pipeline.querysets import DealQuerySet
from reports.asking import SCOPE, NamedField, WordField, offer
from reports.comparison import OURS, THEIRS
from reports.dimensions import NONE, Dimension, Segment, nameless
from reports.forms.against import AgainstForm
from reports.funnel import NO_REASONS, Cohort, FunnelQuery, Passed, passed_deals, pipelines_for, with_reason
from reports.funnel_parts import OTHERS, SPLITS, deals_of_part, month_of
from reports.funnel_report import FunnelReport, funnel_report
from scoring.models import Band

WORDS = (Dimension.ROLE, Dimension.BAND, Dimension.PAIN)  # filters beside those that all reports share
TABLES = ("stages", "reasons", "months", "parts", "comparison")


class PainField(NamedField[Any]):
    """Any pain, in the words in which it was told."""

    def to_python(self, value: str | None) -> Segment | None:
        if not value:
            return None
        return self.rows.get(value) or Segment(Dimension.PAIN, value, value)


class FunnelForm(AgainstForm):
    pipeline = NamedField[Pipeline]("pipeline")
    cohort = WordField(*Cohort)
    measure = WordField("leads", "value")
    split = WordField(*SPLITS)
    role = NamedField[Any]("role")
    band = NamedField[Any]("band")
    pain = PainField("pain")
    table = WordField(*TABLES)

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        self.pipelines = pipelines_for(user)
        offer(self, "pipeline", {pipeline.key: pipeline for pipeline in self.pipelines})
        roles = {key: Segment(Dimension.ROLE, key, label) for key, label in ContactRole.choices}
        self.bands = list(Band.objects.all())
        bands = {band.key: Segment(Dimension.BAND, str(band.pk), band.name) for band in self.bands}
        for dimension, segments in ((Dimension.ROLE, roles), (Dimension.BAND, bands), (Dimension.PAIN, {})):
            offer(self, dimension, segments | {NONE: Segment(dimension, NONE, nameless(dimension))})

    def clean(self) -> dict[str, Any]:
        """The usual pipeline where none is asked for."""
        if not self.cleaned_data.get("pipeline"):
            self.cleaned_data["pipeline"] = self.pipelines[0]
        return super().clean()

    @property
    def filters(self) -> list[str]:
        """The usual chips, and those of the funnel's own filters that are set."""
        return [*SCOPE, *(word for word in WORDS if self.cleaned_data.get(word))]

    def query(self) -> FunnelQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return FunnelQuery(
            pipeline=cleaned["pipeline"],
            start=cleaned["start"],
            end=cleaned["end"],
            cohort=Cohort(cleaned["cohort"]),
            segments=tuple(cleaned[word] for word in WORDS if cleaned[word]),
            **self.scope,
        )

    @property
    def splits(self) -> list[Dimension]:
        return list(SPLITS)

    @property
    def dimension(self) -> Dimension:
        """What the table of parts is split by."""
        return Dimension(self.cleaned_data["split"])

    @property
    def signs(self) -> dict[str, str]:
        """Of the bands, where the split is by band."""
        is_by_band = self.dimension == Dimension.BAND
        return {str(band.pk): band.colour for band in self.bands} if is_by_band else {}

    def report(self) -> FunnelReport:
        """The figures, of a valid form."""
        return funnel_report(self.user, self.query(), self.dimension, self.rival, names=self._names)

    @cached_property
    def _names(self) -> dict[str, str]:
        """What the parts are called that can be chosen, by their keys."""
        return {segment.key: segment.name for segment in self.segments(self.dimension).values()}

    @cached_property
    def addresses(self) -> dict[str, str]:
        """By what the report is filtered for the parts of the split, by their keys, as far as it can be."""
        return {segment.key: name for name, segment in self.segments(self.dimension).items()}

    def address_of(self, key: str) -> str:
        """The name by which the report is filtered for a part of the split; empty where there is none."""
        is_told = self.dimension == Dimension.PAIN and key != OTHERS
        return key if is_told else self.addresses.get(key, "")


class FunnelDealsForm(FunnelForm):
    """One number of a funnel."""

    passed = WordField(*Passed)
    side = WordField(OURS, THEIRS)
    stage = forms.CharField(required=False)
    reason = forms.CharField(required=False)
    slice = forms.CharField(required=False)
    period = forms.RegexField(
        re.compile(r"(19|20)\d\d-(0[1-9]|1[012])\Z", re.ASCII),
        required=False,
        error_messages={"invalid": "That is no month. Write it as 2026-10."},
    )

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
        words = {Passed.HERE: "Still here", Passed.ENTERED: "Entered", Passed.WON: "Won"}
        passed = Passed(self.cleaned_data["passed"])
        stage = self.cleaned_data["stage"]
        month = self._month
        return ", ".join(
            part
            for part in (
                words.get(passed, passed.capitalize()),
                stage and stage.name,
                self._reason,
                self._part,
                month and f"{month:%b %Y}",
                self.rival and self.cleaned_data["side"] == THEIRS and self.rival.name,
            )
            if part
        )

    @property
    def _asked(self) -> FunnelQuery:
        return self.rival.query if self.rival and self.cleaned_data["side"] == THEIRS else self.query()

    @property
    def _reason(self) -> str:
        key = self.cleaned_data["reason"]
        told = LostReason.objects.filter(key=key).first() if key else None
        return told.name if told else NO_REASONS.get(key, "")

    @property
    def _part(self) -> str:
        key = self.cleaned_data["slice"]
        if not key or key == OTHERS:
            return key and "all others"
        told = self.segment(self.dimension, key)
        unknown = told.name if told else f"one {self.dimension.label.lower()}"
        return self._names.get(key, unknown)

    @property
    def _month(self) -> date | None:
        key = self.cleaned_data["period"]
        return date(int(key[:4]), int(key[5:]), 1) if key else None

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        cleaned, query = self.cleaned_data, self._asked
        span = month_of(query, self._month) if self._month else None
        asked = replace(query, start=span.start, end=span.end) if span else query
        deals = passed_deals(self.user, asked, Passed(cleaned["passed"]), cleaned["stage"] or None)
        if cleaned["reason"]:
            deals = with_reason(deals, cleaned["reason"])
        if cleaned["slice"]:
            deals = deals_of_part(deals, self.user, query, self.dimension, cleaned["slice"])
        return deals
