"""The signed address at which somebody wants no more mail, without signing in."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_signer = Signer(salt="leads.unsubscribing")


def unsubscribe_address(contact_id: int) -> str:
    """The whole address for a letter to this contact; it never expires."""
    return settings.PUBLIC_URL + reverse("leads:unsubscribe", args=[_signer.sign(str(contact_id))])


def contact_of(token: str) -> int | None:
    """Whose address it is; None for one that we did not sign."""
    try:
        return int(_signer.unsign(token))
    except BadSignature:
        return None


def masked(email: str) -> str:
    """An address that its owner knows again, and nobody else: j…@example.com."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}…@{domain}" if domain else ""
