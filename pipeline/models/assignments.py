"""Whose a lead became, and why."""

from django.db import models

from leads.models import Lead, User


class Assignment(models.Model):
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="assignments")
    before = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "at"], name="assignment_of_lead")]

    def __str__(self) -> str:
        return f"{self.before or 'nobody'} → {self.after or 'nobody'}"
