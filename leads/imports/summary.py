"""The closing words of an import: what came in, what did not, and what else is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leads.imports.batches import Importer
from leads.imports.mapping import DataMapping
from leads.imports.rejects import RejectFile


@dataclass(frozen=True, slots=True)
class Summary:
    file: Path
    mapping: DataMapping
    importer: Importer
    created: Sequence[str]
    rejects: RejectFile
    settled: str
    seconds: float

    def text(self, *, dry_run: bool) -> str:
        return "\n".join([self._title(dry_run=dry_run), *self._counts(), *self._news(), *self._rejected()])

    def _title(self, *, dry_run: bool) -> str:
        what = f"{self.mapping.spec.name} of {self.file.name} (system {self.mapping.system})"
        if dry_run:
            return f"Dry run, nothing was stored. An import of {what} would do this:"
        return f"Imported {what} in {self.seconds:.1f} s:"

    def _counts(self) -> list[str]:
        total = self.importer.total
        counts = {
            "read": self.importer.read,
            "added": total.added,
            "updated": total.updated,
            "unchanged": total.unchanged,
            "rejected": self.rejects.count,
        }
        return [f"  {name:<10}{count:>9,}" for name, count in counts.items()]

    def _news(self) -> list[str]:
        return [f"  new: {name}" for name in dict.fromkeys(self.created)] + (
            [f"  {self.settled}"] if self.settled else []
        )

    def _rejected(self) -> list[str]:
        if not self.rejects.count:
            return []
        return [f"  The rejected rows, each with its reason, are in {self.rejects.path}"]
