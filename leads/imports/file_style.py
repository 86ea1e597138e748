"""How a file is written, as the section [file] of its mapping says."""

import codecs
from datetime import UTC, datetime

from leads.imports.reader import FileStyle
from leads.imports.toml_table import TomlTable
from leads.imports.values import ISO, NO, YES, ValueStyle
from leads.organisation import today, zone

DELIMITERS = {",": ",", ";": ";", "|": "|", "\t": "\t", "tab": "\t"}
DECIMALS = {".": ".", ",": ","}
THOUSANDS = {
    "": "",
    ".": ".",
    ",": ",",
    " ": " ",
    "'": "'",
    "’": "’",
    "\N{NO-BREAK SPACE}": "\N{NO-BREAK SPACE}",
}
SAMPLE = datetime(2026, 11, 30, 17, 45, 10, tzinfo=UTC)


def read_file_style(table: TomlTable) -> FileStyle:
    encoding = table.text("encoding")
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        table.fault("encoding", f"is “{encoding}”, which is no encoding such as utf-8 or windows-1252.")
        encoding = ""
    return FileStyle(encoding, _sign(table, "delimiter", DELIMITERS, ""), table.text("sheet"))


def read_value_style(table: TomlTable) -> ValueStyle:
    style = ValueStyle(
        dates=read_dates(table) or (ISO,),
        decimal=_sign(table, "decimal", DECIMALS, "."),
        thousands=_sign(table, "thousands", THOUSANDS, ""),
        phone_region=table.text("phone_region").upper(),
        empty=_words(table, "empty"),
        yes=_words(table, "yes") or YES,
        no=_words(table, "no") or NO,
        zone=zone(),
        today=today(),
    )
    if style.decimal == style.thousands:
        table.fault("thousands", "is the same sign as decimal.")
    return style


def read_dates(table: TomlTable) -> tuple[str, ...]:
    """Patterns of dates: "iso", or the signs of strptime."""
    patterns = table.texts("dates")
    for pattern in patterns:
        if pattern != ISO and not _reads_back(pattern):
            table.fault("dates", f"has “{pattern}”, which is neither iso nor a pattern such as %d.%m.%Y.")
    return patterns


def _reads_back(pattern: str) -> bool:
    try:
        return datetime.strptime(SAMPLE.strftime(pattern), pattern).date() == SAMPLE.date()  # noqa: DTZ007 - only the day is compared
    except ValueError:
        return False


def _sign(table: TomlTable, key: str, options: dict[str, str], default: str) -> str:
    given = table.take(key)
    if given is None or (isinstance(given, str) and given in options):
        return default if given is None else options[given]
    table.fault(key, f"must be one of {' '.join(repr(option) for option in options)}.")
    return default


def _words(table: TomlTable, key: str) -> frozenset[str]:
    return frozenset(word.strip().casefold() for word in table.texts(key))
