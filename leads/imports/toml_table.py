"""A table of TOML, read key by key: each fault is noted with its path, also a key that nobody asked for."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from config.faults import Fault


class TomlTable:
    """Takes keys out of a table; `close()` complains about those left. Bad values give the default."""

    def __init__(self, table: Mapping[str, Any], path: str, faults: list[Fault]) -> None:
        self._rest = dict(table)
        self._asked: set[str] = set()
        self.path = path
        self.faults = faults

    def __contains__(self, key: str) -> bool:
        return key in self._rest

    def fault(self, key: str, message: str) -> None:
        """Note a fault at this key, or at the table itself when the key is empty."""
        self.faults.append(Fault(self.path_of(key), message))

    def path_of(self, key: str) -> str:
        is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
        name = key if is_bare else f'"{key}"'
        return ".".join(part for part in (self.path, name if key else "") if part) or "mapping"

    def take(self, key: str) -> Any:
        """The raw value, or None."""
        self._asked.add(key)
        return self._rest.pop(key, None)

    def text(self, key: str, default: str = "") -> str:
        value = self.take(key)
        if value is None or (isinstance(value, str) and value.strip()):
            return default if value is None else value.strip()
        self.fault(key, "must be a text in quotes.")
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        value = self.take(key)
        found = [value] if isinstance(value, str) else value
        if found is None or (isinstance(found, list) and all(isinstance(item, str) for item in found)):
            return tuple(found or ())
        self.fault(key, "must be a text or a list of texts.")
        return ()

    def choice(self, key: str, options: Collection[str], default: str) -> str:
        value = self.text(key, default)
        if value in options:
            return value
        self.fault(key, f"is “{value}”; it must be one of {', '.join(filter(None, options))}.")
        return default

    def whole(self, key: str, least: int, most: int) -> int:
        """A whole number that must be there."""
        value = self.take(key)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.fault(key, f"must be a whole number from {least} to {most}.")
        return least

    def factor(self, key: str) -> Decimal | None:
        """A number above 0, or None when it is not there."""
        value = self.take(key)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value > 0):
            return None if value is None else Decimal(str(value))
        self.fault(key, "must be a number above 0.")
        return None

    def table(self, key: str) -> "TomlTable":
        """A table below this one; empty when it is not there."""
        value = self.take(key)
        if not isinstance(value, Mapping | None):
            self.fault(key, "must be a table.")
            value = None
        return TomlTable(value or {}, self.path_of(key), self.faults)

    def tables(self, key: str) -> list["TomlTable"]:
        """A list of tables, `[[like.this]]`."""
        value = self.take(key)
        if value is not None and not (
            isinstance(value, list) and all(isinstance(item, dict) for item in value)
        ):
            self.fault(key, "must be a list of tables, each begun by its name in double brackets.")
            value = None
        return [
            TomlTable(item, f"{self.path_of(key)}[{number}]", self.faults)
            for number, item in enumerate(value or [], 1)
        ]

    def names(self) -> list[str]:
        """Those not taken yet, in the order of the file."""
        return list(self._rest)

    def close(self) -> None:
        """Complain about every key that nobody asked for."""
        for key in self._rest:
            near = get_close_matches(key, self._asked, n=1)
            self.fault(key, f"is not known here; did you mean {near[0]}?" if near else "is not known here.")
