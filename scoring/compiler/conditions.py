"""From a condition to SQL of three values, and to the next date on which time alone can change it.

An unknown value makes a comparison unknown, and NOT leaves it unknown; only is_set and is_not_set see it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil, floor
from typing import Any

from django.db.models import Value

from scoring.compiler.expressions import (
    AS_OF,
    BOOLEAN,
    DATE,
    TEXT,
    Formula,
    all_of,
    any_of,
    joined,
)
from scoring.compiler.references import host
from scoring.definition.specs import All, AnyOf, Comparison, Condition, Not, Scalar, comparisons
from scoring.fields import PRESENCE, Catalogue, Field, FieldType, Op

ORDER = {
    Op.GT: ">",
    Op.AFTER: ">",
    Op.GTE: ">=",
    Op.LT: "<",
    Op.BEFORE: "<",
    Op.LTE: "<=",
}
MOVING = ("lead.days_since_last_contact", "lead.days_since_last_signal", "company.age_years")
FARTHEST = 100_000  # days or years; a threshold beyond it is never reached
NEVER = Formula("NULL::date", DATE)
MATCHES_NOTHING = Formula("NULL::boolean", BOOLEAN)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Compiles conditions; `read` gives a field's value, `since` where one begins that grows with time."""

    catalogue: Catalogue
    read: Callable[[Field, FieldType], Any]
    since: Callable[[Field], Any]

    def holds(self, condition: Condition | None) -> Any:
        """The condition as a boolean of three values; no condition holds always."""
        match condition:
            case None:
                return Formula("TRUE", BOOLEAN)
            case All(terms):
                return all_of(*map(self.holds, terms))
            case AnyOf(terms):
                return any_of(*map(self.holds, terms))
            case Not(term):
                return Formula("NOT {term}", BOOLEAN, term=self.holds(term))
            case Comparison():
                return self._compare(condition)

    def next_changes(self, condition: Condition | None) -> Iterator[Any]:
        """For each comparison that time alone can change, its next date."""
        for comparison in comparisons(condition):
            field = self.catalogue.field(comparison.field)
            if field is not None and comparison.op == Op.WITHIN_DAYS:
                day = self.read(field, FieldType.DATE)
                yield _next_date(day, [0, int(str(comparison.value))])
            elif field is not None and field.path in MOVING and (steps := list(_steps(comparison))):
                yield self._next_step(field, steps)

    def _next_step(self, field: Field, steps: list[int]) -> Formula:
        since = self.since(field)
        if field.path != "company.age_years":
            return _next_date(since, steps)
        years = joined(
            [_if_later(Formula("make_date({y} + {n}, 1, 1)", DATE, y=since, n=n)) for n in steps], ", ", DATE
        )
        return Formula("LEAST{years}", DATE, years=years)

    def _compare(self, comparison: Comparison) -> Any:
        field = self.catalogue.field(comparison.field)
        if field is None:  # the custom field or question has gone since the model was published
            return MATCHES_NOTHING
        kind = value_kind(field, comparison)
        value = self.read(field, kind)
        if comparison.op in PRESENCE:
            test = "IS NOT NULL" if comparison.op == Op.IS_SET else "IS NULL"
            return Formula(f"{{value}} {test}", BOOLEAN, value=value)
        if comparison.op == Op.WITHIN_DAYS:
            within = "{as_of} - {value} BETWEEN 0 AND {last}"
            return Formula(within, BOOLEAN, as_of=AS_OF, value=value, last=int(str(comparison.value)) - 1)
        if comparison.op == Op.MATCHES_DOMAIN:
            return _matches_domain(value, comparison)
        is_text = kind in (FieldType.TEXT, FieldType.DOMAIN, FieldType.CHOICE, FieldType.COUNTRY)
        return _compare_text(value, comparison, field) if is_text else _compare_plain(value, comparison, kind)


def value_kind(field: Field, comparison: Comparison) -> FieldType:
    """How to read the field; JSON of an unknown kind is read as the rule's own value."""
    if field.type != FieldType.ANY:
        return field.type
    if comparison.op in (Op.BEFORE, Op.AFTER, Op.WITHIN_DAYS):
        return FieldType.DATE
    sample = comparison.value[0] if isinstance(comparison.value, tuple) else comparison.value
    match sample:
        case bool():
            return FieldType.BOOLEAN
        case int() | float():
            return FieldType.NUMBER
        case str() if comparison.op == Op.BETWEEN:
            return FieldType.DATE
        case _:
            return FieldType.TEXT


