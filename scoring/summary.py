"""A model in words, for people who do not read JSON: pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    Span,
)
from scoring.definition.writer import write_counting
from scoring.fields import PRESENCE, Catalogue, Op
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
    Op.WITHIN_DAYS: "is in the last … days",
}
FADING = {
    DecayType.NONE: "does not fade",
    DecayType.HALF_LIFE: "halves every {days} days",
    DecayType.LINEAR: "fades to nothing over {days} days",
    DecayType.WINDOW: "counts for {days} days",
}


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence; `is_said` for what the model names: a field or a value."""

    text: str
    is_said: bool = False


@dataclass(frozen=True, slots=True)
class RuleWords:
    """`points` carries its sign; `when` and `how` are sentences without a full stop."""

    name: str
    points: str
    when: str
    how: str
    comments: Sequence[object] = ()


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


def summarise(
    model: ModelSpec, catalogue: Catalogue, comments: Mapping[str, Sequence[object]] | None = None
) -> Summary:
    """Groups, rules, exclusions and auto-qualification in words; comments by the path of their rule."""
    return Summary(
        groups=tuple(
            _group(group, catalogue, comments or {}, f"groups[{index}]")
            for index, group in enumerate(model.groups)
        ),
        exclusions=tuple((item.name, condition_words(item.when, catalogue)) for item in model.exclusions),
        qualifications=tuple(
            (item.name, _occasion(item.signal, item.when, catalogue)) for item in model.auto_qualify
        ),
        best_fit=_best(model, "fit"),
        best_engagement=_best(model, "engagement"),
    )


def condition_words(condition: Condition | None, catalogue: Catalogue) -> str:
    """“Employees is at least 100 and Country is one of SE, NO”."""
    return "".join(part.text for part in condition_parts(condition, catalogue)).strip()


def condition_parts(condition: Condition | None, catalogue: Catalogue) -> Iterator[Part]:
    """The same in parts, for pages that set fields and values apart from the words between."""
    match condition:
        case None:
            yield Part("always")
        case Comparison():
            yield from _comparison(condition, catalogue)
        case All(terms):
            yield from _joined(terms, " and ", catalogue)
        case AnyOf(terms):
            yield from _joined(terms, " or ", catalogue)
        case Not(term):
            yield from _within(term, catalogue, "not (")


def _comparison(comparison: Comparison, catalogue: Catalogue) -> Iterator[Part]:
    field = catalogue.field(comparison.field)
    yield Part(field.label if field else comparison.field, is_said=True)
    if comparison.op == Op.WITHIN_DAYS:
        yield from (Part(" is in the last "), Part(_value(comparison.value), is_said=True), Part(" days"))
        return
    yield Part(f" {WORDS[comparison.op]} ")
    if comparison.op not in PRESENCE:
        between = " and " if comparison.op == Op.BETWEEN else ", "
        yield Part(_value(comparison.value, between, field.choices if field else {}), is_said=True)


def _joined(terms: tuple[Condition, ...], between: str, catalogue: Catalogue) -> Iterator[Part]:
    for index, term in enumerate(terms):
        if index:
            yield Part(between)
        if isinstance(term, Comparison | Not):
            yield from condition_parts(term, catalogue)
        else:
            yield from _within(term, catalogue, "(")


def _within(term: Condition, catalogue: Catalogue, before: str) -> Iterator[Part]:
    yield Part(before)
    yield from condition_parts(term, catalogue)
    yield Part(")")


def _value(value: object, between: str = ", ", names: Mapping[str, str] | None = None) -> str:
    """A value, or several; those with a name, such as countries, by their names."""
    match value:
        case None:
            return ""
        case tuple():
            return between.join(_value(one, names=names) for one in value)
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return number(value)
        case _:
            return (names or {}).get(str(value), str(value))


def _group(
    group: GroupSpec, catalogue: Catalogue, comments: Mapping[str, Sequence[object]], path: str
) -> GroupWords:
    bounds = [f"at most {number(group.max)}"]
    if group.min > -100:
        bounds.append(f"at least {_signed(group.min)}")
    if group.combine == "best":
        bounds.append("best rule only")
    if group.kind == "engagement":
        bounds.append(fading(group.decay))
    rules = tuple(
        _rule(rule, catalogue, comments.get(f"{path}.rules[{index}]", ()))
        for index, rule in enumerate(group.rules)
    )
    return GroupWords(group.name, group.kind, ", ".join(bounds), rules)


def fading(decay: Decay) -> str:
    return FADING[decay.type].format(days=decay.days)


def _rule(rule: RuleSpec, catalogue: Catalogue, comments: Sequence[object]) -> RuleWords:
    when = (
        _occasion(rule.signal, rule.when, catalogue) if rule.signal else condition_words(rule.when, catalogue)
    )
    how = counting_words(rule.signal, write_counting(rule), catalogue)
    return RuleWords(rule.name, _signed(rule.points), when, how, comments)


def _occasion(signal: str, when: Condition | None, catalogue: Catalogue) -> str:
    if not signal:
        return condition_words(when, catalogue)
    label = catalogue.label(signal)
    return f"{label} where {condition_words(when, catalogue)}" if when else label


def counting_words(signal: str, counting: Mapping[str, Any], catalogue: Catalogue) -> str:
    """How often a signal counts, from the parts of a rule's JSON form that say so."""
    if at_least := counting.get("at_least"):
        return f"once, if {at_least['count']} within {at_least['days']} days"
    said = [_repeat(span, most) for span, most in (counting.get("repeat") or {}).items()]
    if per := counting.get("per"):
        field = catalogue.field(per["field"])
        said.append(f"for each {_value(per['unit'])} of {field.label if field else per['field']}")
    return ", ".join(said) or ("every time" if signal else "")


def _repeat(span: str, most: object) -> str:
    """“once a day”, “the newest 3 in all”."""
    if most == 1:
        return "once a day" if span == Span.PER_DAY else "once, the newest"
    return f"the newest {most} {'a day' if span == Span.PER_DAY else 'in all'}"


def _signed(points: object) -> str:
    value = float(str(points))
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{number(abs(value))}"


def _best(model: ModelSpec, kind: str) -> str:
    return number(sum(float(group.max) for group in model.groups if group.kind == kind))
