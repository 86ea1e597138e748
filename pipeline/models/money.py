"""Money that reports need: exchange rates and targets."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models

from leads.models import Team, User
from leads.models.organisation import validate_currency


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ExchangeRate(models.Model):
    """Units of the organisation's currency for 1 unit of `currency`, from a day on."""

    currency = models.CharField(max_length=3, validators=[validate_currency])
    valid_from = models.DateField()
    rate = models.DecimalField(max_digits=18, decimal_places=8, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["currency", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["currency", "valid_from"], name="rate_is_unique_per_day"),
            models.CheckConstraint(
                condition=models.Q(rate__gt=0),
                name="rate_is_positive",
                violation_error_message="A rate must be above 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize()} from {self.valid_from}"


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class Target(models.Model):
    """Revenue wanted in a month, of a team, a person, or (with neither) the organisation."""

    month = models.DateField(help_text="The first day of the month.")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="targets")
    owner = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="targets")
    amount = models.DecimalField(max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    currency = models.CharField(max_length=3, validators=[validate_currency])

    class Meta:
        ordering = ["-month"]
        constraints = [
            models.UniqueConstraint(
                fields=["month", "team", "owner"], nulls_distinct=False, name="target_is_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1),
                name="target_is_for_a_month",
                violation_error_message="Give the first day of the month.",
            ),
            models.CheckConstraint(
                condition=models.Q(team=None) | models.Q(owner=None),
                name="target_is_of_team_or_person",
                violation_error_message="A target belongs to a team or to a person, not to both.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount} {self.currency}"
