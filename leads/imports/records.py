"""Rows of a file read by a mapping: each becomes a record of typed values, or says why not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

from config.faults import Fault
from leads.imports.cells import Cell, as_text
from leads.imports.custom import custom_key, custom_target
from leads.imports.mapping import CUSTOM, REFUSE, ColumnMapping, DataMapping
from leads.imports.reader import Row
from leads.imports.rejects import ADDED_COLUMNS
from leads.imports.values import BadValue, ValueStyle, number
from leads.models import CustomField
from leads.models.fields import FieldType

LONGEST_ID = 200


class BadRow(ValueError):
    """The row cannot be imported; the text says why."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row with its external id and its values by the path of their field; empty cells have none."""

    row: Row
    key: str
    values: Mapping[str, Any]

    def text(self, path: str) -> str:
        """The value of a field of text, empty when there is none."""
        return str(self.values.get(path, ""))

    def part(self, prefix: str) -> dict[str, Any]:
        """The values below a prefix: of "company" name, domain, …; of "custom" custom fields by key."""
        start = f"{prefix}."
        named = (
            (path.removeprefix(start), value) for path, value in self.values.items() if path.startswith(start)
        )
        return {name: value for name, value in named if "." not in name}


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A column of the mapping, found in the file."""

    index: int
    mapping: ColumnMapping
    style: ValueStyle


class RecordReader:
    """Reads rows of one table by one mapping; what does not fit between the two is noted as a fault."""

    def __init__(self, mapping: DataMapping, columns: Sequence[str], faults: list[Fault]) -> None:
        self._mapping = mapping
        header = Header(columns, faults)
        self._keys = [header.index(column, f"{mapping.spec.name}.id") for column in mapping.id_columns]
        wanted = [*mapping.columns, *other_columns(mapping, header)]
        self._columns = [
            BoundColumn(header.index(column.column, column.path), column, _style(column, mapping.style))
            for column in wanted
        ]

    @property
    def custom_fields(self) -> list[CustomField]:
        """Those whose values the file brings; they may not be stored yet."""
        return [
            target.custom for column in self._columns for target in column.mapping.targets if target.custom
        ]

    def read(self, row: Row) -> Record:
        """The record in a row; BadRow with every reason when there is none."""
        if row.fault:
            raise BadRow(row.fault)
        reasons: list[str] = []
        values = {**self._mapping.constants, **dict(self._values(row, reasons))}
        key = " / ".join(filter(None, (as_text(row.cells[index]) for index in self._keys)))
        reasons.extend(self._missing(key, values))
        if reasons:
            raise BadRow("; ".join(reasons))
        return Record(row, key, values)

    def _values(self, row: Row, reasons: list[str]) -> Iterator[tuple[str, object]]:
        for column in self._columns:
            try:
                yield from _converted(row.cells[column.index], column)
            except BadValue as error:
                reasons.append(f"{column.mapping.column}: {error}")

    def _missing(self, key: str, values: Mapping[str, object]) -> Iterator[str]:
        if not key or len(key) > LONGEST_ID:
            wrong = f"is longer than {LONGEST_ID} characters" if key else "there is no id"
            yield f"{' / '.join(self._mapping.id_columns)}: {wrong}"
        for names in self._mapping.spec.required:
            if not any(name in values for name in names):
                yield f"there is no {' or '.join(names)}"


class Header:
    """The columns of a file, found by name; without regard to case where that is plain."""

    def __init__(self, columns: Sequence[str], faults: list[Fault]) -> None:
        self.columns = columns
        self.faults = faults
        self.found: set[int] = set()

    def index(self, column: str, path: str) -> int:
        """The place of a column; 0 and a fault when it is not there once."""
        same = [index for index, name in enumerate(self.columns) if name == column]
        same = same or [
            index for index, name in enumerate(self.columns) if name.casefold() == column.casefold()
        ]
        self.found.update(same)
        if len(same) == 1:
            return same[0]
        self.faults.append(Fault(path, self._complaint(column, len(same))))
        return 0

    def _complaint(self, column: str, times: int) -> str:
        if times:
            return f"the file has {times} columns “{column}”."
        near = get_close_matches(column, self.columns, n=1)
        advice = f"; did you mean “{near[0]}”?" if near else "."
        return f"the file has no column “{column}”{advice}"


def other_columns(mapping: DataMapping, header: Header) -> list[ColumnMapping]:
    """Columns of the file that the mapping does not name: custom fields, or a fault, or nothing."""
    named = {column.casefold() for column in (*mapping.ignored, *mapping.id_columns, *ADDED_COLUMNS)}
    named |= {column.column.casefold() for column in mapping.columns}
    others = [name for name in header.columns if name.casefold() not in named]
    if mapping.other_columns == CUSTOM:
        return [_custom_column(name, mapping, header) for name in others if name]
    if others and mapping.other_columns == REFUSE:
        listed = ", ".join(f"“{name}”" if name else "one without a name" for name in others)
        advice = 'Give each a field, list it under ignore, or set other_columns to "custom" or "ignore".'
        header.faults.append(
            Fault(
                f"{mapping.spec.name}.columns",
                f"the mapping does not know these columns of the file: {listed}. {advice}",
            )
        )
    return []


def _custom_column(name: str, mapping: DataMapping, header: Header) -> ColumnMapping:
    path = f"{mapping.spec.name}.other_columns"
    key = custom_key(name)
    if not key:
        header.faults.append(Fault(path, f"“{name}” needs an entry of its own with a key in Latin letters."))
    return ColumnMapping(
        name, path, [custom_target("custom", mapping.spec.custom["custom"], key, name, FieldType.TEXT)]
    )


def _style(column: ColumnMapping, style: ValueStyle) -> ValueStyle:
    return replace(style, dates=tuple(column.dates)) if column.dates else style


def _converted(cell: Cell, column: BoundColumn) -> Iterator[tuple[str, object]]:
    """The values of a cell by field; none when it is empty or stands for nothing."""
    mapping, style = column.mapping, column.style
    if isinstance(cell, str):
        cell = cell.strip()
        cell = cell.partition(mapping.first_of)[0].strip() if mapping.first_of else cell
    if style.is_empty(cell):
        return
    cell = mapping.values.get(as_text(cell), cell) if mapping.values else cell
    if cell == "":
        return
    if mapping.times is not None:
        cell = number(cell, style) * mapping.times
    for target in mapping.targets:
        yield target.path, target.convert(cell, style)
