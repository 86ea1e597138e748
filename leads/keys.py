"""API keys: long random words of which only a digest is kept."""

import hashlib
import secrets

PREFIX_LENGTH = 12


def make_key() -> str:
    """A new key; shown once, never stored."""
    return f"plumb_{secrets.token_urlsafe(32)}"


def hash_key(plain: str) -> str:
    """What is stored of a key; it is long and random, so a single SHA-256 is enough."""
    return hashlib.sha256(plain.encode()).hexdigest()
