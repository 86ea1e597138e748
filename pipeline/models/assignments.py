"""Whose a lead became, and why; and who stands in for whom."""

from django.db import models

from leads.models import Lead, User
from pipeline.models.routing import Circle, RoutingPool
from scoring.models import Band


class How(models.TextChoices):
    HAND = "hand", "By hand"
    TURN = "turn", "In turn"
    TOGETHER = "together", "Kept with the company's other leads"
    TAKEN_OVER = "taken_over", "Taken over"
    GIVEN_BACK = "given_back", "Given back"


class Takeover(models.Model):
    """Somebody works a colleague's leads until they are given back."""

    colleague = models.ForeignKey(User, models.PROTECT, related_name="+")
    substitute = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.substitute} for {self.colleague}"


class Assignment(models.Model):
    """A lead changed hands; `pool` and `band` say whose turn it was, when routing gave it.

    `circle` has those who could have got it in turn.
    """

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="assignments")
    before = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    after = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    why = models.CharField(max_length=300)
    how = models.CharField(max_length=10, choices=How, default=How.HAND)
    pool = models.ForeignKey(RoutingPool, models.SET_NULL, null=True, related_name="assignments")
    band = models.ForeignKey(Band, models.PROTECT, null=True, related_name="+")
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="assignments")
    takeover = models.ForeignKey(Takeover, models.CASCADE, null=True, related_name="assignments")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["lead", "at"], name="assignment_of_lead")]

    def __str__(self) -> str:
        return f"{self.before or 'nobody'} → {self.after or 'nobody'}"
