"""Turning the pages of a long list by cursor: segments one after the other, each in the order of a key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet, Value

CURSOR = re.compile(r"([fb])~(\d{1,3})~([^~]{0,40})~(\d{1,18})~(\d{1,18})", re.ASCII)
Found = tuple[int, Any, int]  # segment, key, number


@dataclass(frozen=True, slots=True)
class Order:
    """How rows follow each other; `key` is a field or annotation, `parse` reads its value from a cursor."""

    key: str
    parse: Callable[[str], Any]
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows that come wholly before the next segment's; `has_key` is False where the key is null throughout.

    `size`, where it is known, spares the page a look into segments that it cannot reach.
    """

    where: Q
    has_key: bool = True
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row behind which a page stands, or before which; `position` is that of the row where it begins."""

    segment: int
    key: str
    pk: int
    position: int
    is_backwards: bool = False

    def __str__(self) -> str:
        direction = "b" if self.is_backwards else "f"
        return f"{direction}~{self.segment}~{self.key}~{self.pk}~{self.position}"

    @classmethod
    def parse(cls, text: str, order: Order) -> Cursor | None:
        """A cursor from an address; None for what is none, so that the list begins at its beginning."""
        match = CURSOR.fullmatch(text)
        if not match:
            return None
        direction, segment, key, pk, position = match.groups()
        try:
            if key:
                order.parse(key)
        except (ValueError, InvalidOperation):
            return None
        return cls(int(segment), key, int(pk), int(position), direction == "b")


@dataclass(frozen=True, slots=True)
class Page:
    """The numbers of the rows on a page, and the cursors of its neighbours."""

    ids: list[int]
    first: int
    previous: Cursor | None
    next: Cursor | None

    @property
    def last(self) -> int:
        return self.first + len(self.ids) - 1


def turn(
    rows: QuerySet[Any], segments: Sequence[Segment], order: Order, cursor: Cursor | None, *, size: int
) -> Page:
    """The page at the cursor: one query, as quick at the end of the list as at its beginning."""
    is_backwards = cursor is not None and cursor.is_backwards
    found = _found(rows, segments, order, cursor, limit=size + 1)
    if cursor and not found:  # its row and all beyond it are gone
        return turn(rows, segments, order, None, size=size)
    has_more = len(found) > size
    found = found[:size]
    first = cursor.position if cursor else 1
    if is_backwards:
        found.reverse()
        first = max(1, first - len(found))
    return Page(
        ids=[pk for _, _, pk in found],
        first=first,
        previous=_cursor(found[0], first, is_backwards=True) if found and first > 1 else None,
        next=_cursor(found[-1], first + len(found)) if found and (has_more or is_backwards) else None,
    )


def _found(
    rows: QuerySet[Any], segments: Sequence[Segment], order: Order, cursor: Cursor | None, *, limit: int
) -> list[Found]:
    is_backwards = cursor is not None and cursor.is_backwards
    parts = [
        _part(rows, rank, segments[rank], order, cursor)[:limit] for rank in _reached(segments, cursor, limit)
    ]
    if not parts:
        return []
    if len(parts) == 1:
        return list(parts[0])
    together = parts[0].union(*parts[1:], all=True)
    return list(together.order_by(*_ordering(order, is_backwards))[:limit])


def _reached(segments: Sequence[Segment], cursor: Cursor | None, limit: int) -> Iterator[int]:
    """The segments that a page may take rows from, the cursor's own first."""
    ranks = range(len(segments))
    if cursor:
        ranks = ranks[cursor.segment :: -1] if cursor.is_backwards else ranks[cursor.segment :]
    certain = 0
    for rank in ranks:
        size = segments[rank].size
        if size == 0:
            continue
        yield rank
        certain += size if size is not None and not (cursor and cursor.segment == rank) else 0
        if certain >= limit:
            return


def _part(
    rows: QuerySet[Any], rank: int, segment: Segment, order: Order, cursor: Cursor | None
) -> QuerySet[Any, Any]:
    part: QuerySet[Any, Any] = rows.filter(segment.where).annotate(
        rank=Value(rank, IntegerField()), key=F(order.key)
    )
    if cursor and cursor.segment == rank:
        part = part.filter(_beyond(cursor, order, segment))
    ordering = _ordering(order, cursor is not None and cursor.is_backwards)
    return part.order_by(*ordering[1:]).values_list("rank", "key", "pk")


def _ordering(order: Order, is_backwards: bool) -> list[Any]:
    falling = order.descending != is_backwards
    key = F("key").desc(nulls_last=True) if falling else F("key").asc(nulls_last=True)
    return [F("rank").desc(), key, F("pk").desc()] if is_backwards else [F("rank"), key, F("pk")]


def _beyond(cursor: Cursor, order: Order, segment: Segment) -> Q:
    behind = Q(pk__lt=cursor.pk) if cursor.is_backwards else Q(pk__gt=cursor.pk)
    if not (segment.has_key and cursor.key):
        return behind
    way = "lt" if order.descending != cursor.is_backwards else "gt"
    key = order.parse(cursor.key)
    return Q(**{f"key__{way}e": key}) & (Q(**{f"key__{way}": key}) | behind)


def _cursor(row: Found, position: int, *, is_backwards: bool = False) -> Cursor:
    segment, key, pk = row
    return Cursor(segment, "" if key is None else str(key), pk, position, is_backwards)
