"""The commercial side of a lead, and the whole history of its stage, value and confidence."""

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models

from leads.models import Lead, Product, Team, User
from leads.models.organisation import validate_currency
from pipeline.models.stages import Competitor, LostReason, Stage
from pipeline.querysets import DealQuerySet
from scoring.models import Band


class ConfidenceSource(models.TextChoices):
    AUTOMATIC = "automatic", "Automatic"
    INITIAL = "initial", "Given when added"
    MANUAL = "manual", "Set by hand"


class Category(models.TextChoices):
    """How sure a forecast is of an open deal."""

    COMMIT = "commit", "Commit"
    BEST_CASE = "best_case", "Best case"
    PIPELINE = "pipeline", "Pipeline"
    OMITTED = "omitted", "Omitted"


class Deal(models.Model):
    """Every lead has one from birth; it is part of board, forecast and funnel once it has entered."""

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="deal")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="deals")
    product = models.ForeignKey(Product, models.PROTECT, null=True, blank=True, related_name="deals")
    value = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(max_length=3, validators=[validate_currency])
    value_estimated = models.BooleanField(default=False)
    confidence = models.PositiveSmallIntegerField()
    automatic_confidence = models.PositiveSmallIntegerField()
    confidence_source = models.CharField(
        max_length=9, choices=ConfidenceSource, default=ConfidenceSource.AUTOMATIC
    )
    manual_until = models.DateField(null=True, blank=True)
    category_by_hand = models.CharField(
        max_length=9,
        choices=Category,
        blank=True,
        db_default="",
        help_text="Empty: the forecast's category follows the confidence.",
    )
    expected_close_on = models.DateField(null=True, blank=True)
    close_estimated = models.BooleanField(default=False)
    entered_at = models.DateTimeField(null=True, blank=True)
    stage_entered_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)
    imported_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its history came from another system; silence counts from then.",
    )
    entry_score = models.SmallIntegerField(null=True, blank=True)
    entry_band = models.ForeignKey(Band, models.PROTECT, null=True, blank=True, related_name="+")
    close_score = models.SmallIntegerField(null=True, blank=True)
    close_band = models.ForeignKey(Band, models.PROTECT, null=True, blank=True, related_name="+")
    scores_filled_later = models.BooleanField(
        default=False, help_text="Entry or closing scores were computed afterwards for their date."
    )
    closed_owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    lost_reason = models.ForeignKey(LostReason, models.PROTECT, null=True, blank=True, related_name="+")
    lost_note = models.TextField(blank=True)
    lost_to = models.ForeignKey(Competitor, models.PROTECT, null=True, blank=True, related_name="lost_deals")

    objects = DealQuerySet.as_manager()

    class Meta:
        permissions = [("waive_requirements", "Can move deals past missing requirements")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(value__gte=0), name="deal_value_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__range=(0, 100), automatic_confidence__range=(1, 99)),
                name="deal_confidence_is_a_percentage",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "lead"], name="deal_of_stage"),
            models.Index(fields=["expected_close_on"], name="deal_expected_close"),
        ]

    def __str__(self) -> str:
        return f"Deal of {self.lead}"

    @property
    def weighted_value(self) -> Decimal | None:
        """Value times confidence, in the deal's own currency; `with_money` has it in the organisation's."""
        return None if self.value is None else self.value * self.confidence / 100


class StageChange(models.Model):
    """An interval in a stage, with both confidences as they were on entering it."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="stage_changes")
    from_stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="+")
    to_stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    confidence = models.PositiveSmallIntegerField()
    automatic_confidence = models.PositiveSmallIntegerField()
    reconstructed = models.BooleanField(default=False)
    waived = models.JSONField(default=list, blank=True, help_text="What was missing and waived, in words.")
    waiver = models.TextField(blank=True, help_text="Why it was waived.")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["entered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["deal"], condition=models.Q(left_at=None), name="deal_is_in_one_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(left_at=None) | models.Q(left_at__gte=models.F("entered_at")),
                name="stage_is_left_after_entering",
            ),
        ]
        indexes = [models.Index(fields=["deal", "entered_at"], name="stage_change_of_deal")]

    def __str__(self) -> str:
        return f"{self.from_stage or '–'} → {self.to_stage}"


class DealChange(models.Model):
    """A change of value, product or expected close; both sides as text."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="changes")
    field = models.CharField(
        max_length=20,
        choices=[
            ("value", "Value"),
            ("currency", "Currency"),
            ("product", "Product"),
            ("expected_close_on", "Expected close"),
        ],
    )
    before = models.CharField(max_length=120, blank=True)
    after = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["deal", "at"], name="deal_change_of_deal")]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.before or '–'} → {self.after or '–'}"


class ConfidenceChange(models.Model):
    """A change of confidence with the lines of the automatic value at that moment."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="confidence_changes")
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField()
    automatic = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=9, choices=ConfidenceSource)
    lines = models.JSONField(
        default=list, help_text="[{kind, name, points}]; their sum is the automatic value."
    )
    reason = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["deal", "at"], name="confidence_change_of_deal")]

    def __str__(self) -> str:
        return f"{self.before} → {self.after} %"


class CategoryChange(models.Model):
    """A deal moved to another category of the forecast by hand, or given back to its confidence."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="category_changes")
    before = models.CharField(max_length=9, choices=Category, blank=True)
    after = models.CharField(max_length=9, choices=Category, blank=True)
    note = models.TextField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["deal", "at"], name="category_change_of_deal")]

    def __str__(self) -> str:
        before, after = self.get_before_display(), self.get_after_display()
        return f"{before or 'by confidence'} → {after or 'by confidence'}"


class PendingConfidence(models.Model):
    """News about a lead that waits for its confidence; every piece is a row, no unique key."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+", db_constraint=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"lead {self.lead_id}"
