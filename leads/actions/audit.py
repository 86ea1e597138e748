"""What every verb stands in: one transaction, one look at the settings, the actor in the audit history."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

from leads.organisation import remembered

P = ParamSpec("P")
R = TypeVar("R")

_in_verb: ContextVar[bool] = ContextVar("in_verb", default=False)


def audited(verb: Callable[P, R]) -> Callable[P, R]:
    """Carry out a verb with the keyword `by` in one transaction; each row's history names that user."""

    @wraps(verb)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> R:
        actor = getattr(kwargs["by"], "pk", None)
        with _transaction(), remembered(), pghistory.context(user=actor):
            return verb(*args, **kwargs)

    return carried_out


@contextmanager
def _transaction() -> Iterator[None]:
    """One for the whole verb; a verb within needs no savepoint, for what it raises ends the outer one."""
    is_within = _in_verb.get()
    token = _in_verb.set(True)
    try:
        with transaction.atomic(savepoint=not is_within):
            yield
    finally:
        _in_verb.reset(token)
