"""Runs an import: rows into records, records into batches, each batch in one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, connection, transaction

from config.faults import Fault
from config.refusals import Refusal
from leads.imports.faults import ImportRefused
from leads.imports.loading import Loader, RowsRefused, Written
from leads.imports.progress import Progress
from leads.imports.reader import Row, Table
from leads.imports.records import BadRow, Record, RecordReader
from leads.imports.rejects import RejectFile

BATCH = 1_000
TWICE = "the id “{key}” stands on line {line} already"


class Importer:
    """One run over one table."""

    def __init__(self, reader: RecordReader, loader: Loader, rejects: RejectFile, progress: Progress) -> None:
        self._reader = reader
        self._loader = loader
        self._rejects = rejects
        self._progress = progress
        self._lines: dict[str, int] = {}
        self._is_prepared = False
        self.read = 0
        self.total = Written()

    def run(self, table: Table) -> None:
        """Import every row; one that cannot be written goes to the rejected ones and costs no other."""
        rows = table.rows()
        while batch := list(islice(rows, BATCH)):
            self._store([record for row in batch for record in self._record(row)])
            self.read += len(batch)
            self._progress.show(self.read)
        self._store_deferred()
        self._progress.finish()

    def _record(self, row: Row) -> Iterator[Record]:
        try:
            record = self._reader.read(row)
        except BadRow as bad:
            self._rejects.add(row, str(bad))
            return
        if line := self._lines.get(record.key):
            self._rejects.add(row, TWICE.format(key=record.key, line=line))
            return
        self._lines[record.key] = row.line
        yield record

    def _store(self, records: Sequence[Record]) -> None:
        if not records:
            return
        written = write_batch(self._loader, records) if self._is_prepared else self._store_first(records)
        for record, reason in written.rejected:
            self._rejects.add(record.row, reason)
        self.total += written

    def _store_first(self, records: Sequence[Record]) -> Written:
        """What the mapping names is created with the first row that comes in, and not without one."""
        with transaction.atomic():
            self._loader.prepare()
            written = write_batch(self._loader, records)
            self._is_prepared = bool(written.added or written.updated or written.unchanged)
            if not self._is_prepared:
                self._loader.created.clear()
                transaction.set_rollback(True)
        return written

    def _store_deferred(self) -> None:
        """Write what waited for other rows, as long as that helps; reject the rest."""
        waiting = self.total.deferred
        while waiting:
            self.total.deferred = []
            self._store([record for record, _ in waiting])
            if len(self.total.deferred) == len(waiting):
                break
            waiting = self.total.deferred
        for record, reason in waiting:
            self._rejects.add(record.row, reason)


def write_batch(loader: Loader, records: Sequence[Record]) -> Written:
    """Write records in one transaction; halve one that the database refuses, until the culprit is alone."""
    if not records:
        return Written()
    try:
        with transaction.atomic():
            return loader.write(records)
    except RowsRefused as refused:
        return _without(loader, records, refused.reasons)
    except (DataError, IntegrityError, Refusal, ValidationError) as error:
        if len(records) == 1:
            return Written(rejected=[(records[0], _sentence(error))])
    middle = len(records) // 2
    written = write_batch(loader, records[:middle])
    written += write_batch(loader, records[middle:])
    return written


def _without(loader: Loader, records: Sequence[Record], reasons: dict[int, str]) -> Written:
    written = write_batch(loader, [record for index, record in enumerate(records) if index not in reasons])
    written.rejected += [(records[index], reason) for index, reason in reasons.items()]
    return written


def _sentence(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(error.messages)
    if isinstance(error, Refusal):
        return error.sentence
    return _broken_rule(error) or str(error).partition("\n")[0]


def _broken_rule(error: Exception) -> str:
    """What the constraint that the database names says to people."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    constraints = (rule for model in apps.get_models() for rule in model._meta.constraints)  # noqa: SLF001
    return next((str(rule.get_violation_error_message()) for rule in constraints if rule.name == name), "")


@contextmanager
def alone(system: str) -> Iterator[None]:
    """Only one import of a system at a time: two at once would both find its rows missing, and add them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('import'), hashtext(%s))", [system])
        if not cursor.fetchone()[0]:
            raise ImportRefused(
                [
                    Fault(
                        "system", f"“{system}” is being imported at this moment. Try again when that is done."
                    )
                ]
            )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('import'), hashtext(%s))", [system])


@contextmanager
def rehearsed() -> Iterator[None]:
    """All that is written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
