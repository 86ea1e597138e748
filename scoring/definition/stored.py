"""From JSON that was checked when it was stored; what it names may have gone since, which is no fault."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from scoring.definition.specs import (
    All,
    AnyOf,
    AtLeast,
    Comparison,
    Condition,
    Decay,
    DecayType,
    Not,
    Per,
    Repeat,
    Span,
)
from scoring.fields import Op

Json = Mapping[str, Any]


def stored_condition(when: Json) -> Condition:
    """A condition."""
    match when:
        case {"all": terms}:
            return All(tuple(map(stored_condition, terms)))
        case {"any": terms}:
            return AnyOf(tuple(map(stored_condition, terms)))
        case {"not": term}:
            return Not(stored_condition(term))
        case _:
            value = when.get("value")
            return Comparison(
                when["field"], Op(when["op"]), tuple(value) if isinstance(value, list) else value
            )


def stored_decay(decay: Json | None) -> Decay:
    """A group's decay."""
    return Decay(DecayType(decay["type"]), decay["days"]) if decay else Decay()


def stored_repeat(repeat: Json | None) -> Repeat | None:
    """How many signals count."""
    return next((Repeat(Span(span), most) for span, most in (repeat or {}).items()), None)


def stored_at_least(at_least: Json | None) -> AtLeast | None:
    """The frequency asked for."""
    return AtLeast(at_least["count"], at_least["days"]) if at_least else None


def stored_per(per: Json | None) -> Per | None:
    """The amount asked for."""
    return Per(per["field"], Decimal(str(per["unit"]))) if per else None
