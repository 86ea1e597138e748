"""What people say of the lines of scores."""

from django.db import models

from leads.models import Lead, User
from scoring.models.definitions import ScoringModel


class LineComment(models.Model):
    """What somebody says of a line of a lead's score; `group` is empty where it is of an exclusion.

    It names the rule, for every version has rows of its own; settling it takes it from beside the rule.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="line_comments")
    model = models.ForeignKey(ScoringModel, models.CASCADE, related_name="line_comments")
    group = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=120)
    text = models.CharField(max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.rule}: {self.text}"
