"""The shapes of an explanation: pure. Points are tenths; lines add up to their group, groups to the total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

Kind = Literal["fit", "engagement", "total"]
NAMES: dict[Kind, str] = {"fit": "Fit", "engagement": "Engagement"}


@dataclass(frozen=True, slots=True)
class Line:
    """`rule` is None where no rule gives the points, as for a maximum; `tone` is off, cap or empty."""

    rule: str | None
    points: int
    reason: str
    occurred_at: datetime | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True)
class ExplainedGroup:
    """`maximum` in points; `how` says what else shapes the group, such as “half-life 30 days”."""

    name: str
    kind: Kind
    points: int
    lines: tuple[Line, ...]
    maximum: Decimal = Decimal(100)
    how: str = ""


@dataclass(frozen=True, slots=True)
class Half:
    """Fit or engagement with its groups."""

    kind: Kind
    points: int
    groups: tuple[ExplainedGroup, ...]

    @property
    def name(self) -> str:
        return NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class Explanation:
    """A score with all its parts; without numbers when the lead is unscored or excluded."""

    state: str
    as_of: date | None = None
    total: int | None = None
    fit: int | None = None
    engagement: int | None = None
    grade: str = ""
    groups: Sequence[ExplainedGroup] = ()
    model_id: int | None = None
    exclusion: str = ""

    @property
    def halves(self) -> list[Half]:
        """Fit and engagement, in this order."""
        points = {"fit": self.fit, "engagement": self.engagement}
        return [
            Half(kind, points[kind] or 0, tuple(group for group in self.groups if group.kind == kind))
            for kind in NAMES
        ]

    @property
    def rest(self) -> ExplainedGroup | None:
        """The last group, of clamping and rounding."""
        return self.groups[-1] if self.groups else None
