"""What a mapping says, once it has been read: sections, columns, targets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from leads.imports.reader import FileStyle
from leads.imports.values import Converter, ValueStyle
from leads.models import CustomField
from leads.models.fields import FieldEntity

REFUSE, IGNORE, CUSTOM = "refuse", "ignore", "custom"


@dataclass(frozen=True, slots=True)
class SectionSpec:
    """What one command can import: its section, its fields, and the prefixes of custom fields."""

    name: str
    fields: Mapping[str, Converter]
    custom: Mapping[str, FieldEntity] = field(default_factory=dict)
    required: Sequence[Sequence[str]] = ()
    """Of each group of fields one must be mapped, and filled in every row."""


@dataclass(frozen=True, slots=True)
class Target:
    """A field, by its path, and how a cell becomes its value; a missing custom field is created."""

    path: str
    convert: Converter
    custom: CustomField | None = None


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """One column: what is done to its cells before they are converted for each target."""

    column: str
    path: str
    targets: Sequence[Target] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    times: Decimal | None = None
    dates: Sequence[str] = ()
    first_of: str = ""


@dataclass(frozen=True, slots=True)
class DataMapping:
    """One section of a mapping file, with what holds for the whole file."""

    spec: SectionSpec
    system: str
    file: FileStyle
    style: ValueStyle
    id_columns: Sequence[str]
    columns: Sequence[ColumnMapping]
    constants: Mapping[str, object]
    ignored: Sequence[str]
    other_columns: str
