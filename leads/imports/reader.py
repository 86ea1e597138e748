"""Tables in files: CSV and XLSX, row by row, with the faults that make a file unreadable."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from config.faults import Fault
from leads.imports.cells import Cell
from leads.imports.faults import ImportRefused

DELIMITERS = ",;\t|"
BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class FileStyle:
    """How a file is written; what is empty is found out."""

    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A record and the line it begins on; `fault` says why its cells cannot be told apart."""

    line: int
    cells: Sequence[Cell]
    fault: str = ""


def open_table(path: Path, style: FileStyle) -> "Table":
    """The table in a file; refused with a sentence when the file is missing, empty or unreadable."""
    try:
        with path.open("rb") as file:
            beginning = file.read(4)
    except OSError as error:
        raise _refused(path, f"cannot be read ({error.strerror}).") from error
    if not beginning:
        raise _refused(path, "is empty.")
    is_zip = beginning == b"PK\x03\x04"
    table: Table = Workbook(path, style) if is_zip else TextTable(path, style, beginning)
    if not table.total:
        raise _refused(path, "has a header and no rows.")
    return table


class TextTable:
    """A CSV file, read once to prove that it can be read, and then again for its rows."""

    def __init__(self, path: Path, style: FileStyle, beginning: bytes) -> None:
        self.path = path
        self._encoding = BYTE_ORDER_MARKS.get(beginning[:2], _without_mark(style.encoding))
        self._delimiter = style.delimiter
        try:
            self._delimiter = style.delimiter or self._most_frequent_delimiter()
            header = next(self._records(), None)
            self.columns = _header(path, header)
            self.total = sum(1 for _ in self._records()) - 1
        except UnicodeError as error:
            raise _refused(path, _wrong_encoding(path, self._encoding)) from error

    def rows(self) -> Iterator[Row]:
        records = self._records()
        next(records)
        return (_fitted(row, len(self.columns)) for row in records)

    def _most_frequent_delimiter(self) -> str:
        with self._open() as file:
            header = next((line for line in file if line.strip()), "")
        return max(DELIMITERS, key=header.count)

    def _records(self) -> Iterator[Row]:
        with self._open() as file:
            lines = Lines(file)
            reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
            while lines.begin():
                try:
                    row = Row(lines.number, next(reader))
                except csv.Error as error:
                    row = Row(lines.number, [lines.keep_first()], f"the quotes do not match ({error})")
                if any(str(cell).strip() for cell in row.cells):
                    yield row

    def _open(self) -> IO[str]:
        return self.path.open(encoding=self._encoding, newline="")


class Lines:
    """Lines that can be handed back, so that a stray quote costs its line and not all up to the next one."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self.number = 1

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._file)
        self._taken.append(line)
        return line

    def begin(self) -> bool:
        """Begin a new record; false when there is none."""
        self.number += len(self._taken)
        self._taken = []
        if not self._again:
            self._again.extend(line for line in [next(self._file, "")] if line)
        return bool(self._again)

    def keep_first(self) -> str:
        """Hand back all lines of this record but the first."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._taken = [first]
        return first.rstrip("\r\n")


class Workbook:
    """One sheet of an XLSX file; its total may be a little more than there are rows."""

    def __init__(self, path: Path, style: FileStyle) -> None:
        self.path = path
        self._sheet = style.sheet
        records = self._records()
        self.columns = _header(path, next(records, None))
        self.total = self._last_line() - 1 if next(records, None) else 0

    def rows(self) -> Iterator[Row]:
        records = self._records()
        next(records)
        width = len(self.columns)
        return (
            _fitted(Row(row.line, [*row.cells, *[""] * (width - len(row.cells))]), width) for row in records
        )

    def _last_line(self) -> int:
        with self._opened() as sheet:
            return max(sheet.max_row or 0, 2)

    def _records(self) -> Iterator[Row]:
        with self._opened() as sheet:
            for line, cells in enumerate(sheet.iter_rows(values_only=True), 1):
                if any(cell is not None for cell in cells):
                    yield Row(line, [_native(cell) for cell in cells])

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        try:
            book = load_workbook(self.path, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
            raise _refused(self.path, "is no Excel workbook (.xlsx) that can be read.") from error
        try:
            yield self._chosen_sheet(book)
        finally:
            book.close()

    def _chosen_sheet(self, book: Any) -> Any:
        if self._sheet and self._sheet not in book.sheetnames:
            raise _refused(self.path, f"has no sheet “{self._sheet}”, only {', '.join(book.sheetnames)}.")
        return book[self._sheet] if self._sheet else book.worksheets[0]


def _native(cell: object) -> Cell:
    """Numbers and dates as they are; what has no type of its own (a time of day, an error) as text."""
    if cell is None:
        return ""
    return cell if isinstance(cell, str | int | float | date) else str(cell)


Table = TextTable | Workbook


def _header(path: Path, row: Row | None) -> list[str]:
    if row is None:
        raise _refused(path, "is empty.")
    if row.fault:
        raise _refused(path, f"has a header that cannot be read: {row.fault}.")
    names = [str(cell).strip() for cell in row.cells]
    while names and not names[-1]:
        names.pop()
    return names


def _fitted(row: Row, width: int) -> Row:
    """The row with as many cells as there are columns; a fault when it has others that say something."""
    if row.fault or len(row.cells) == width:
        return row
    if len(row.cells) < width or any(str(cell).strip() for cell in row.cells[width:]):
        return Row(row.line, row.cells, f"has {len(row.cells)} cells where the header has {width}")
    return Row(row.line, row.cells[:width])


def _without_mark(encoding: str) -> str:
    """UTF-8, declared or not, may begin with a byte order mark."""
    return "utf-8-sig" if encoding.lower().replace("_", "-") in {"", "utf-8", "utf8"} else encoding


def _wrong_encoding(path: Path, encoding: str) -> str:
    name = encoding.removesuffix("-sig").upper()
    advice = 'Save it as UTF-8, or name its encoding in the mapping: [file] encoding = "windows-1252".'
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return f"is not written in {name}: line {number} cannot be read. {advice}"
    return f"is not written in {name}. {advice}"


def _refused(path: Path, sentence: str) -> ImportRefused:
    return ImportRefused([Fault(path.name, sentence)])
