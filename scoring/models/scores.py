"""The scores that models give, day by day, and the runs that compute them."""

from django.db import models

from leads.models import Lead, User
from scoring.models.definitions import Band, ScoringModel
from scoring.querysets import LeadScoreQuerySet


class ScoreState(models.TextChoices):
    UNSCORED = "unscored", "Not scored yet"
    SCORED = "scored", "Scored"
    EXCLUDED = "excluded", "Excluded"


class LeadScore(models.Model):
    """How good a lead is now; fit and engagement in tenths of a point. Written by the engine alone."""

    lead = models.OneToOneField(Lead, models.CASCADE, primary_key=True, related_name="score")
    model = models.ForeignKey(ScoringModel, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=ScoreState, default=ScoreState.UNSCORED)
    fit = models.IntegerField(null=True)
    engagement = models.IntegerField(null=True)
    total = models.SmallIntegerField(null=True)
    band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+", db_index=False)
    grade = models.CharField(max_length=2, blank=True)
    as_of = models.DateField(null=True)
    next_change_on = models.DateField(null=True)
    silenced_until = models.DateTimeField(
        null=True
    )  # signals up to here did not qualify, for their scoring was silent

    objects = LeadScoreQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(models.F("total").desc(nulls_last=True), "lead", name="score_by_total"),
            # Triage lists band by band: hysteresis mixes bands within one order by total.
            models.Index(
                models.F("band"), models.F("total").desc(nulls_last=True), "lead", name="score_by_band"
            ),
            models.Index(fields=["next_change_on"], name="score_next_change"),
        ]

    def __str__(self) -> str:
        return "–" if self.total is None else str(self.total)


class ScoreDay(models.Model):
    """A lead's score on the days on which it changed: history that cannot be rebuilt later."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="score_days")
    day = models.DateField()
    model = models.ForeignKey(ScoringModel, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=ScoreState)
    fit = models.IntegerField(null=True)
    engagement = models.IntegerField(null=True)
    total = models.SmallIntegerField(null=True)
    band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    grade = models.CharField(max_length=2, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["lead", "day"], name="score_day_is_unique")]

    def __str__(self) -> str:
        return f"{self.day}: {self.total}"


class BandCrossing(models.Model):
    """A lead passed from one band to another."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="crossings")
    before = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    total = models.SmallIntegerField(null=True)
    model = models.ForeignKey(ScoringModel, models.PROTECT, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "at"], name="crossing_of_lead")]

    def __str__(self) -> str:
        return f"{self.before or '–'} → {self.after or '–'}"


class RunKind(models.TextChoices):
    PUBLISH = "publish", "Publish"
    RESCORE = "rescore", "Rescore"
    DECAY = "decay", "Nightly decay"


class RunStatus(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class ScoringRun(models.Model):
    """A recalculation of many leads, in ranges; the row is the truth, the task only a wake-up."""

    kind = models.CharField(max_length=7, choices=RunKind)
    model = models.ForeignKey(ScoringModel, models.CASCADE, null=True, related_name="runs")
    silent = models.BooleanField(default=True)
    status = models.CharField(max_length=7, choices=RunStatus, default=RunStatus.RUNNING)
    as_of = models.DateField()
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0, help_text="Leads that it had no need to look at.")
    missed = models.PositiveSmallIntegerField(
        default=0, help_text="Nights before it on which decay did not run, and which it made up for."
    )
    error = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(db_default=models.functions.Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.as_of}"


class RunRange(models.Model):
    """A slice of a run's leads, ids inclusive; taken with SKIP LOCKED and done exactly once."""

    run = models.ForeignKey(ScoringRun, models.CASCADE, related_name="ranges")
    first_lead = models.BigIntegerField()
    last_lead = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.first_lead}-{self.last_lead}"


class PendingScore(models.Model):
    """A piece of news about a lead that waits for the engine; every piece is a row, no unique key."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+", db_constraint=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    def __str__(self) -> str:
        return f"lead {self.lead_id}"
