"""Reading JSON with every fault collected: a value, where it stands, and what is wrong with it."""

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches

from config.faults import Fault

ROOT = "$"
LARGEST = 10**15


class FaultyDefinition(ValueError):
    """The definition is refused; `faults` holds all that is wrong with it."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class Node:
    """One JSON value. After a fault the readers answer a stand-in, so that reading finds the next one."""

    value: object
    path: str
    faults: list[Fault]

    def refuse(self, message: str) -> None:
        self.faults.append(Fault(self.path, message))

    def at(self, step: str | int, value: object) -> "Node":
        """The node below, by key or by index."""
        if isinstance(step, int):
            return Node(value, f"{self.path}[{step}]", self.faults)
        return Node(value, step if self.path == ROOT else f"{self.path}.{step}", self.faults)

    def mapping(self, required: Collection[str], optional: Collection[str] = ()) -> dict[str, "Node"]:
        """The known keys; an unknown or missing one is a fault, an optional one with null is absent."""
        if not isinstance(self.value, dict):
            self.refuse(f"Must be an object with {listed(required)}.")
            return {}
        known = [*required, *optional]
        for key in self.value:
            if key not in known:
                self.at(str(key), None).refuse(f"Unknown key.{nearest(str(key), known)}")
        for key in required:
            if key not in self.value:
                self.at(key, None).refuse("Is missing.")
        given = [
            key for key in known if self.value.get(key) is not None or (key in required and key in self.value)
        ]
        return {key: self.at(key, self.value[key]) for key in given}

    def sequence(self, most: int, noun: str) -> list["Node"]:
        """The items of a list; too many are refused as a whole and not read."""
        if not isinstance(self.value, list):
            self.refuse(f"Must be a list of {noun}.")
            return []
        if len(self.value) > most:
            self.refuse(f"Has {len(self.value):,} {noun}; at most {most:,} are allowed.")
            return []
        return [self.at(index, item) for index, item in enumerate(self.value)]

    def text(self, longest: int) -> str:
        """A text with something in it that the database can hold."""
        if self.value == "":
            self.refuse("Is empty.")
        elif not isinstance(self.value, str) or not self.value.strip():
            self.refuse("Must be a text.")
        elif len(self.value) > longest:
            self.refuse(f"Has {len(self.value):,} characters; at most {longest} are allowed.")
        elif "\0" in self.value or any("\ud800" <= letter <= "\udfff" for letter in self.value):
            self.refuse("Holds a character that cannot be stored.")
        else:
            return self.value
        return ""

    def number(
        self, lowest: float = -LARGEST, highest: float = LARGEST, decimals: int | None = None
    ) -> Decimal:
        """A finite number between two bounds, both allowed."""
        value = self.value
        is_nan = isinstance(value, float) and math.isnan(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or is_nan:
            self.refuse("Must be a number.")
            return Decimal(0)
        if not lowest <= value <= highest:
            self.refuse(f"Must be between {lowest:,} and {highest:,}.")
            return Decimal(0)
        number = Decimal(str(value))
        if decimals is not None and number != round(number, decimals):
            self.refuse(f"May have {decimals} decimal{'' if decimals == 1 else 's'} at most.")
        return number

    def whole(self, lowest: int, highest: int) -> int:
        """A whole number between two bounds, both allowed; 7.0 is whole."""
        number = self.number(lowest, highest)
        if number != int(number):
            self.refuse("Must be a whole number.")
        return int(number)

    def one_of(self, options: Collection[str], noun: str) -> str:
        """One of these words."""
        if isinstance(self.value, str) and self.value in options:
            return self.value
        if self.value == "":
            self.refuse(f"Choose a {noun}.")
            return next(iter(options), "")
        given = f"“{self.value}”" if isinstance(self.value, str) else "This"
        self.refuse(f"{given} is no {noun}.{nearest(str(self.value), options)}")
        return next(iter(options), "")


def listed(words: Collection[str]) -> str:
    """a, b and c."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def nearest(word: str, options: Collection[str]) -> str:
    """A hint to append to a refusal: the likeliest spelling, or all options when they are few."""
    found = get_close_matches(word[:100], options, n=1, cutoff=0.75)
    if found:
        return f" Did you mean “{found[0]}”?"
    return f" Possible: {', '.join(options)}." if 0 < len(options) <= 20 else ""
