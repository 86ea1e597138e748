"""Expressions that name people in a query."""

from django.db.models import CharField, F, Value
from django.db.models.functions import Coalesce, Concat, NullIf, Trim


def name_of(user: str) -> Coalesce:
    """First and last name of the user behind a path, else the user name; null when there is nobody."""
    full = NullIf(Trim(Concat(f"{user}__first_name", Value(" "), f"{user}__last_name")), Value(""))
    return Coalesce(full, F(f"{user}__username"), output_field=CharField())
