"""What made one score of a lead another, line by line, adding up to the difference: pure."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from scoring.explanations import Explanation, Line

Key = tuple[str, str, str | None, str, datetime | None, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """A line before and after, in tenths; None where it was not there. `what` is the line in words."""

    group: str
    kind: str
    what: str
    reason: str
    before: int | None
    after: int | None
    is_signal: bool

    @property
    def points(self) -> int:
        return (self.after or 0) - (self.before or 0)

    @property
    def how(self) -> str:
        """“decayed”, “expired”, “new”, “gone”, “changed”."""
        if self.before is None:
            return "new"
        if self.after is None:
            return "gone"
        if self.is_signal and abs(self.after) < abs(self.before):
            return "decayed" if self.after else "no longer counts"
        return "changed"


def differences(before: Explanation, after: Explanation) -> list[Difference]:
    """Lines that differ, the strongest first; Σ points is ten times the difference of the totals.

    A score that is not there, before the first scoring or while excluded, is one of nothing. A line is the
    same on both dates if group, rule and signal are; of signals at one moment the first is the first.
    """
    then, now = dict(_keyed(before)), dict(_keyed(after))
    found = [_difference(key, then.get(key), now.get(key)) for key in {**then, **now}]
    differing = (row for row in found if row.points)
    return sorted(differing, key=lambda row: (-abs(row.points), row.group, row.what))


def _keyed(explanation: Explanation) -> Iterator[tuple[Key, Line]]:
    seen: dict[Key, int] = defaultdict(int)
    for group in explanation.groups:
        for line in group.lines:
            said = "" if line.rule else line.reason
            key = (group.kind, group.name, line.rule, said, line.occurred_at, 0)
            yield (*key[:5], seen[key]), line
            seen[key] += 1


def _difference(key: Key, before: Line | None, after: Line | None) -> Difference:
    kind, group, rule, said, occurred_at, _ = key
    line = after or before
    assert line  # a key comes from one of them
    reason = "" if rule is None else line.reason
    return Difference(
        group=group,
        kind=kind,
        what=rule or said,
        reason=reason,
        before=before.points if before else None,
        after=after.points if after else None,
        is_signal=occurred_at is not None,
    )
