"""A model in words, for people who do not read JSON: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

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
    Span,
)
from scoring.fields import Catalogue, Op
from scoring.reasons import number

WORDS = {
    Op.EQ: "is",
    Op.NE: "is not",
    Op.IN: "is one of",
    Op.NOT_IN: "is none of",
    Op.GT: "is above",
    Op.GTE: "is at least",
    Op.LT: "is below",
    Op.LTE: "is at most",
    Op.BETWEEN: "is between",
    Op.CONTAINS: "contains",
    Op.NOT_CONTAINS: "does not contain",
    Op.STARTS_WITH: "starts with",
    Op.MATCHES_DOMAIN: "is in the domain",
    Op.IS_SET: "is known",
    Op.IS_NOT_SET: "is unknown",
    Op.BEFORE: "is before",
    Op.AFTER: "is after",
    Op.WITHIN_DAYS: "is within days",
}
FADING = {
    DecayType.NONE: "does not fade",
    DecayType.HALF_LIFE: "halves every {days} days",
    DecayType.LINEAR: "fades to nothing over {days} days",
    DecayType.WINDOW: "counts for {days} days",
}

NO_NAMES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class RuleWords:
    """`points` carries its sign; `when` and `how` are sentences without a full stop."""

    name: str
    points: str
    when: str
    how: str


@dataclass(frozen=True, slots=True)
class GroupWords:
    name: str
    kind: str
    bounds: str
    rules: tuple[RuleWords, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    groups: tuple[GroupWords, ...]
    exclusions: tuple[tuple[str, str], ...]
    qualifications: tuple[tuple[str, str], ...]
    best_fit: str
    best_engagement: str


def summarise(model: ModelSpec, catalogue: Catalogue, signals: Mapping[str, str] = NO_NAMES) -> Summary:
    """Groups, rules, exclusions and auto-qualification in words; `signals` are the names of their kinds."""
    return Summary(
        groups=tuple(_group(group, catalogue, signals) for group in model.groups),
        exclusions=tuple((item.name, condition_words(item.when, catalogue)) for item in model.exclusions),
        qualifications=tuple(
            (item.name, _occasion(signals.get(item.signal, item.signal), item.when, catalogue))
            for item in model.auto_qualify
        ),
        best_fit=_best(model, "fit"),
        best_engagement=_best(model, "engagement"),
    )


def condition_words(condition: Condition | None, catalogue: Catalogue) -> str:
    """“Employees is at least 100 and Country is one of SE, NO”."""
    match condition:
        case None:
            return "always"
        case Comparison(path, op, value):
            field = catalogue.field(path)
            between = " and " if op == Op.BETWEEN else ", "
            return f"{field.label if field else path} {WORDS[op]} {_value(value, between)}".strip()
        case All(terms):
            return " and ".join(_bracketed(term, catalogue) for term in terms)
        case AnyOf(terms):
            return " or ".join(_bracketed(term, catalogue) for term in terms)
        case Not(term):
            return f"not ({condition_words(term, catalogue)})"


def _bracketed(term: Condition, catalogue: Catalogue) -> str:
    words = condition_words(term, catalogue)
    return words if isinstance(term, Comparison | Not) else f"({words})"


def _value(value: object, between: str = ", ") -> str:
    match value:
        case None:
            return ""
        case tuple():
            return between.join(map(_value, value))
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case _:
            return str(value)


def _group(group: GroupSpec, catalogue: Catalogue, signals: Mapping[str, str]) -> GroupWords:
    bounds = [f"at most {number(group.max)}"]
    if group.min > -100:
        bounds.append(f"at least {_signed(group.min)}")
    if group.combine == "best":
        bounds.append("best rule only")
    if group.kind == "engagement":
        bounds.append(_fading(group.decay))
    rules = tuple(_rule(rule, catalogue, signals) for rule in group.rules)
    return GroupWords(group.name, group.kind, ", ".join(bounds), rules)


def _fading(decay: Decay) -> str:
    return FADING[decay.type].format(days=decay.days)


def _rule(rule: RuleSpec, catalogue: Catalogue, signals: Mapping[str, str]) -> RuleWords:
    when = _occasion(signals.get(rule.signal, rule.signal), rule.when, catalogue)
    return RuleWords(rule.name, _signed(rule.points), when, _counting(rule))


def _occasion(signal: str, when: Condition | None, catalogue: Catalogue) -> str:
    if not signal:
        return condition_words(when, catalogue)
    return f"{signal} where {condition_words(when, catalogue)}" if when else signal


def _counting(rule: RuleSpec) -> str:
    """How often a signal counts."""
    if rule.at_least:
        return f"once, if {rule.at_least.count} within {rule.at_least.days} days"
    if rule.repeat:
        span = "a day" if rule.repeat.span == Span.PER_DAY else "in all"
        return f"the newest {rule.repeat.most} {span}"
    if rule.per:
        return f"for each {number(rule.per.unit)} of {rule.per.field}"
    return "every time" if rule.signal else ""


def _signed(points: object) -> str:
    value = float(str(points))
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


def _best(model: ModelSpec, kind: str) -> str:
    return number(sum(float(group.max) for group in model.groups if group.kind == kind))
