"""Bearer keys: how a program signs in to the API."""

from datetime import timedelta

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from leads.keys import hash_key
from leads.models import ApiKey

USE_IS_NOTED_EVERY = timedelta(minutes=1)  # else every read would be a write


class BearerKey(HttpBearer):
    """Signs the request in as the key's user; `request.auth` is the key."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiKey | None:
        keys = ApiKey.objects.select_related("user")
        key = keys.filter(hash=hash_key(token), revoked_at=None, user__is_active=True).first()
        if key:
            note_use(key)
            request.user = key.user
        return key


def note_use(key: ApiKey) -> None:
    """Remember when the key was last used, to the minute."""
    now = timezone.now()
    if key.last_used_at is None or key.last_used_at < now - USE_IS_NOTED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
