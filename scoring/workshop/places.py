"""Places in a definition's JSON form, named by the paths in which its reader names faults: pure."""

import re
from typing import Any

Json = dict[str, Any]

_STEP = re.compile(r"\.?([a-z_]+)|\[(\d{1,4})\]")
_OPENED = re.compile(r"(groups\[\d+\](\.rules\[\d+\])?|exclusions\[\d+\]|auto_qualify\[\d+\])")


class NoSuchPlace(LookupError):
    """The path leads nowhere: it was made up, or its place is gone."""


def steps_of(path: str) -> list[str | int]:
    """groups[0].rules[2] → ["groups", 0, "rules", 2]."""
    steps: list[str | int] = []
    position = 0
    while position < len(path):
        match = _STEP.match(path, position)
        if not match:
            raise NoSuchPlace(path)
        steps.append(match[1] or int(match[2]))
        position = match.end()
    return steps


def at(document: Any, path: str) -> Any:
    """What stands at a path."""
    for step in steps_of(path):
        document = _below(document, step, path)
    return document


def above(path: str) -> str:
    """groups[0].rules[2] → groups[0].rules."""
    return re.sub(r"(\.?[a-z_]+|\[\d+\])\Z", "", path)


def last(path: str) -> str | int:
    """The last step."""
    steps = steps_of(path)
    if not steps:
        raise NoSuchPlace(path)
    return steps[-1]


def put(document: Json, path: str, value: Any) -> None:
    """Set what stands at a path; the place above it must be there."""
    holder, step = at(document, above(path)), last(path)
    if isinstance(step, int):
        _below(holder, step, path)
    elif not isinstance(holder, dict):
        raise NoSuchPlace(path)
    holder[step] = value


def take(document: Json, path: str) -> Any:
    """Remove what stands at a path, and answer it."""
    holder, step = at(document, above(path)), last(path)
    _below(holder, step, path)
    return holder.pop(step)


def is_within(path: str, place: str) -> bool:
    """Whether a path is this place or below it."""
    return path == place or (path.startswith(place) and path[len(place)] in ".[")


def place_of(path: str) -> str:
    """The rule, exclusion, auto-qualification or group that a path is in; empty for none."""
    found = _OPENED.match(path)
    return found[0] if found else ""


def element_id(path: str) -> str:
    """The id of the element of a place."""
    return "at-" + re.sub(r"[^a-z0-9_]+", "-", path).strip("-")


def _below(value: Any, step: str | int, path: str) -> Any:
    is_there = (
        step < len(value) if isinstance(step, int) and isinstance(value, list)
        else isinstance(step, str) and isinstance(value, dict) and step in value
    )  # fmt: skip
    if not is_there:
        raise NoSuchPlace(path)
    return value[step]
