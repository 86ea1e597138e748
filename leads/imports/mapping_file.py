"""Reads a mapping file (TOML) for one section, and notes every fault with its place."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from config.faults import Fault
from leads.imports.cells import Cell
from leads.imports.columns import read_columns
from leads.imports.faults import ImportRefused
from leads.imports.file_style import read_file_style, read_value_style
from leads.imports.mapping import CUSTOM, IGNORE, REFUSE, ColumnMapping, DataMapping, SectionSpec
from leads.imports.toml_table import TomlTable
from leads.imports.values import BadValue, ValueStyle

SECTIONS = ("companies", "products", "users", "leads", "deals", "pipeline")
LONGEST_SYSTEM = 100


class MappingFile:
    """A document being read: `read()` it, take what else is wanted; `close()` raises all faults at once."""

    def __init__(self, path: Path, spec: SectionSpec) -> None:
        self.spec = spec
        self.faults: list[Fault] = []
        self.root = TomlTable(load_document(path), "", self.faults)
        if spec.name not in self.root:
            raise ImportRefused([Fault(str(path), f"has no section [{spec.name}].")])
        self.section = self.root.table(spec.name)

    def read(self) -> DataMapping:
        styles = self.root.table("file")
        file, style = read_file_style(styles), read_value_style(styles)
        styles.close()
        columns = list(read_columns(self.section.table("columns"), self.spec))
        mapping = DataMapping(
            spec=self.spec,
            system=self._system(),
            file=file,
            style=style,
            id_columns=self._id_columns(),
            columns=columns,
            constants=self._constants(style),
            ignored=self.section.texts("ignore"),
            other_columns=self.section.choice("other_columns", (REFUSE, IGNORE, CUSTOM), REFUSE),
        )
        self._refuse_doubles(columns, mapping.constants)
        self._refuse_gaps(columns, mapping.constants)
        return mapping

    def close(self) -> None:
        """Complain about what nobody has taken (but sections of other commands), and raise all faults."""
        for name in SECTIONS:
            self.root.take(name)
        self.section.close()
        self.root.close()
        if self.faults:
            raise ImportRefused(self.faults)

    def _system(self) -> str:
        system = self.root.text("system")
        if not system or len(system) > LONGEST_SYSTEM:
            self.root.fault(
                "system", f"must name where the ids come from, in at most {LONGEST_SYSTEM} characters."
            )
        return system

    def _id_columns(self) -> tuple[str, ...]:
        columns = self.section.texts("id")
        if not columns:
            self.section.fault("id", "must name the column (or columns) by which a row is known again.")
        return columns

    def _constants(self, style: ValueStyle) -> dict[str, object]:
        table = self.section.table("constants")
        return {name: value for name in table.names() for value in self._constant(table, name, style)}

    def _constant(self, table: TomlTable, name: str, style: ValueStyle) -> Iterator[object]:
        if name not in self.spec.fields:
            table.fault(name, f"is no field of {self.spec.name}.")
            return
        value = table.take(name)
        try:
            yield self.spec.fields[name](_cell(value), style)
        except BadValue as error:
            table.fault(name, f"{error}.")

    def _refuse_doubles(self, columns: list[ColumnMapping], constants: Mapping[str, object]) -> None:
        taken = {name: f"{self.section.path}.constants.{name}" for name in constants}
        for column in columns:
            for target in column.targets:
                if target.path in taken:
                    message = (
                        f"goes to {target.path}, and so does {taken[target.path]}; a field is given once."
                    )
                    self.faults.append(Fault(column.path, message))
                taken.setdefault(target.path, column.path)

    def _refuse_gaps(self, columns: list[ColumnMapping], constants: Mapping[str, object]) -> None:
        given = {target.path for column in columns for target in column.targets} | set(constants)
        for names in self.spec.required:
            if given.isdisjoint(names):
                self.section.fault("columns", f"give no {' or '.join(names)}, which {self.spec.name} need.")


def _cell(value: object) -> Cell:
    if isinstance(value, str | int | float | date) and value != "":
        return value
    raise BadValue("must be a text, a number or a date")


def load_document(path: Path) -> dict[str, Any]:
    """The TOML in a file; refused when there is none."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ImportRefused([Fault(str(path), f"cannot be read ({error.strerror}).")]) from error
    except UnicodeDecodeError as error:
        raise ImportRefused([Fault(str(path), "is not written in UTF-8.")]) from error
    except tomllib.TOMLDecodeError as error:
        hint = (
            " A column stands here once; to give it several fields, write a list."
            if "overwrite" in str(error)
            else ""
        )
        raise ImportRefused([Fault(str(path), f"is no valid TOML: {error}.{hint}")]) from error