def _compare_text(text: Any, comparison: Comparison, field: Field) -> Formula:
    """Without case, by the database's own rules for both sides."""
    values = [_upper(_stored(value, field)) for value in _values(comparison)]
    parts = {"text": _upper(text), "value": values[0], "values": joined(values, ", ", TEXT)}
    templates = {
        Op.EQ: "{text} = {value}",
        Op.NE: "{text} <> {value}",
        Op.IN: "{text} IN {values}",
        Op.NOT_IN: "{text} NOT IN {values}",
        Op.CONTAINS: "strpos({text}, {value}) > 0",
        Op.NOT_CONTAINS: "strpos({text}, {value}) = 0",
        Op.STARTS_WITH: "starts_with({text}, {value})",
    }
    return Formula(templates[comparison.op], BOOLEAN, **parts)


def _upper(text: Any) -> Formula:
    return Formula("upper({text}::text)", TEXT, text=text)


def _stored(value: Scalar, field: Field) -> str:
    """The key of a choice or of a country that may be given by its name."""
    wanted = str(value).casefold()
    keys = (key for key, label in field.choices.items() if label.casefold() == wanted)
    return str(value) if wanted in map(str.casefold, field.choices) else next(keys, str(value))


def _matches_domain(text: Any, comparison: Comparison) -> Formula:
    """The domain itself or one below it."""
    below = "right('.' || {host}, length({domain}::text) + 1) = '.' || {domain}"
    return any_of(
        *(
            Formula(below, BOOLEAN, host=_upper(host(text)), domain=_upper(str(domain).removeprefix("www.")))
            for domain in _values(comparison)
        )
    )


def _compare_plain(value: Any, comparison: Comparison, kind: FieldType) -> Formula:
    """Numbers, dates and booleans."""
    values = [_constant(item, kind) for item in _values(comparison)]
    parts = {"value": value, "first": values[0], "last": values[-1], "values": joined(values, ", ", TEXT)}
    templates = {
        Op.EQ: "{value} = {first}",
        Op.NE: "{value} <> {first}",
        Op.IN: "{value} IN {values}",
        Op.NOT_IN: "{value} NOT IN {values}",
        Op.BETWEEN: "{value} BETWEEN {first} AND {last}",
    }
    template = templates.get(comparison.op) or f"{{value}} {ORDER[comparison.op]} {{first}}"
    return Formula(template, BOOLEAN, **parts)


def _constant(value: Scalar, kind: FieldType) -> Any:
    match kind:
        case FieldType.NUMBER:
            return Formula("{number}", TEXT, number=Decimal(str(value)))
        case FieldType.DATE:
            return Formula("{day}::date", DATE, day=Value(date.fromisoformat(str(value))))
        case _:
            return Formula("TRUE" if value else "FALSE", BOOLEAN)


def _values(comparison: Comparison) -> tuple[Scalar, ...]:
    value = comparison.value
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _steps(comparison: Comparison) -> Iterator[int]:
    """The values of a counter that grows with time at which the comparison may change."""
    numbers = [float(value) for value in _values(comparison)]
    reached, passed = {ceil(number) for number in numbers}, {floor(number) + 1 for number in numbers}
    match comparison.op:
        case Op.GTE | Op.LT:
            steps = reached
        case Op.GT | Op.LTE:
            steps = passed
        case Op.BETWEEN:
            steps = {ceil(number) for number in numbers[:1]} | {floor(number) + 1 for number in numbers[1:]}
        case Op.EQ | Op.NE | Op.IN | Op.NOT_IN:
            steps = reached | passed
        case _:
            steps = set()
    return (step for step in sorted(steps) if 0 < step < FARTHEST)


def _next_date(day: Any, days_after: list[int]) -> Formula:
    """The first of `day` plus these numbers of days that is still to come."""
    later = [_if_later(Formula("{day} + {n}", DATE, day=day, n=number)) for number in days_after]
    return Formula("LEAST{later}", DATE, later=joined(later, ", ", DATE))


def _if_later(day: Any) -> Formula:
    return Formula("CASE WHEN {day} > {as_of} THEN {day} END", DATE, day=day, as_of=AS_OF)
