"""What a loader is: it writes batches of records, and says what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

from leads.imports.records import Record


class RowsRefused(Exception):
    """Some records of a batch cannot be written after all; nothing of the batch may stay."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = reasons


@dataclass(slots=True)
class Written:
    """What became of a batch. The deferred wait for a row that may yet come, else they are rejected."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: list[tuple[Record, str]] = field(default_factory=list)
    deferred: list[tuple[Record, str]] = field(default_factory=list)
    lead_ids: set[int] = field(default_factory=set)
    """Leads that this concerns, or an earlier run over the same rows that did not come to its end."""

    def __iadd__(self, other: "Written") -> Self:
        self.added += other.added
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.rejected += other.rejected
        self.deferred += other.deferred
        self.lead_ids |= other.lead_ids
        return self


class Loader(Protocol):
    """Writes records through the actions. `created` names what else has come to be, such as product lines."""

    created: list[str]

    def prepare(self) -> None:
        """Create what the mapping names; called once, in a transaction, before the first batch."""

    def write(self, records: Sequence[Record]) -> Written:
        """Write a batch within the transaction that is open."""
