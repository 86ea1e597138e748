"""Refusals of single rows within a batch, and those that several verbs share."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from config.refusals import Refusal

Row = TypeVar("Row")
Result = TypeVar("Result")


class LeadClosed(Refusal):
    """The lead is won, lost or disqualified, so this can no longer be done to it."""


class LeadGone(Refusal):
    """The lead is not in the database, or no longer."""


@dataclass(frozen=True)
class Refused:
    """The row at `index` of a batch was not carried out, and why."""

    index: int
    message: str
    refusal: type[Refusal] = Refusal


def sift(rows: Iterable[Row], judge: Callable[[Row], Result]) -> tuple[list[Result], list[Refused]]:
    """What `judge` makes of each row, and the refusals it raised, by the row's place."""
    results: list[Result] = []
    refused: list[Refused] = []
    for index, row in enumerate(rows):
        try:
            results.append(judge(row))
        except Refusal as refusal:
            refused.append(Refused(index, refusal.sentence, type(refusal)))
    return results, refused


def raise_refused(refused: Sequence[Refused]) -> None:
    """For a verb with one row: the refusal of that row, if there is one, as an exception."""
    for row in refused:
        raise row.refusal(row.message)
