"""What the groups of a model, be it faulty, can give at most, and so the best possible score: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Json = Mapping[str, Any]
FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class GroupReach:
    """`most` and `least` as bounded by the group; `rules` is what its rules could give without the bound."""

    name: str
    kind: str
    maximum: Decimal
    most: Decimal
    least: Decimal
    rules: Decimal | None  # None: without an end, for a signal counts every time

    @property
    def is_wasted(self) -> bool:
        """The rules together cannot reach the maximum."""
        return self.rules is not None and self.rules < self.maximum


@dataclass(frozen=True, slots=True)
class Reach:
    groups: tuple[GroupReach, ...]

    @property
    def fit(self) -> Decimal:
        return self._sum("fit")

    @property
    def engagement(self) -> Decimal:
        return self._sum("engagement")

    @property
    def maximum(self) -> Decimal:
        """The maximums added up."""
        return sum((group.maximum for group in self.groups), Decimal(0))

    @property
    def together(self) -> Decimal:
        return self.fit + self.engagement

    @property
    def cut(self) -> Decimal:
        """What a score loses because it ends at 100."""
        return min(FULL - self.together, Decimal(0))

    @property
    def best(self) -> Decimal:
        """The best possible score."""
        return max(min(self.together, FULL), Decimal(0))

    @property
    def bars(self) -> list[tuple[GroupReach, float, float]]:
        """Each group with its start and length, in hundredths of all maximums together."""
        whole, start = max(self.maximum, Decimal(1)), Decimal(0)
        bars = []
        for group in self.groups:
            length = max(group.maximum, Decimal(0))
            bars.append((group, round(float(start * 100 / whole), 2), round(float(length * 100 / whole), 2)))
            start += length
        return bars

    def _sum(self, kind: str) -> Decimal:
        return sum((group.most for group in self.groups if group.kind == kind), Decimal(0))


def reach_of(document: Json) -> Reach:
    """The reach of a definition's JSON form; what is no number counts as 0."""
    return Reach(tuple(_group(group) for group in document["groups"]))


def _group(group: Json) -> GroupReach:
    maximum, minimum = _number(group.get("max", 100)), _number(group.get("min", -100))
    worths = [_worth(rule) for rule in group["rules"]]
    gains = [worth for worth in worths if worth is None or worth > 0]
    if None in gains:
        rules = None
    elif group.get("combine") == "best":
        rules = max((worth for worth in gains if worth), default=Decimal(0))
    else:
        rules = sum((worth for worth in gains if worth), Decimal(0))
    most = maximum if rules is None else min(maximum, rules)
    return GroupReach(
        group["name"], group["kind"], maximum, max(most, minimum), _least(group, minimum), rules
    )


def _least(group: Json, minimum: Decimal) -> Decimal:
    taking = [rule for rule in group["rules"] if _number(rule["points"]) < 0]
    losses = [_worth(rule) or Decimal(0) for rule in taking]
    if not losses:
        return max(minimum, Decimal(0))
    if any(_is_endless(rule) for rule in taking):
        return minimum
    together = min(losses) if group.get("combine") == "best" else sum(losses, Decimal(0))
    return max(minimum, together)


def _worth(rule: Json) -> Decimal | None:
    points = _number(rule["points"])
    if points > 0 and _is_endless(rule):
        return None
    repeat = rule.get("repeat")
    times = _number(repeat.get("total", 1)) if isinstance(repeat, Mapping) else 1
    return points * times


def _is_endless(rule: Json) -> bool:
    """Its signal may count any number of times, or for any amount."""
    if not rule.get("signal") or rule.get("at_least"):
        return False
    repeat = rule.get("repeat")
    return bool(rule.get("per")) or not (isinstance(repeat, Mapping) and "total" in repeat)


def _number(value: object) -> Decimal:
    if not isinstance(value, int | float) or isinstance(value, bool) or not abs(value) < 10**9:
        return Decimal(0)
    return Decimal(str(value))
