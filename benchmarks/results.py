"""What was measured, beside what it may be."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table; without a limit it is for information."""

    name: str
    measured: float
    unit: str
    limit: float | None = None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.measured > self.limit

    def __str__(self) -> str:
        limit = f"at most {self.limit:g}" if self.limit is not None else ""
        over = "OVER" if self.is_over else ""
        return f"{self.name:<58} {self.measured:>10.2f} {self.unit:<6} {limit:<13} {over}"


@dataclass(slots=True)
class Table:
    results: list[Result] = field(default_factory=list)

    def add(self, name: str, measured: float, unit: str, limit: float | None = None) -> None:
        """Keep a line and print it at once."""
        self.results.append(Result(name, measured, unit, limit))
        print(str(self.results[-1]).rstrip(), flush=True)

    @property
    def over(self) -> list[str]:
        return [result.name for result in self.results if result.is_over]
