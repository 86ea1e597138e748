"""The one table of `reports`: what the forecast looked like, week by week."""

from django.db import models

from leads.models import ProductLine, Team, User
from leads.models.leads import Outcome
from pipeline.models import Deal, Stage


class ForecastSnapshot(models.Model):
    """A deal as the forecast saw it on a day: open ones, and those closed in the week before."""

    taken_on = models.DateField()
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="snapshots")
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="+")
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    product_line = models.ForeignKey(ProductLine, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome)
    value = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    confidence = models.PositiveSmallIntegerField()
    expected_close_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["taken_on", "deal"], name="snapshot_is_once_a_day")]
        indexes = [models.Index(fields=["taken_on"], name="snapshot_day")]

    def __str__(self) -> str:
        return f"{self.deal_id} on {self.taken_on}"
