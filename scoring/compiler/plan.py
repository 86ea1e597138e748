"""A model laid out for compiling: every rule, exclusion and auto-qualification with its number."""

from dataclasses import dataclass, field
from decimal import Decimal

from scoring.definition.specs import (
    Decay,
    ExclusionSpec,
    GroupSpec,
    ModelSpec,
    QualificationSpec,
    RuleSpec,
    comparisons,
    conditions,
)
from scoring.fields import Catalogue


@dataclass(frozen=True, slots=True)
class NumberedRule:
    number: int
    rule: RuleSpec
    decay: Decay

    @property
    def worth(self) -> str:
        """The column with the sum of the rule's lines, null without a line."""
        return f"r{self.number}"


@dataclass(frozen=True, slots=True)
class NumberedGroup:
    number: int
    group: GroupSpec
    rules: tuple[NumberedRule, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`catalogue` knows the types of the fields that the model names."""

    model: ModelSpec
    catalogue: Catalogue
    groups: tuple[NumberedGroup, ...] = field(init=False)

    def __post_init__(self) -> None:
        groups, first = [], 0
        for number, group in enumerate(self.model.groups):
            rules = tuple(
                NumberedRule(n, rule, group.decay) for n, rule in enumerate(group.rules, start=first)
            )
            groups.append(NumberedGroup(number, group, rules))
            first += len(rules)
        object.__setattr__(self, "groups", tuple(groups))

    @property
    def rules(self) -> tuple[NumberedRule, ...]:
        return tuple(rule for group in self.groups for rule in group.rules)

    @property
    def of_signals(self) -> tuple[NumberedRule, ...]:
        """Rules that count signals."""
        return tuple(rule for rule in self.rules if rule.rule.signal)

    @property
    def of_facts(self) -> tuple[NumberedRule, ...]:
        """Rules that look at what is known of the lead."""
        return tuple(rule for rule in self.rules if not rule.rule.signal)

    @property
    def exclusions(self) -> tuple[tuple[str, ExclusionSpec], ...]:
        """Each with its column."""
        return tuple((f"x{number}", item) for number, item in enumerate(self.model.exclusions))

    @property
    def named(self) -> frozenset[str]:
        """The paths of the fields that its conditions look at."""
        return frozenset(
            comparison.field for condition in conditions(self.model) for comparison in comparisons(condition)
        )

    @property
    def qualifications(self) -> tuple[tuple[str, QualificationSpec], ...]:
        """Each with its column."""
        return tuple((f"q{number}", item) for number, item in enumerate(self.model.auto_qualify))

    def maximum(self, kind: str) -> Decimal:
        """The most that the groups of this kind can give."""
        return sum((group.max for group in self.model.groups if group.kind == kind), Decimal(0))
