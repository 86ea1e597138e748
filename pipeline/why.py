"""An explanation laid out for reading: long groups fold what lies behind their first lines. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.leadpage.shapes import Remark
from scoring.explanations import ExplainedGroup, Explanation, Line

UNFOLDED = 6  # lines of a group that are shown at once
SLACK = 2  # so few more are not worth a fold
SITE = re.compile(r"https?://[^/\s,]+(?=/)")


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words: `how` without what its name says already, and pages without their site."""

    name: str
    how: str
    points: int
    tone: str
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Folded:
    """A group's rules, those behind the fold with their sum in tenths, then what its bounds do."""

    group: ExplainedGroup
    shown: list[Told]
    behind: list[Told]
    behind_points: int
    bounds: list[Line]


@dataclass(frozen=True, slots=True)
class Side:
    """Fit or engagement, its sum in tenths."""

    kind: str
    name: str
    points: int
    groups: list[Folded]


def laid_out(explanation: Explanation, remarks: Sequence[Remark] = ()) -> list[Side]:
    """Both sides; together with the rest they add up to the score. Remarks stand at a rule's first line."""
    return [
        Side(half.kind, half.name, half.points, [fold(group, remarks) for group in half.groups])
        for half in explanation.halves
    ]


def fold(group: ExplainedGroup, remarks: Sequence[Remark] = ()) -> Folded:
    """Lines that earned most stay in sight; those that count nothing go behind the fold first."""
    rules = sorted((line for line in group.lines if line.rule), key=_weight)
    cut = UNFOLDED if len(rules) > UNFOLDED + SLACK else len(rules)
    bounds = [line for line in group.lines if not line.rule]
    behind = sum(line.points for line in rules[cut:])
    told = list(_told(rules, [remark for remark in remarks if remark.group == group.name]))
    return Folded(group, told[:cut], told[cut:], behind, bounds)


def tell(line: Line, remarks: Iterable[Remark] = ()) -> Told:
    """“Webinar attended”, “10 days ago, 13.3 of 15.0 left”."""
    name = line.rule or ""
    return Told(name, plainly(name, line.reason), line.points, line.tone, tuple(remarks))


def plainly(name: str, reason: str) -> str:
    """A line's reason without what its name says already, and pages without their site."""
    return SITE.sub("", reason).removeprefix(f"{name}, ")


def _told(rules: Iterable[Line], remarks: Sequence[Remark]) -> Iterator[Told]:
    seen: set[str | None] = set()
    for line in rules:
        here = [remark for remark in remarks if remark.rule == line.rule and line.rule not in seen]
        seen.add(line.rule)
        yield tell(line, here)


def _weight(line: Line) -> tuple[bool, int]:
    return not line.points, -abs(line.points)
