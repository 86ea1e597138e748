"""What the import commands share: arguments, faults, progress, summary."""

import time
from abc import abstractmethod
from argparse import ArgumentParser
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, ClassVar

import pghistory
from django.core.management.base import BaseCommand, CommandError

from config.faults import Fault
from leads.imports.batches import Importer, alone, rehearsed
from leads.imports.custom_fields import refuse_other_types
from leads.imports.faults import ImportRefused
from leads.imports.loading import Loader
from leads.imports.mapping import DataMapping, SectionSpec
from leads.imports.mapping_file import MappingFile
from leads.imports.progress import Progress
from leads.imports.reader import Table, open_table
from leads.imports.records import RecordReader
from leads.imports.rejects import RejectFile, reject_path
from leads.imports.summary import Summary
from leads.models import CustomField
from leads.organisation import remembered


class ImportCommand(BaseCommand):
    """An import of one kind of rows; what kind is said by `spec` and `loader`."""

    spec: ClassVar[SectionSpec]

    @abstractmethod
    def loader(
        self, document: MappingFile, mapping: DataMapping, custom_fields: Sequence[CustomField]
    ) -> Loader:
        """The loader for this mapping; what is wrong goes to `document.faults`."""

    def settle(self, lead_ids: Collection[int]) -> str:
        """Bring up to date what follows from these leads, and say what that was."""
        return ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a CSV or XLSX file")
        parser.add_argument(
            "--mapping", type=Path, required=True, help="a TOML file: columns and their fields"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")
        parser.add_argument("--rejected", default="", metavar="PATH", help="where rejected rows go")

    def handle(
        self, *args: Any, file: Path, mapping: Path, dry_run: bool, rejected: str, **options: Any
    ) -> None:
        try:
            with remembered():
                self._import(file, mapping, dry_run=dry_run, rejected=rejected)
        except ImportRefused as refused:
            faults = "\n".join(f"  {fault}" for fault in refused.faults)
            raise CommandError(f"Nothing was imported.\n{faults}") from refused

    def _import(self, file: Path, mapping_path: Path, *, dry_run: bool, rejected: str) -> None:
        started = time.monotonic()
        document = MappingFile(mapping_path, self.spec)
        mapping = document.read()
        table = _open(file, mapping, document.faults)
        reader = RecordReader(mapping, table.columns, document.faults)
        refuse_other_types(reader.custom_fields, self.spec.name, document.faults)
        loader = self.loader(document, mapping, reader.custom_fields)
        document.close()
        with RejectFile(reject_path(file, rejected), table.columns) as rejects:
            importer = Importer(reader, loader, rejects, Progress(file.name, table.total, self.stderr))
            with alone(mapping.system), _audited(file, mapping), rehearsed() if dry_run else nullcontext():
                importer.run(table)
        settled = "" if dry_run else self.settle(importer.total.lead_ids)
        summary = Summary(
            file, mapping, importer, loader.created, rejects, settled, time.monotonic() - started
        )
        self.stdout.write(summary.text(dry_run=dry_run))
        if importer.read and rejects.count == importer.read:
            raise CommandError("Not one row could be imported.")


def _open(file: Path, mapping: DataMapping, faults: Sequence[Fault]) -> Table:
    """The table, or a refusal that names the faults of the mapping too."""
    try:
        return open_table(file, mapping.file)
    except ImportRefused as refused:
        raise ImportRefused([*refused.faults, *faults]) from refused


def _audited(file: Path, mapping: DataMapping) -> AbstractContextManager[Any]:
    """The audit history of every row names the file that it came from."""
    return pghistory.context(source="import", system=mapping.system, file=file.name)
