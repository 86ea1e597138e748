"""On which line of a JSON text a path stands, so that a fault can be shown beside it: pure."""

import re
from collections.abc import Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

_TOKEN = re.compile(r'[\s,:]*([{}\[\]"]|[^\s,:{}\[\]"]+)')


def path_lines(text: str) -> dict[str, int]:
    """Line numbers, from 1, of every path in a valid JSON text; `$` is the whole."""
    lines: dict[str, int] = {}
    starts = [match.start() for match in re.finditer("\n", text)]
    line = 1
    for path, offset in _walk(text):
        while line <= len(starts) and starts[line - 1] < offset:
            line += 1
        lines.setdefault(path, line)
    return lines


def line_of(path: str, lines: dict[str, int]) -> int:
    """The line of this path, or of the nearest one above it that is in the text."""
    while path and path not in lines:
        path = re.sub(r"(\.?[^.\[]+|\[\d+\])\Z", "", path)
    return lines.get(path, 1)


def _walk(text: str) -> Iterator[tuple[str, int]]:
    """Each value's path and offset, in the order of the text."""
    stack: list[tuple[str, int | None]] = []  # path of an open container, and the next index of a list
    key: str | None = None
    position = 0
    while match := _TOKEN.match(text, position):
        mark, start, position = match[1], match.start(1), match.end()
        if mark in "}]":
            stack.pop()
            continue
        in_object = bool(stack) and stack[-1][1] is None
        if mark == '"':
            string, position = scanstring(text, position, False)
            if in_object and key is None:
                key = string
                continue
        path, stack = _step(stack, key)
        key = None
        yield path, start
        if mark in "{[":
            stack.append((path, None if mark == "{" else 0))


def _step(stack: list[tuple[str, int | None]], key: str | None) -> tuple[str, list[tuple[str, int | None]]]:
    """The path of the next value, and the stack with a list's index moved on."""
    if not stack:
        return "$", stack
    above, index = stack[-1]
    if index is not None:
        return f"{above}[{index}]", [*stack[:-1], (above, index + 1)]
    return (key or "") if above == "$" else f"{above}.{key}", stack
