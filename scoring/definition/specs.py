"""A scoring model as values: frozen, complete, without a database.

Defaults, left out when written: `combine` sum, `min` -100, no decay, `repeat` every, no `when`.
Defaults when absent, always written: `max` 100, no exclusions, no auto-qualification, and the
grades and bands below.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from scoring.fields import Op

Scalar: TypeAlias = str | int | float | bool
Value: TypeAlias = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Comparison:
    field: str
    op: Op
    value: Value = None


@dataclass(frozen=True, slots=True)
class All:
    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    terms: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    term: "Condition"


Condition: TypeAlias = Comparison | All | AnyOf | Not


class DecayType(StrEnum):
    NONE = "none"
    HALF_LIFE = "half_life"
    LINEAR = "linear"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Decay:
    type: DecayType = DecayType.NONE
    days: int = 0


class Span(StrEnum):
    PER_DAY = "per_day"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Repeat:
    """The newest `most` signals count, of each day or of all."""

    span: Span
    most: int


@dataclass(frozen=True, slots=True)
class AtLeast:
    count: int
    days: int


@dataclass(frozen=True, slots=True)
class Per:
    field: str
    unit: Decimal


@dataclass(frozen=True, slots=True)
class RuleSpec:
    name: str
    points: Decimal
    signal: str = ""
    when: Condition | None = None
    repeat: Repeat | None = None
    at_least: AtLeast | None = None
    per: Per | None = None


@dataclass(frozen=True, slots=True)
class GroupSpec:
    name: str
    kind: str
    rules: tuple[RuleSpec, ...]
    combine: str = "sum"
    min: Decimal = Decimal(-100)
    max: Decimal = Decimal(100)
    decay: Decay = Decay()


@dataclass(frozen=True, slots=True)
class ExclusionSpec:
    name: str
    when: Condition


@dataclass(frozen=True, slots=True)
class QualificationSpec:
    name: str
    signal: str
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Grades:
    """Lower bounds of A, B, C and of 1, 2, 3, in per cent of the maximum."""

    fit: tuple[int, ...] = (75, 50, 25)
    engagement: tuple[int, ...] = (75, 50, 25)


@dataclass(frozen=True, slots=True)
class Threshold:
    band: str
    enter: int
    leave: int


DEFAULT_BANDS = (
    Threshold("hot", 70, 60),
    Threshold("warm", 40, 35),
    Threshold("cold", 10, 10),
    Threshold("dead", 0, 0),
)


@dataclass(frozen=True, slots=True)
class ModelSpec:
    name: str
    groups: tuple[GroupSpec, ...]
    product_line: str | None = None
    exclusions: tuple[ExclusionSpec, ...] = ()
    auto_qualify: tuple[QualificationSpec, ...] = ()
    grades: Grades = Grades()
    bands: tuple[Threshold, ...] = DEFAULT_BANDS


def comparisons(condition: Condition | None) -> tuple[Comparison, ...]:
    """Every comparison in a condition, from left to right."""
    match condition:
        case None:
            return ()
        case Comparison():
            return (condition,)
        case Not(term):
            return comparisons(term)
        case All(terms) | AnyOf(terms):
            return tuple(leaf for term in terms for leaf in comparisons(term))


def conditions(model: ModelSpec) -> tuple[Condition, ...]:
    """Every condition of a model: of rules, exclusions and auto-qualification."""
    rules = [rule.when for group in model.groups for rule in group.rules]
    exclusions = [item.when for item in model.exclusions]
    qualifying = [item.when for item in model.auto_qualify]
    return tuple(condition for condition in (*rules, *exclusions, *qualifying) if condition is not None)


def iso_date(value: object) -> date:
    """A value that was read as a date."""
    return date.fromisoformat(str(value))
