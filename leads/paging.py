"""Pages of a list by number, counted exactly only as far as anybody turns pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from leads.formats import count
from leads.requests import whole_number

Row = TypeVar("Row", bound=Model)

SIZE = 50
COUNTED = 10_000  # an exact count of more costs longer than the page itself
DEEPEST = 100_000  # the last page that an address may name


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, and where they stand in it; `total` stops counting one above COUNTED."""

    rows: Sequence[Row]
    number: int
    total: int
    has_next: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * SIZE + 1

    @property
    def range(self) -> str:
        """Such as 51–100 of 412, or of more than 10,000."""
        total = count(self.total) if self.total <= COUNTED else f"more than {count(COUNTED)}"
        return f"{count(self.first)}–{count(self.first + len(self.rows) - 1)} of {total}"

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.has_next else None


def page_of(rows: QuerySet[Row], number: str, *, shown: QuerySet[Row]) -> Page[Row]:
    """The page with this number, as it stands in an address; one that is none or too high is the nearest.

    `rows` decide which come in which order, `shown` brings what is shown of them: for one page only.
    """
    ids = rows.values_list("pk", flat=True)
    counted = list(ids[: COUNTED + 1])
    last = max(1, -(-len(counted) // SIZE)) if len(counted) <= COUNTED else DEEPEST
    place = max(1, min(whole_number(number) or 1, last))
    start, end = (place - 1) * SIZE, place * SIZE + 1
    own = counted[start:end] if end <= COUNTED or last < DEEPEST else list(ids[start:end])
    found = shown.in_bulk(own[:SIZE])
    return Page(
        rows=[found[pk] for pk in own[:SIZE] if pk in found],
        number=place,
        total=len(counted),
        has_next=len(own) > SIZE,
    )
