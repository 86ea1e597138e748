"""The automatic confidence as arithmetic: terms in, lines out, whose sum is the value. Knows no database."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date

LOWEST, HIGHEST = 1, 99  # per cent; nothing that is open is certain
LONGEST_REST = 30  # days that an open task can hold back silence

BASE, ACTIVITY, ANSWER, SILENCE, CLAMP = "base", "activity", "answer", "silence", "clamp"


@dataclass(frozen=True, slots=True)
class Line:
    """One term of the automatic confidence: of which kind, its name, and its points in whole per cent."""

    kind: str
    name: str
    points: int

    def as_json(self) -> dict[str, str | int]:
        return asdict(self)


def base(stage: str, confidence: int) -> Line:
    """The first line: what the stage is worth by itself."""
    return Line(BASE, f"Stage: {stage}", confidence)


def answer(question: str, value: object, points: int) -> Line:
    """Budget approved?, true, 5 → “Budget approved? yes” +5; what is no question gets a colon."""
    text = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
    return Line(ANSWER, f"{question}{'' if question.endswith('?') else ':'} {text}", points)


def silence(days: int, *, allowed: int, points: int, is_resting: bool) -> Line | None:
    """What `days` without contact cost, once, from what the stage allows on; a task rests it a while."""
    if days < allowed + (LONGEST_REST if is_resting else 0):
        return None
    return Line(SILENCE, f"Silent for {days} days", -points)


def days_of_silence(today: date, *moments: date | None) -> int:
    """Days since the latest of these, never below 0; what never was does not count."""
    return max(0, (today - max(filter(None, moments), default=today)).days)


def clamped(terms: Iterable[Line]) -> list[Line]:
    """The terms, with a last line for what the bounds add or take, so that the sum is the value exactly."""
    lines = list(terms)
    raw = total(lines)
    value = max(LOWEST, min(HIGHEST, raw))
    if value == raw:
        return lines
    bound = f"Never below {LOWEST}" if raw < LOWEST else f"Never above {HIGHEST}"
    return [*lines, Line(CLAMP, f"{bound}\N{NO-BREAK SPACE}%", value - raw)]


def total(lines: Iterable[Line]) -> int:
    """The sum of the points, in per cent."""
    return sum(line.points for line in lines)
