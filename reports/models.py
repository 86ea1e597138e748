"""The tables of `reports`: what the forecast looked like, week by week, and what is sent to whom."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from leads.models import ProductLine, SavedView, Team, User, Weekday
from leads.models.leads import Outcome
from pipeline.models import Deal, Stage
from reports.querysets import ReportScheduleQuerySet
from reports.rhythms import Rhythm, When


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


class ReportSchedule(models.Model):
    """A saved view that its owner and whom they name get by mail, each with their own figures."""

    view = models.OneToOneField(SavedView, models.CASCADE, related_name="schedule")
    rhythm = models.CharField(max_length=7, choices=Rhythm, default=Rhythm.WEEKLY)
    weekday = models.PositiveSmallIntegerField(choices=Weekday, default=Weekday.MONDAY)
    day = models.PositiveSmallIntegerField(
        "day of the month", default=1, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    readers = models.ManyToManyField(User, related_name="report_schedules", blank=True)
    is_active = models.BooleanField(default=True)
    since = models.DateTimeField(help_text="What was due before this moment is not sent.")

    objects = ReportScheduleQuerySet.as_manager()

    class Meta:
        ordering = ["view__name"]

    def __str__(self) -> str:
        return str(self.view)

    @property
    def when(self) -> When:
        return When(self.rhythm, self.weekday, self.day)


class ReportIssue(models.Model):
    """That a schedule's report went out for a day on which it was due; without one, by hand."""

    schedule = models.ForeignKey(ReportSchedule, models.CASCADE, related_name="issues")
    period = models.DateField(null=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    sent_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["schedule", "period"], name="report_is_sent_once_a_period")
        ]

    def __str__(self) -> str:
        return f"{self.schedule_id} for {self.period}"
