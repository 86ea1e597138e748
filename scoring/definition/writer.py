"""From a ModelSpec to its JSON form; what is read back is equal."""

from decimal import Decimal
from typing import Any

from scoring.definition.specs import (
    All,
    AnyOf,
    Comparison,
    Condition,
    Decay,
    DecayType,
    GroupSpec,
    ModelSpec,
    Not,
    RuleSpec,
    Value,
)
from scoring.fields import PRESENCE

Json = dict[str, Any]


def write_definition(model: ModelSpec) -> Json:
    """The JSON form, with defaults left out as the docstring of `specs` says."""
    return {
        "name": model.name,
        "product_line": model.product_line,
        "groups": [_write_group(group) for group in model.groups],
        "exclusions": [{"name": item.name, "when": write_condition(item.when)} for item in model.exclusions],
        "auto_qualify": [
            {"name": item.name, "signal": item.signal} | _given(when=item.when and write_condition(item.when))
            for item in model.auto_qualify
        ],
        "grades": {"fit": list(model.grades.fit), "engagement": list(model.grades.engagement)},
        "bands": [{"band": band.band, "enter": band.enter, "leave": band.leave} for band in model.bands],
    }


def _write_group(group: GroupSpec) -> Json:
    return {
        "name": group.name,
        "kind": group.kind,
        **_given(
            combine="best" if group.combine == "best" else None,
            min=None if group.min == -100 else _number(group.min),
        ),
        "max": _number(group.max),
        **_given(decay=write_decay(group.decay)),
        "rules": [_write_rule(rule) for rule in group.rules],
    }


def write_decay(decay: Decay) -> Json | None:
    """None for a group that does not fade."""
    return None if decay.type == DecayType.NONE else {"type": str(decay.type), "days": decay.days}


def _write_rule(rule: RuleSpec) -> Json:
    return {
        "name": rule.name,
        **_given(signal=rule.signal or None, when=rule.when and write_condition(rule.when)),
        "points": _number(rule.points),
        **write_counting(rule),
    }


def write_counting(rule: RuleSpec) -> Json:
    """How a rule counts its signals: repeat, at_least and per, as far as given."""
    return _given(
        repeat=rule.repeat and {str(rule.repeat.span): rule.repeat.most},
        at_least=rule.at_least and {"count": rule.at_least.count, "days": rule.at_least.days},
        per=rule.per and {"field": rule.per.field, "unit": _number(rule.per.unit)},
    )


def write_condition(condition: Condition) -> Json:
    """A condition as JSON."""
    match condition:
        case All(terms):
            return {"all": [write_condition(term) for term in terms]}
        case AnyOf(terms):
            return {"any": [write_condition(term) for term in terms]}
        case Not(term):
            return {"not": write_condition(term)}
        case Comparison(field, op, value):
            written: Json = {"field": field, "op": str(op)}
            return written if op in PRESENCE else written | {"value": _value(value)}


def _value(value: Value) -> object:
    return list(value) if isinstance(value, tuple) else value


def _number(value: Decimal) -> int | float:
    return int(value) if value == int(value) else float(value)


def _given(**parts: object) -> Json:
    return {key: part for key, part in parts.items() if part is not None}
