"""Views that people keep: a page with its filters, under a name."""

from django.db import models

from leads.models.people import User


class SavedView(models.Model):
    """What somebody asks of a page again and again; anybody may open its address, with their own sight."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    page = models.CharField(
        max_length=60, help_text="The name of the page's address, such as reports:forecast."
    )
    name = models.CharField(max_length=80)
    query = models.TextField(blank=True, help_text="The query string, without the question mark.")
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="saved_view_is_named_once")
        ]

    def __str__(self) -> str:
        return self.name
