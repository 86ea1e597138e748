"""What a draft would do, tried without touching anything live: simulations, backtests, fitted models."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from leads.models import Lead, ProductLine, User
from scoring.models.definitions import Band, ScoringModel
from scoring.models.scores import RunStatus


class TrialKind(models.TextChoices):
    SIMULATION = "simulation", "Simulation"
    BACKTEST = "backtest", "Backtest"
    FIT = "fit", "Fitted model"
    PROFILE = "profile", "Profile of won leads"


class Trial(models.Model):
    """One try in the background, in ranges; the row is the truth, the task only a wake-up.

    `model` is what is tried, for a fit what came of it; `live` what it is compared with.
    `options` hold what was asked for, `result` what came out.
    """

    kind = models.CharField(max_length=10, choices=TrialKind)
    model = models.ForeignKey(ScoringModel, models.CASCADE, null=True, related_name="trials")
    live = models.ForeignKey(ScoringModel, models.SET_NULL, null=True, related_name="+")
    product_line = models.ForeignKey(ProductLine, models.CASCADE, null=True, related_name="+")
    status = models.CharField(max_length=7, choices=RunStatus, default=RunStatus.RUNNING)
    as_of = models.DateField()
    options = models.JSONField(default=dict)
    result = models.JSONField(null=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.as_of}"


class TrialRange(models.Model):
    """A slice of a trial, bounds inclusive: lead ids, or places of backtested leads; done exactly once."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="ranges")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    counts = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"


class SimulatedMove(models.Model):
    """A lead that would change its band; `fires` when that would be news."""

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="moves")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    before = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    total_before = models.SmallIntegerField(null=True)
    total_after = models.SmallIntegerField(null=True)
    fires = models.BooleanField()

    class Meta:
        ordering = ["trial", "lead"]

    def __str__(self) -> str:
        return f"{self.before or '–'} → {self.after or '–'}"

    @property
    def change(self) -> int | None:
        """In points; none where a side has no score."""
        both = self.total_before, self.total_after
        return None if None in both else (both[1] or 0) - (both[0] or 0)


class BacktestedLead(models.Model):
    """A closed lead as it stood on `day`, before its outcome, by the draft and by the live model.

    A total is null while excluded; `is_recorded` when the audit history reaches back to that day. A profile
    keeps the places of the traits that the lead had in its list `shares`.
    """

    trial = models.ForeignKey(Trial, models.CASCADE, related_name="closed_leads")
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    place = models.PositiveIntegerField()
    is_won = models.BooleanField()
    day = models.DateField()
    is_recorded = models.BooleanField(default=False)
    total = models.SmallIntegerField(null=True)
    live_total = models.SmallIntegerField(null=True)
    band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    live_band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    traits = ArrayField(models.PositiveSmallIntegerField(), null=True)

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["trial", "place"], name="backtested_place_is_unique")]

    def __str__(self) -> str:
        return f"lead {self.lead_id} on {self.day}"
