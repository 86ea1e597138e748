"""Rows about leads, as a file needs them: with the lead's name beside its number."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from leads.models import Lead

CHUNK = 1_000  # rows of which the names are read at once


def named(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[Any]]:
    """Each row, its first cell the number of a lead, with the name after it; nothing for what is unknown."""
    left = iter(rows)
    while chunk := list(islice(left, CHUNK)):
        leads = Lead.objects.with_names().in_bulk([row[0] for row in chunk])
        for number, *rest in chunk:
            yield [number, leads[number].display_name, *("" if cell is None else cell for cell in rest)]
