"""One lead's score under two versions, rule by rule: pure, from what the engine explains of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from scoring.definition.specs import Threshold
from scoring.explanations import ExplainedGroup, Explanation, Line


@dataclass(frozen=True, slots=True)
class Tried:
    """Points are tenths; None where a version has no such line. `said` are the reasons of both."""

    name: str
    before: int | None
    after: int | None
    said: tuple[str, ...] = ()
    kind: str = ""
    lines: tuple["Tried", ...] = ()

    @property
    def difference(self) -> int:
        return (self.after or 0) - (self.before or 0)


def beside(live: Explanation, draft: Explanation) -> list[Tried]:
    """Groups with their lines; the lines of a version add up to its group, and the groups to its total."""
    return [
        Tried(
            name,
            before.points if before else None,
            after.points if after else None,
            kind=kind,
            lines=tuple(_lines(before.lines if before else (), after.lines if after else ())),
        )
        for (name, kind), before, after in _paired_groups(live.groups, draft.groups)
    ]


def band_at(total: int | None, thresholds: Sequence[Threshold], previous: str = "") -> str:
    """The band that a total falls into, coming from the previous one; both by key, empty for none."""
    if total is None:
        return ""
    keys = [threshold.band for threshold in thresholds]
    reached = keys.index(previous) if previous in keys else len(keys)
    for rank, threshold in enumerate(thresholds):
        if total >= (threshold.leave if rank >= reached else threshold.enter):
            return threshold.band
    return ""


def _paired_groups(
    live: Iterable[ExplainedGroup], draft: Iterable[ExplainedGroup]
) -> Iterator[tuple[tuple[str, str], ExplainedGroup | None, ExplainedGroup | None]]:
    """By name and kind, in the draft's order; of several called the same, the first with the first."""
    before, after = _numbered(live), _numbered(draft)
    last = [key for key in after | before if key[1] == "total"]
    for key in [*(key for key in after | before if key[1] != "total"), *last]:
        yield key[:2], before.get(key), after.get(key)


def _numbered(groups: Iterable[ExplainedGroup]) -> dict[tuple[str, str, int], ExplainedGroup]:
    found: dict[tuple[str, str, int], ExplainedGroup] = {}
    for group in groups:
        number = sum((group.name, group.kind) == key[:2] for key in found)
        found[group.name, group.kind, number] = group
    return found


def _lines(live: Iterable[Line], draft: Iterable[Line]) -> Iterator[Tried]:
    before, after = _by_rule(live), _by_rule(draft)
    for name in after | before:
        old, new = before.get(name), after.get(name)
        reasons = dict.fromkeys(line.reason for line in (new or old or ()) if line.rule)
        yield Tried(name, _sum(old), _sum(new), tuple(reasons))


def _by_rule(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """All lines of a rule together; a bound is its own line."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.rule or line.reason, []).append(line)
    return found


def _sum(lines: list[Line] | None) -> int | None:
    return None if lines is None else sum(line.points for line in lines)
