"""Models with their rules, the bands they lead to, and exclusions by hand."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from leads.models import Lead, ProductLine, User
from scoring.querysets import ScoringModelQuerySet


class Lane(models.TextChoices):
    PERSONAL = "personal", "Personal attention"
    AUTOMATED = "automated", "Automated nurturing"
    NONE = "none", "Nothing"


class Band(models.Model):
    """A step of the process that a score leads to; organisation-wide, so that reports span all models."""

    id = models.SmallAutoField(primary_key=True)
    key = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    lane = models.CharField(max_length=9, choices=Lane)
    colour = models.CharField(
        max_length=4,
        choices=[
            ("hot", "Hot (orange)"),
            ("warm", "Warm (amber)"),
            ("cold", "Cold (blue)"),
            ("dead", "Dead (grey)"),
        ],
    )
    order = models.PositiveSmallIntegerField(unique=True, help_text="1 is the best band.")
    qualifies = models.BooleanField(default=False, help_text="Reaching it qualifies new and nurturing leads.")

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class ModelStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    RETIRED = "retired", "Retired"


class ScoringModel(models.Model):
    """One version of the rules of a product line, or of the default (no product line)."""

    name = models.CharField(max_length=120)
    product_line = models.ForeignKey(
        ProductLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="scoring_models",
        help_text="Empty: default.",
    )
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=7, choices=ModelStatus, default=ModelStatus.DRAFT)
    fit_grades = models.JSONField(
        default=list, help_text="Lower bounds of A, B, C in per cent of the maximum."
    )
    engagement_grades = models.JSONField(default=list, help_text="Lower bounds of 1, 2, 3 in per cent.")
    note = models.TextField(blank=True)
    active_from = models.DateTimeField(null=True, blank=True)
    active_to = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    revision = models.PositiveIntegerField(default=0, help_text="How often the draft has been stored.")
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ScoringModelQuerySet.as_manager()

    class Meta:
        ordering = ["product_line__name", "-version"]
        permissions = [("publish_scoringmodel", "Can publish scoring models")]
        constraints = [
            models.UniqueConstraint(
                fields=["product_line", "version"], nulls_distinct=False, name="model_version_is_unique"
            ),
            models.UniqueConstraint(
                fields=["product_line"],
                condition=models.Q(status="active"),
                nulls_distinct=False,
                name="one_active_model_per_line",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"


class GroupKind(models.TextChoices):
    FIT = "fit", "Fit"
    ENGAGEMENT = "engagement", "Engagement"


class Combine(models.TextChoices):
    SUM = "sum", "Sum of all rules"
    BEST = "best", "Best rule only"


class Group(models.Model):
    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="groups")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=GroupKind)
    combine = models.CharField(max_length=4, choices=Combine, default=Combine.SUM)
    min = models.DecimalField(max_digits=4, decimal_places=1, default=-100)
    max = models.DecimalField(max_digits=4, decimal_places=1)
    decay = models.JSONField(null=True, blank=True, help_text='Null, or {"type": "half_life", "days": 30}.')

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["model", "order"], name="group_order_is_unique")]

    def __str__(self) -> str:
        return self.name


class Rule(models.Model):
    group = models.ForeignKey(Group, models.CASCADE, related_name="rules")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    signal = models.CharField(
        max_length=40, blank=True, help_text="An activity kind by the prospect; empty for none."
    )
    when = models.JSONField(null=True, blank=True)
    points = models.DecimalField(
        max_digits=5, decimal_places=2, validators=[MinValueValidator(-100), MaxValueValidator(100)]
    )
    repeat = models.JSONField(null=True, blank=True)
    at_least = models.JSONField(null=True, blank=True)
    per = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["group", "order"], name="rule_order_is_unique")]

    def __str__(self) -> str:
        return self.name


class Exclusion(models.Model):
    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="exclusions")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    when = models.JSONField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class ManualExclusion(models.Model):
    """A lead, or everybody of a domain, taken out of scoring by hand; survives a publish."""

    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="exclusions")
    domain = models.CharField(max_length=253, blank=True)
    why = models.CharField(max_length=200)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead=None) ^ models.Q(domain=""), name="exclusion_names_lead_or_domain"
            ),
            models.UniqueConstraint(
                fields=["lead"], condition=models.Q(lifted_at=None), name="lead_is_excluded_once"
            ),
            models.UniqueConstraint(
                fields=["domain"],
                condition=models.Q(lifted_at=None) & ~models.Q(domain=""),
                name="domain_is_excluded_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.domain or self.lead}: {self.why}"


class AutoQualification(models.Model):
    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="auto_qualifications")
    order = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    signal = models.CharField(max_length=40)
    when = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class BandThreshold(models.Model):
    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="thresholds")
    band = models.ForeignKey(Band, models.PROTECT, related_name="thresholds")
    enter = models.PositiveSmallIntegerField()
    leave = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-enter"]
        constraints = [
            models.UniqueConstraint(fields=["model", "band"], name="band_is_once_in_model"),
            models.CheckConstraint(
                condition=models.Q(leave__lte=models.F("enter")), name="band_leaves_below_enter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.band} from {self.enter}"
