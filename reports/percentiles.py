"""Percentiles as PostgreSQL has them: between two values where none stands at the place."""

from typing import Any

from django.db.models import Aggregate, DurationField


class Percentile(Aggregate):
    """The value below which `share` of the rows lie; a duration unless `output_field` says otherwise."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float = 0.5, **how: Any) -> None:
        super().__init__(expression, share=float(share), **{"output_field": DurationField(), **how})
