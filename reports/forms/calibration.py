"""Which calibration is asked, and which proposals are adopted; page, list, files and API read it here."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from leads.models import User
from pipeline.actions import Adoption
from pipeline.models import Pipeline, Stage
from pipeline.querysets import DealQuerySet
from reports.asking import NamedField, ScopeForm, WordField, offer
from reports.calibration import Calibration, Shown, StageCalibration, calibration, shown_deals
from reports.calibration_parts import SPLITS
from reports.dimensions import NONE, Dimension, Segment
from reports.observations import CalibrationQuery, Judged, ages, stages_for

PERCENTAGE = "A percentage is a whole number from 0 to 100."
MOST = 100  # stages in one click


class CalibrationForm(ScopeForm):
    """Which pipeline and confidence are judged; `stage` looks at one, `split` sorts the last table."""

    pipeline = NamedField[Pipeline]("pipeline")
    stage = NamedField[Stage]("stage")
    confidence = WordField(*Judged)
    split = WordField(*SPLITS)

    def __init__(self, asked: Mapping[str, Any], *, user: User) -> None:
        super().__init__(asked, user=user)
        every = stages_for(user)
        self.pipelines = list(dict.fromkeys(stage.pipeline for stage in every))
        offer(self, "pipeline", {pipeline.key: pipeline for pipeline in self.pipelines})
        key = asked.get("pipeline") or self.pipelines[0].key
        self.stages = [stage for stage in every if stage.pipeline.key == key]
        offer(self, "stage", {stage.key: stage for stage in self.stages})

    def clean(self) -> dict[str, Any]:
        """The usual pipeline where none is asked for."""
        cleaned = super().clean()
        return cleaned | {"pipeline": cleaned.get("pipeline") or self.pipelines[0]}

    @property
    def splits(self) -> list[Dimension]:
        """What the table of slices may be split by."""
        return list(SPLITS)

    @property
    def dimension(self) -> Dimension:
        return Dimension(self.cleaned_data["split"])

    def query(self) -> CalibrationQuery:
        """What is asked, of a valid form."""
        cleaned = self.cleaned_data
        return CalibrationQuery(
            pipeline=cleaned["pipeline"],
            start=cleaned["start"],
            end=cleaned["end"],
            judged=Judged(cleaned["confidence"]),
            stage=cleaned["stage"],
            **self.scope,
        )

    @cached_property
    def report(self) -> Calibration:
        """The figures of a valid form, counted once."""
        return calibration(self.user, self.query(), self.dimension)


TITLES = {
    Shown.COUNTED: "Won or lost",
    Shown.WON: "Won",
    Shown.LOST: "Lost",
    Shown.YOUNG: "Closed, but too young to count",
    Shown.DISQUALIFIED: "Disqualified",
    Shown.OPEN: "Still open, though old enough to count",
    Shown.UNDATED: "Closed, date unknown",
}


class CalibrationDealsForm(CalibrationForm):
    """One number of a calibration, perhaps of one percentage on entering, or of one rep."""

    show = WordField(*Shown)
    percent = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=100,
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), PERCENTAGE),
    )
    slice = forms.RegexField(
        rf"^({NONE}|[0-9]{{1,18}})\Z", required=False, error_messages={"invalid": "There is no such row."}
    )

    @property
    def title(self) -> str:
        """What the number is, and of what."""
        cleaned = self.cleaned_data
        percent = cleaned["percent"]
        parts = [
            TITLES[Shown(cleaned["show"])],
            cleaned["stage"] and f"entered {cleaned['stage']}",
            None if percent is None else f"{self.query().judged.label} {percent} % on entering",
            cleaned["slice"] and f"of one {self.dimension.label.lower()}",
        ]
        return ", ".join(part for part in parts if part)

    def deals(self) -> DealQuerySet:
        """The deals behind the number."""
        cleaned, key = self.cleaned_data, self.cleaned_data["slice"]
        pipelines = self.pipelines if key and self.dimension == Dimension.PIPELINE else [cleaned["pipeline"]]
        deals = shown_deals(
            self.user, self.query(), ages(pipelines), Shown(cleaned["show"]), cleaned["percent"]
        )
        return deals.filter(Segment(self.dimension, key, key).condition()) if key else deals


class AdoptionForm(forms.Form):
    """Proposals to adopt, as they were shown: key of the stage, its base, the proposal."""

    def __init__(self, sent: QueryDict, *, report: Calibration) -> None:
        super().__init__(sent)
        self.shown = sent.getlist("adopt")[:MOST]
        self.report = report
        self.rows: list[Adoption] = []

    def clean(self) -> dict[str, Any]:
        """Refuse what nobody proposes now; a base that has changed is for the action to refuse."""
        if not self.report.query.is_everything:
            raise ValidationError(
                "Percentages hold for every deal of a stage. Drop the filters to adopt them."
            )
        found = {row.stage.key: row for row in self.report.stages}
        self.rows = [self._row(shown, found) for shown in self.shown]
        if not self.rows:
            raise ValidationError("Choose a proposal to adopt.")
        return self.cleaned_data

    def _row(self, shown: str, found: Mapping[str, StageCalibration]) -> Adoption:
        parts = re.fullmatch(r"([-\w]{1,60}):(\d{1,2}):(\d{1,2})", shown, re.ASCII)
        if not parts or parts[1] not in found:
            raise ValidationError("There is no such proposal.")
        row, before, after = found[parts[1]], int(parts[2]), int(parts[3])
        if before == row.stage.confidence and after != row.proposed:
            now = "none" if row.proposed is None else f"{row.proposed} %"
            raise ValidationError(f"The proposal for {row.stage} is {now} by now. Nothing was changed.")
        return Adoption(row.stage.pk, before, after)
