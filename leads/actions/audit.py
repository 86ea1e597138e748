"""What every verb stands in: one transaction, one look at the settings, the actor in the audit history."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import pghistory
from django.db import transaction

from leads.organisation import remembered

P = ParamSpec("P")
R = TypeVar("R")


def audited(verb: Callable[P, R]) -> Callable[P, R]:
    """Carry out a verb with the keyword `by` in one transaction; each row's history names that user."""

    @wraps(verb)
    def carried_out(*args: P.args, **kwargs: P.kwargs) -> R:
        by = kwargs["by"]
        with transaction.atomic(), remembered(), pghistory.context(user=getattr(by, "pk", None)):
            return verb(*args, **kwargs)

    return carried_out
