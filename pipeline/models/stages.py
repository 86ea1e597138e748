"""The process: pipelines, stages, and what moves the automatic confidence."""

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower

from leads.answers import typed_answer
from leads.models import ActivityKind, CustomField, ProductLine, Question
from pipeline.fields import FIELDS, Subject, answer_in_words
from pipeline.querysets import LostReasonQuerySet, StageQuerySet
from scoring.models import Band

PERCENT = [MinValueValidator(1), MaxValueValidator(99)]


class Pipeline(models.Model):
    """The stages that deals pass; new deals of a product line start in its default pipeline."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    product_line = models.ForeignKey(
        ProductLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="pipelines",
        help_text="Empty: all others.",
    )
    is_default = models.BooleanField("default of its product line", default=True)
    cycle_days = models.PositiveSmallIntegerField(
        "median cycle",
        default=60,
        editable=False,
        help_text="Days from entering to winning, measured nightly; new deals expect to close after as many.",
    )
    refreshed_on = models.DateField(
        null=True, editable=False, help_text="The organisation's day of the last nightly refresh."
    )

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product_line"],
                condition=models.Q(is_default=True),
                nulls_distinct=False,
                name="one_default_pipeline_per_line",
                violation_error_message="This product line already has a default pipeline.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class Stage(models.Model):
    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="stages")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField()
    confidence = models.PositiveSmallIntegerField(
        "base confidence", validators=PERCENT, help_text="Per cent, before activities and answers."
    )
    silence_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text="After this many days without contact confidence falls; empty: never.",
    )
    silence_points = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(99)])
    rot_days = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Longer than this here is too long."
    )
    guidance = models.TextField(blank=True, help_text="What to do in this stage.")
    removed_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Deals that passed it keep it in their history."
    )
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="Where its deals went when it was removed; reports count it as this one.",
    )

    objects = StageQuerySet.as_manager()

    class Meta:
        ordering = ["pipeline", "order"]
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "key"], name="stage_key_is_unique_in_pipeline"),
            models.UniqueConstraint(
                fields=["pipeline", "order", "removed_at"],
                name="stage_order_is_unique",
                deferrable=models.Deferrable.DEFERRED,
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__range=(1, 99)), name="stage_confidence_is_1_to_99"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Requirement(models.Model):
    """What must be there before a deal enters a stage or passes it: exactly one of these."""

    SUBJECTS = ("field", "custom_field", "question", "kind", "band")

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="requirements")
    field = models.CharField(
        max_length=40, blank=True, choices=[(path, field.label) for path, field in FIELDS.items()]
    )
    custom_field = models.ForeignKey(
        CustomField,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"entity": "lead"},
    )
    question = models.ForeignKey(Question, models.CASCADE, null=True, blank=True, related_name="+")
    value = models.JSONField(
        "answer", null=True, blank=True, help_text='Empty: any. Else true, false, a number or "a text".'
    )
    kind = models.ForeignKey(
        ActivityKind, models.CASCADE, null=True, blank=True, related_name="+", verbose_name="activity"
    )
    band = models.ForeignKey(
        Band, models.CASCADE, null=True, blank=True, related_name="+", help_text="This band or a better one."
    )

    class Meta:
        ordering = ["stage", "id"]

    def __str__(self) -> str:
        named = {name: str(row) for name, row in self._rows.items() if row}
        return str(Subject(field=self.field, value=self.value, **named))

    @property
    def _rows(self) -> dict[str, models.Model | None]:
        return {
            "custom": self.custom_field,
            "question": self.question,
            "kind": self.kind,
            "band": self.band,
        }

    def clean(self) -> None:
        """Refuse none or several subjects, and an answer that nobody can give."""
        if sum(bool(getattr(self, name)) for name in self.SUBJECTS) != 1:
            raise ValidationError("Choose one: a field, a custom field, a question, an activity or a band.")
        if self.value is not None and not self.question:
            raise ValidationError({"value": "An answer belongs to a question."})
        if self.question and self.value is not None:
            self.value = typed_answer(self.question, self.value)


class KeyActivity(models.Model):
    """A kind of activity that raises confidence once, in one stage or in any."""

    kind = models.ForeignKey(ActivityKind, models.CASCADE, related_name="+")
    stage = models.ForeignKey(
        Stage,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="key_activities",
        help_text="Empty: any stage.",
    )
    points = models.SmallIntegerField(validators=[MinValueValidator(-99), MaxValueValidator(99)])

    class Meta:
        verbose_name_plural = "key activities"
        ordering = ["kind", "stage"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "stage"], nulls_distinct=False, name="key_activity_is_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points:+d}"


class AnswerPoint(models.Model):
    """What an answer is worth to confidence."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="+")
    value = models.JSONField(help_text='true, false, a number or a text in quotes, such as "This year".')
    points = models.SmallIntegerField(validators=[MinValueValidator(-99), MaxValueValidator(99)])

    class Meta:
        ordering = ["question", "id"]
        constraints = [models.UniqueConstraint(fields=["question", "value"], name="answer_point_is_once")]

    def __str__(self) -> str:
        return f"{self.question}: {answer_in_words(self.value)} {self.points:+d}"


class LostReason(models.Model):
    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    order = models.PositiveSmallIntegerField(default=0)
    needs_note = models.BooleanField(default=False)
    asks_competitor = models.BooleanField(
        "asks for the competitor",
        default=False,
        help_text="Whoever gives this reason is asked to whom the deal was lost.",
    )

    objects = LostReasonQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class Competitor(models.Model):
    """Somebody to whom deals were lost; made by the first loss that names them."""

    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="competitor_name_is_unique")]

    def __str__(self) -> str:
        return self.name
