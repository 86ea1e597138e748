"""The file of rejected rows: what stood there, on which line, and why it could not be imported."""

import csv
import os
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

from config.faults import Fault
from leads.imports.cells import as_text
from leads.imports.faults import ImportRefused
from leads.imports.reader import Row

ADDED_COLUMNS = ("Rejected line", "Rejected because")
"""Left out when a file of rejected rows is mended and imported again."""


class RejectFile:
    """Begun with the first rejected row, at the chosen place."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._kept = [index for index, name in enumerate(columns) if name not in ADDED_COLUMNS]
        self._header = [columns[index] for index in self._kept]
        self._open = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def add(self, row: Row, reason: str) -> None:
        """Write one row with its line and the reason."""
        if self._writer is None:
            self._writer = csv.writer(
                self._open.enter_context(self.path.open("w", encoding="utf-8-sig", newline=""))
            )
            self._writer.writerow([*self._header, *ADDED_COLUMNS])
        self._writer.writerow([*self._cells(row), row.line, reason])
        self.count += 1

    def _cells(self, row: Row) -> list[str]:
        """As many as there are columns; what is too much stands in the last one."""
        cells = [as_text(cell) for cell in row.cells]
        if not row.fault:
            return [cells[index] for index in self._kept]
        last = len(self._header) - 1
        cells += [""] * (last + 1 - len(cells))
        return [*cells[:last], ",".join(cells[last:])]


def reject_path(source: Path, chosen: str) -> Path:
    """The chosen file, else one beside the source, else (if that may not be) in the working folder."""
    name = f"{source.name}.rejected.csv"
    candidates = [Path(chosen)] if chosen else [source.with_name(name), Path.cwd() / name]
    for path in candidates:
        if os.access(path if path.exists() else path.parent, os.W_OK) and not path.is_dir():
            return path
    message = "cannot be written, and rejected rows have to go somewhere. Name a place with --rejected."
    raise ImportRefused([Fault(str(candidates[-1]), message)])
