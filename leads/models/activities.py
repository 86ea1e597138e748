"""What happened: activities, append-only, and the keys that keep each from counting twice."""

from django.db import models

from leads.models.leads import Lead
from leads.models.people import Contact, User
from leads.querysets import ActivityQuerySet


class Doer(models.TextChoices):
    PROSPECT = "prospect", "Prospect"
    REP = "rep", "Sales rep"
    SYSTEM = "system", "System"


class Trust(models.TextChoices):
    OK = "ok", "Trusted"
    QUARANTINED = "quarantined", "Quarantined"
    REJECTED = "rejected", "Rejected"


class Origin(models.TextChoices):
    HAND = "hand", "Logged by hand"
    API = "api", "API"
    IMPORT = "import", "Import"
    FORM = "form", "Web form"
    TRACKING = "tracking", "Website tracking"
    MAIL = "mail", "Mail events"
    SYSTEM = "system", "Plumbline"


class ActivityKind(models.Model):
    id = models.SmallAutoField(primary_key=True)
    key = models.SlugField(max_length=40, unique=True)
    label = models.CharField(max_length=80)
    by = models.CharField(max_length=8, choices=Doer)
    counts_as_contact = models.BooleanField(
        default=False, help_text="It moves the lead's last contact, so silence starts anew."
    )

    class Meta:
        ordering = ["by", "label"]

    def __str__(self) -> str:
        return self.label


class Activity(models.Model):
    """Append-only but for lead and trust; `occurred_on` is fixed in the organisation's time zone."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="activities")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="activities")
    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="activities")
    occurred_at = models.DateTimeField()
    occurred_on = models.DateField()
    url = models.TextField(blank=True)
    duration_seconds = models.PositiveIntegerField(null=True, blank=True)
    properties = models.JSONField(default=dict, blank=True)
    origin = models.CharField(max_length=8, choices=Origin)
    actor = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    trust = models.CharField(max_length=11, choices=Trust, default=Trust.OK)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        ordering = ["-occurred_at", "-id"]
        indexes = [models.Index(fields=["lead", "occurred_at"], name="activity_of_lead")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.occurred_on}"


class ActivityKey(models.Model):
    """An idempotency key, once per lead; apart from Activity, so that Activity can be partitioned."""

    key = models.CharField(max_length=200)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "lead"], name="activity_key_is_once_per_lead")]

    def __str__(self) -> str:
        return self.key


class ActivityReview(models.Model):
    """A change of an activity's lead or trust; `activity_id` is no foreign key, see ActivityKey."""

    activity_id = models.BigIntegerField(db_index=True)
    trust_before = models.CharField(max_length=11, choices=Trust)
    trust_after = models.CharField(max_length=11, choices=Trust)
    lead_before = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    lead_after = models.ForeignKey(Lead, models.CASCADE, related_name="+")
    note = models.TextField(blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"Activity {self.activity_id}: {self.trust_before} → {self.trust_after}"
