"""What leaves the system, written in the transaction that caused it."""

from django.db import models

from leads.models.leads import Lead
from leads.models.people import User
from leads.querysets import NotificationQuerySet


class Outbox(models.Model):
    """One announcement waiting to be delivered by a task; `sent_at` ends it."""

    kind = models.CharField(max_length=40)
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    sent_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "outbox"
        ordering = ["id"]
        indexes = [models.Index(fields=["id"], condition=models.Q(sent_at=None), name="outbox_waiting")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Notification(models.Model):
    """A sentence for one user, shown in the app."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    lead = models.ForeignKey(Lead, models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "-id"], name="notification_of_user")]

    def __str__(self) -> str:
        return self.text
