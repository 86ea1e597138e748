"""Reads typed settings from the environment; a missing or bad value stops the program with one sentence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError, EnvNotSetError, ValidationError, validate

SECRET_LENGTH = 50  # characters; Django warns below this
REDIS_SCHEMES = ("redis://", "rediss://", "unix://")
MAIL_SCHEMES = ("smtp://", "submission://", "console://")
DATABASE_SCHEMES = ("postgres://", "postgresql://")

_env = Env()


class BadSetting(ImproperlyConfigured):
    """An environment variable is missing or holds what it must not."""


@contextmanager
def _refusing(name: str, expected: str) -> Iterator[None]:
    try:
        yield
    except EnvNotSetError:
        raise BadSetting(f"{name} is not set; it must be {expected}.") from None
    except EnvError:
        raise BadSetting(f"{name} is not usable; it must be {expected}.") from None


def text(name: str, *, default: str) -> str:
    """Any text; an empty one counts as not set."""
    return _env.str(name, default) or default


def words(name: str, *, default: tuple[str, ...] = ()) -> list[str]:
    """Words with commas between them."""
    return [word.strip() for word in text(name, default=",".join(default)).split(",") if word.strip()]


def flag(name: str, *, default: bool) -> bool:
    """True or false in any common spelling."""
    with _refusing(name, "true or false"):
        return _env.bool(name, default)


def whole(name: str, *, default: int, at_least: int = 0) -> int:
    """A whole number with a lower bound."""
    with _refusing(name, f"a whole number of {at_least} or more"):
        return _env.int(name, default, validate=validate.Range(min=at_least))


def choice(name: str, *options: str) -> str:
    """One of the options; the first is the default."""
    with _refusing(name, f"one of {', '.join(options)}"):
        return _env.str(name, options[0], validate=validate.OneOf(options))


def secret(name: str) -> str:
    """A long random text that has no default."""
    with _refusing(name, f"a random text of at least {SECRET_LENGTH} characters that nobody else knows"):
        return _env.str(name, validate=validate.Length(min=SECRET_LENGTH))


def redis_url(name: str, *, default: str | None = None) -> str:
    """The address of a Redis or Valkey server."""
    with _refusing(name, f"the address of a Redis server, starting with {' or '.join(REDIS_SCHEMES)}"):
        if default and not text(name, default=""):
            return default
        return _env.str(name, validate=_starting_with(REDIS_SCHEMES))


def as_broker(redis: str) -> str:
    """The same server as kombu spells it, which has a way of its own for sockets."""
    if not redis.startswith("unix://"):
        return redis
    path, _, query = redis.removeprefix("unix://").partition("?")
    return f"redis+socket://{quote(path)}?virtual_host={query.removeprefix('db=') or 0}"


def database(name: str) -> dict[str, Any]:
    """A PostgreSQL database as Django wants it; its socket's folder stands percent-encoded as the host."""
    with _refusing(
        name, f"the address of a PostgreSQL database, starting with {' or '.join(DATABASE_SCHEMES)}"
    ):
        _env.str(name, validate=_starting_with(DATABASE_SCHEMES))
        return dict(_env.dj_db_url(name))


def email(name: str, *, default: str) -> dict[str, Any]:
    """The address of a mail server, as django.core.mail's settings by name."""
    with _refusing(name, f"the address of a mail server, starting with {' or '.join(MAIL_SCHEMES)}"):
        _env.str(name, default, validate=_starting_with(MAIL_SCHEMES))
        return dict(_env.dj_email_url(name, default))


def _starting_with(schemes: tuple[str, ...]) -> Callable[[str], None]:
    def check(value: str) -> None:
        if not value.startswith(schemes):
            raise ValidationError("wrong scheme")

    return check
