"""What is to be done next for a lead."""

import pghistory
from django.db import models

from leads.models.activities import ActivityKind
from leads.models.leads import Lead
from leads.models.people import User
from leads.querysets import TaskQuerySet


@pghistory.track()
class Task(models.Model):
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="tasks")
    title = models.CharField(max_length=200)
    kind = models.ForeignKey(ActivityKind, models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField()
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="tasks")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(db_default=models.functions.Now())
    reminded_on = models.DateField(null=True, blank=True)  # before `due_on` once that was put off
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["lead", "due_on"], condition=models.Q(done_at=None), name="task_open_of_lead"
            ),
            models.Index(
                fields=["assignee", "due_on"], condition=models.Q(done_at=None), name="task_open_of_user"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
