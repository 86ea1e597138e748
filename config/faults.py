"""One thing that is wrong in something written by people: where, and what."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is the place, such as groups[0].rules[2].when.field, or a file's name."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"
