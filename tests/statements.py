"""How many statements something costs: what must not grow with the rows."""

from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def statements_of(work: Callable[[], object]) -> int:
    """The number of SQL statements that `work` sends."""
    with CaptureQueriesContext(connection) as captured:
        work()
    return len(captured)
