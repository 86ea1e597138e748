"""What an ideal customer is like, in criteria, and in how many of them leads agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from leads.models import Lead
from leads.organisation import organisation, today
from leads.querysets import array_text
from scoring.compiler.plan import Plan
from scoring.compiler.trying import matching_statement
from scoring.definition.specs import GroupSpec, ModelSpec, RuleSpec
from scoring.definition.stored import stored_condition
from scoring.fields import Catalogue, Op

MOST_CRITERIA = 5
NO_TRAITS = (Op.IS_NOT_SET, Op.NOT_IN)  # what is unknown, and what is none of the frequent values
COUNTED = "SELECT matches, count(*) FROM matched GROUP BY matches"
EACH = "SELECT lead_key, matches FROM matched"


@dataclass(frozen=True)
class Trait:
    """Something that won leads have more or less often than lost ones; `place` is its number there."""

    place: int
    source: str
    label: str
    value: str
    is_signal: bool
    is_criterion: bool
    rule: Mapping[str, Any]
    leads: int
    won: int
    of_won: float
    of_lost: float
    rate: float
    low: float
    high: float
    chance: float
    points: int

    @property
    def speaks_for(self) -> bool:
        return self.of_won > self.of_lost

    @property
    def times(self) -> float | None:
        """How many times as often the one side has it as the other; None where the other never has it."""
        more, less = max(self.of_won, self.of_lost), min(self.of_won, self.of_lost)
        return more / less if less else None


@dataclass(frozen=True)
class Criterion:
    """One field of the ideal customer, with the values that speak for winning."""

    label: str
    traits: tuple[Trait, ...]


@dataclass(frozen=True)
class Fit:
    """How many of the open leads meet how many criteria; a lead fits that meets most of them."""

    criteria: tuple[Criterion, ...]
    matches: Mapping[int, int]

    @property
    def least(self) -> int:
        """More than half of the criteria."""
        return least_of(self.criteria)

    @property
    def open(self) -> int:
        return sum(self.matches.values())

    @property
    def fits(self) -> int:
        return sum(leads for number, leads in self.matches.items() if number >= self.least)


def read_trait(place: int, share: Mapping[str, Any]) -> Trait:
    """A share that was learnt, as a trait."""
    rule = share["rule"]
    kept = {name: share[name] for name in Trait.__dataclass_fields__ if name in share}
    is_signal = "signal" in rule
    is_criterion = not is_signal and rule.get("when", {}).get("op") not in NO_TRAITS
    return Trait(place=place, is_signal=is_signal, is_criterion=is_criterion, **kept)


def criteria_of(traits: Iterable[Trait]) -> tuple[Criterion, ...]:
    """The fields with the strongest positive traits, at most five, each with all its positive values."""
    found: dict[str, list[Trait]] = {}
    for trait in traits:
        if trait.speaks_for and trait.is_criterion:
            found.setdefault(trait.source, []).append(trait)
    return tuple(Criterion(same[0].label, tuple(same)) for same in list(found.values())[:MOST_CRITERIA])


def least_of(criteria: tuple[Criterion, ...]) -> int:
    """More than half of them."""
    return len(criteria) // 2 + 1


def count_matches(
    leads: QuerySet[Lead], criteria: tuple[Criterion, ...], catalogue: Catalogue
) -> dict[int, int]:
    """How many leads meet how many criteria, from all of them down to none."""
    counts = dict(_ask(leads, criteria, catalogue, COUNTED))
    return {number: counts.get(number, 0) for number in range(len(criteria), -1, -1)}


def find_matches(
    leads: QuerySet[Lead], criteria: tuple[Criterion, ...], catalogue: Catalogue
) -> dict[int, int]:
    """How many criteria each lead meets."""
    return dict(_ask(leads, criteria, catalogue, EACH))


def _ask(
    leads: QuerySet[Lead], criteria: tuple[Criterion, ...], catalogue: Catalogue, final: str
) -> list[tuple[int, int]]:
    """Told by the conditions with which rules are scored, as of today."""
    statement = matching_statement(Plan(_as_model(criteria), catalogue), final)
    day, ids = today(), array_text(leads.values_list("pk", flat=True))
    given = {"lead_ids": ids, "as_of": day, "until": day, "time_zone": organisation().time_zone}
    with connection.cursor() as cursor:
        cursor.execute(*statement.given(given))
        return list(cursor.fetchall())


def _as_model(criteria: tuple[Criterion, ...]) -> ModelSpec:
    return ModelSpec("Ideal customer", tuple(map(_as_group, criteria)))


def _as_group(criterion: Criterion) -> GroupSpec:
    rules = (
        RuleSpec(trait.value, Decimal(1), when=stored_condition(trait.rule["when"]))
        for trait in criterion.traits
    )
    return GroupSpec(criterion.label, "fit", tuple(rules))
