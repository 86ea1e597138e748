"""What would raise a deal's automatic confidence most: next steps with the points each brings. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.confidence import ACTIVITY, ANSWER, CLAMP, HIGHEST, LOWEST, Line, total

SHOWN = 5
STAGE = "stage"
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Raise:
    """A next step: what kind of thing it is, its name, the points it brings, and what the click needs.

    `key` is a stage, a kind of activity or a question; `needs` is what the stage still asks for.
    """

    kind: str
    name: str
    points: int
    key: str
    needs: str = ""


def raises(
    lines: Sequence[Line], *, stages: Sequence[Row], here: int, keys: Sequence[Row], answers: Sequence[Row]
) -> list[Raise]:
    """The steps that bring something, the best first.

    `stages` in order with pk, name, confidence, needs; `keys` with kind, name, stage, points, is_done;
    `answers` with question, text, points: the best that an open question can bring.
    """
    raw = total(line for line in lines if line.kind != CLAMP)
    steps = [*_next_stage(lines, stages, here, keys), *_undone(raw, here, keys), *_unasked(raw, answers)]
    return sorted((step for step in steps if step.points > 0), key=lambda step: -step.points)[:SHOWN]


def gain(raw: int, points: int) -> int:
    """What points bring within the bounds."""
    return _bounded(raw + points) - _bounded(raw)


def _bounded(raw: int) -> int:
    return max(LOWEST, min(HIGHEST, raw))


def _next_stage(
    lines: Iterable[Line], stages: Sequence[Row], here: int, keys: Sequence[Row]
) -> Iterator[Raise]:
    """The move ends silence, and another stage may give other points for what was done."""
    at = next((at for at, row in enumerate(stages) if row["pk"] == here), len(stages))
    kept = total(line for line in lines if line.kind == ANSWER)
    before = total(lines)
    for row in stages[at + 1 : at + 2]:
        done = sum(points for _, points in _worth(keys, row["pk"], is_done=True).values())
        after = _bounded(row["confidence"] + kept + done)
        yield Raise(STAGE, f"Move to {row['name']}", after - before, str(row["pk"]), row["needs"])


def _undone(raw: int, here: int, keys: Sequence[Row]) -> Iterator[Raise]:
    for kind, (name, points) in _worth(keys, here, is_done=False).items():
        yield Raise(ACTIVITY, name, gain(raw, points), kind)


def _unasked(raw: int, answers: Sequence[Row]) -> Iterator[Raise]:
    for row in answers:
        yield Raise(ANSWER, f"Find out: {row['text']}", gain(raw, row["points"]), str(row["question"]))


def _worth(keys: Sequence[Row], stage: int, *, is_done: bool) -> dict[str, tuple[str, int]]:
    """By kind, its name and points in a stage; a stage's own points beat those of any stage."""
    counting = [row for row in keys if row["stage"] in (None, stage) and row["is_done"] == is_done]
    ordered = sorted(counting, key=lambda row: row["stage"] is not None)
    return {row["kind"]: (row["name"], row["points"]) for row in ordered}
