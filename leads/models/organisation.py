"""The organisation: one row of settings that everything reads."""

from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models


def validate_time_zone(name: str) -> None:
    """Refuse a name that the time zone database does not know."""
    if name not in available_timezones():
        raise ValidationError(f"“{name}” is no time zone. Use a name such as Europe/Berlin.")


validate_currency = RegexValidator(r"^[A-Z]{3}\Z", "A currency is its ISO code, such as EUR.")


class ScoreDisplay(models.TextChoices):
    POINTS = "points", "Points (0 to 100)"
    PERCENT = "percent", "Per cent"
    GRADE = "grade", "Grade (A1 to D4)"
    WORDS = "words", "Words (hot, warm, cold)"


class Organisation(models.Model):
    """The one row; read it through `leads.organisation.organisation()`."""

    name = models.CharField(max_length=200, default="My organisation")
    time_zone = models.CharField(max_length=64, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(
        max_length=3, default="EUR", validators=[validate_currency], help_text="ISO code, such as EUR."
    )
    fiscal_year_start = models.PositiveSmallIntegerField(
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
        help_text="The month in which the fiscal year begins, 1 to 12.",
    )
    score_display = models.CharField(max_length=7, choices=ScoreDisplay, default=ScoreDisplay.POINTS)
    reps_may_pick = models.BooleanField(
        "reps may pick unassigned leads",
        default=True,
        help_text="Sales reps then see leads without an owner and may take them.",
    )
    leaking_fields = models.JSONField(
        default=list,
        blank=True,
        help_text="Fields written by or after the outcome, such as lead.custom.tags; never learnt from.",
    )

    class Meta:
        verbose_name_plural = "organisation"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="organisation_is_one_row")]

    def __str__(self) -> str:
        return self.name
