"""Keys for the REST API; only their hash is kept."""

from django.db import models

from leads.models.people import User


class ApiKey(models.Model):
    """A bearer key acts as its user; its name is the `system` of the external ids it brings."""

    name = models.CharField(max_length=100, unique=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12, help_text="The first characters, to recognise a key by.")
    hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API key"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_revoked(self) -> bool:
        return self.revoked_at is not None
