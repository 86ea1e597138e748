"""The columns of a section: where each goes, and what is done to its cells on the way."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from leads.imports.custom import LONGEST_KEY, custom_key, custom_target
from leads.imports.file_style import read_dates
from leads.imports.mapping import ColumnMapping, SectionSpec, Target
from leads.imports.toml_table import TomlTable
from leads.models.fields import FieldEntity, FieldType, validate_key


def read_columns(table: TomlTable, spec: SectionSpec) -> Iterator[ColumnMapping]:
    """Every column of the table; targets that cannot be are noted and left out."""
    for column in table.names():
        yield _read_column(column, _long_form(table, column), spec)


def _long_form(table: TomlTable, column: str) -> TomlTable:
    """A column's entry: `"name"` and `["name", "domain"]` are short for `{ to = … }`."""
    entry = table.take(column)
    options = entry if isinstance(entry, Mapping) else {"to": entry}
    return TomlTable(options, table.path_of(column), table.faults)


def _read_column(column: str, entry: TomlTable, spec: SectionSpec) -> ColumnMapping:
    fields = entry.texts("to")
    if not any(fields):
        entry.fault("", "names no field to go to.")
    targets = [target for name in fields for target in _target(column, name, entry, spec)]
    mapping = ColumnMapping(
        column,
        entry.path,
        targets,
        values=_values(entry.table("values")),
        times=entry.factor("times"),
        dates=read_dates(entry),
        first_of=entry.text("first_of"),
    )
    entry.close()
    return mapping


def _target(column: str, name: str, entry: TomlTable, spec: SectionSpec) -> Iterator[Target]:
    prefix, _, key = (name, "", "") if name in spec.custom else name.rpartition(".")
    if name in spec.fields:
        yield Target(name, spec.fields[name])
    elif prefix in spec.custom:
        yield _custom(column, prefix, spec.custom[prefix], key, entry)
    elif name:
        known = [*spec.fields, *spec.custom]
        near = get_close_matches(name, known, n=1)
        advice = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}."
        entry.fault("", f"goes to “{name}”, which is no field of {spec.name}; {advice}")


def _custom(column: str, prefix: str, entity: FieldEntity, key: str, entry: TomlTable) -> Target:
    label = entry.text("label", column)
    kind = entry.choice("type", FieldType.values, FieldType.TEXT)
    key = key or entry.text("key", custom_key(column))
    if not validate_key.regex.match(key) or len(key) > LONGEST_KEY:  # type: ignore[union-attr]
        entry.fault("key", "must be given: small letters, digits and underscores, beginning with a letter.")
    return custom_target(prefix, entity, key, label, kind)


def _values(table: TomlTable) -> dict[str, str]:
    found = {}
    for word in table.names():
        value = table.take(word)
        if isinstance(value, str):
            found[word] = value.strip()
        else:
            table.fault(word, "must be a text in quotes; an empty one leaves the field out.")
    return found
