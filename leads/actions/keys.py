"""API keys: made, shown once, revoked."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.keys import PREFIX_LENGTH, hash_key, make_key
from leads.models import ApiKey, User


class KeyNameTaken(Refusal):
    """A key's name is the system of the external ids it brings, so it cannot be used twice."""


@audited
def create_api_key(name: str, user: User, *, by: User | None) -> tuple[ApiKey, str]:
    """A new key that acts as this user, and its text, which is not kept."""
    plain = make_key()
    key = ApiKey(name=name.strip(), user=user, prefix=plain[:PREFIX_LENGTH], hash=hash_key(plain))
    try:
        with transaction.atomic():
            key.save()
    except IntegrityError as error:
        raise KeyNameTaken(f"There is already a key “{key.name}”, if perhaps a revoked one.") from error
    return key, plain


@audited
def revoke_api_key(key: ApiKey, *, by: User | None) -> ApiKey:
    """End a key for good; a revoked one stays as it was."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
    key.refresh_from_db()
    return key
