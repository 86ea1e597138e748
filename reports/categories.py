"""The forecast by how sure it is: commit, best case, pipeline and what is omitted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Heap:
    """Open deals of one category, at their full value."""

    deals: int
    value: Decimal


@dataclass(frozen=True)
class Categories:
    """What was won in the period, and what is open in it by category; all at full value."""

    closed: Decimal
    commit: Heap
    best_case: Heap
    pipeline: Heap
    omitted: Heap

    @property
    def commit_forecast(self) -> Decimal:
        """Closed and commit."""
        return self.closed + self.commit.value

    @property
    def best_case_forecast(self) -> Decimal:
        """The commit forecast and best case."""
        return self.commit_forecast + self.best_case.value

    @property
    def open_pipeline(self) -> Decimal:
        """Commit, best case and pipeline; neither what is closed nor what is omitted."""
        return self.commit.value + self.best_case.value + self.pipeline.value

    @property
    def heaps(self) -> Mapping[str, Heap]:
        """By the category's key, the surest first."""
        return {
            "commit": self.commit,
            "best_case": self.best_case,
            "pipeline": self.pipeline,
            "omitted": self.omitted,
        }
