"""From the JSON form to a ModelSpec, with every fault and its path."""

from decimal import Decimal
from itertools import pairwise

from config.faults import Fault
from scoring.definition.conditions import LONGEST_SPAN, read_condition, read_field
from scoring.definition.nodes import ROOT, FaultyDefinition, Node
from scoring.definition.specs import (
    DEFAULT_BANDS,
    AtLeast,
    Decay,
    DecayType,
    ExclusionSpec,
    Grades,
    GroupSpec,
    ModelSpec,
    Per,
    QualificationSpec,
    Repeat,
    RuleSpec,
    Span,
    Threshold,
    comparisons,
    conditions,
)
from scoring.fields import Catalogue, FieldType

MOST_GROUPS = 50
MOST_RULES = 300  # of the whole model
MOST_EXCLUSIONS = 50
MOST_QUALIFICATIONS = 50
LONGEST_NAME = 120
LONGEST_GROUP_NAME = 80
MOST_TERMS = 1000  # comparisons of the whole model
MOST_REPEATS = 1000
SMALLEST_UNIT, LARGEST_UNIT = 0.001, 10**9


def read_definition(document: object, catalogue: Catalogue) -> ModelSpec:
    """The definition, or FaultyDefinition with all that is wrong with it."""
    faults: list[Fault] = []
    parts = Node(document, ROOT, faults).mapping(
        ["name", "groups"], ["product_line", "exclusions", "auto_qualify", "grades", "bands"]
    )
    model = ModelSpec(
        name=parts["name"].text(LONGEST_NAME) if "name" in parts else "",
        product_line=_read_product_line(parts.get("product_line")),
        groups=_read_groups(parts["groups"], catalogue) if "groups" in parts else (),
        exclusions=_read_exclusions(parts.get("exclusions"), catalogue),
        auto_qualify=_read_qualifications(parts.get("auto_qualify"), catalogue),
        grades=_read_grades(parts.get("grades")),
        bands=_read_bands(parts.get("bands"), catalogue),
    )
    terms = sum(len(comparisons(condition)) for condition in conditions(model))
    if terms > MOST_TERMS:
        faults.append(
            Fault("groups", f"The model makes {terms:,} comparisons; at most {MOST_TERMS:,} are allowed.")
        )
    if faults:
        raise FaultyDefinition(faults)
    return model


def _read_product_line(node: Node | None) -> str | None:
    return None if node is None else node.text(LONGEST_NAME)


def _read_groups(node: Node, catalogue: Catalogue) -> tuple[GroupSpec, ...]:
    items = node.sequence(MOST_GROUPS, "groups")
    count = sum(len(rules) for item in items if isinstance(rules := _rules_of(item.value), list))
    if count > MOST_RULES:
        node.refuse(f"The model has {count:,} rules; at most {MOST_RULES} are allowed.")
        return ()
    return tuple(_read_group(item, catalogue) for item in items)


def _rules_of(group: object) -> object:
    return group.get("rules") if isinstance(group, dict) else None


def _read_group(node: Node, catalogue: Catalogue) -> GroupSpec:
    parts = node.mapping(["name", "kind", "rules"], ["combine", "min", "max", "decay"])
    kind = parts["kind"].one_of(["engagement", "fit"], "kind of group") if "kind" in parts else ""
    lowest = parts["min"].number(-100, 100, 1) if "min" in parts else Decimal(-100)
    highest = _read_maximum(parts["max"]) if "max" in parts else Decimal(100)
    if lowest > highest:
        parts["min" if "min" in parts else "max"].refuse(
            f"The minimum {lowest} is above the maximum {highest}."
        )
    rules = tuple(
        _read_rule(item, catalogue, kind) for item in _items(parts.get("rules"), MOST_RULES, "rules")
    )
    for index, rule in enumerate(rules):
        if rule.points > highest:
            path = f"{node.path}.rules[{index}].points"
            node.faults.append(
                Fault(path, f"{rule.points} points are above the group's maximum of {highest}.")
            )
    return GroupSpec(
        name=parts["name"].text(LONGEST_GROUP_NAME) if "name" in parts else "",
        kind=kind,
        rules=rules,
        combine=parts["combine"].one_of(["sum", "best"], "way to combine") if "combine" in parts else "sum",
        min=lowest,
        max=highest,
        decay=_read_decay(parts.get("decay"), kind),
    )


def _read_maximum(node: Node) -> Decimal:
    maximum = node.number(-100, 100, 1)
    if maximum < 0:
        node.refuse("A maximum below 0 would take points from every lead. Use 0 for a group that only takes.")
    return maximum


def _items(node: Node | None, most: int, noun: str) -> list[Node]:
    return [] if node is None else node.sequence(most, noun)


def _read_decay(node: Node | None, kind: str) -> Decay:
    if node is None:
        return Decay()
    parts = node.mapping(["type"], ["days"])
    decay = DecayType(parts["type"].one_of([*DecayType], "decay")) if "type" in parts else DecayType.NONE
    if decay == DecayType.NONE:
        if "days" in parts:
            parts["days"].refuse("Nothing fades, so there are no days to give.")
        return Decay()
    if kind == "fit":
        node.refuse("What is known about a prospect does not fade: only groups of engagement decay.")
    if "days" not in parts:
        node.at("days", None).refuse("Is missing.")
        return Decay()
    return Decay(decay, parts["days"].whole(1, LONGEST_SPAN))


def _read_rule(node: Node, catalogue: Catalogue, kind: str) -> RuleSpec:
    parts = node.mapping(["name", "points"], ["signal", "when", "repeat", "at_least", "per"])
    signal = _read_signal(parts.get("signal"), catalogue)
    if signal and kind == "fit":
        parts["signal"].refuse("A rule with a signal belongs to a group of engagement.")
    if not signal and "when" not in parts and "signal" not in parts:
        node.at("when", None).refuse("Is missing; a rule needs a signal or a condition.")
    for key in ("repeat", "at_least", "per"):
        if key in parts and "signal" not in parts:
            parts[key].refuse("Needs a signal.")
        elif key in ("repeat", "per") and key in parts and "at_least" in parts:
            parts[key].refuse("Cannot stand beside at_least, which makes the rule one line.")
    return RuleSpec(
        name=parts["name"].text(LONGEST_NAME) if "name" in parts else "",
        points=parts["points"].number(-100, 100, 2) if "points" in parts else Decimal(0),
        signal=signal,
        when=read_condition(parts["when"], catalogue, of_signal="signal" in parts)
        if "when" in parts
        else None,
        repeat=_read_repeat(parts.get("repeat")),
        at_least=_read_at_least(parts.get("at_least")),
        per=_read_per(parts.get("per"), catalogue),
    )


def _read_signal(node: Node | None, catalogue: Catalogue) -> str:
    return "" if node is None else node.one_of(catalogue.signals, "signal")


def _read_repeat(node: Node | None) -> Repeat | None:
    if node is None or node.value == "every":
        return None
    if not isinstance(node.value, dict) or len(node.value) != 1:
        node.refuse('Must be "every", {"per_day": 1} or {"total": 1}.')
        return None
    parts = node.mapping([], [*Span])
    return next((Repeat(Span(span), part.whole(1, MOST_REPEATS)) for span, part in parts.items()), None)


def _read_at_least(node: Node | None) -> AtLeast | None:
    if node is None:
        return None
    parts = node.mapping(["count", "days"])
    if len(parts) < 2:
        return None
    return AtLeast(parts["count"].whole(1, MOST_REPEATS), parts["days"].whole(1, LONGEST_SPAN))


def _read_per(node: Node | None, catalogue: Catalogue) -> Per | None:
    if node is None:
        return None
    parts = node.mapping(["field", "unit"])
    if len(parts) < 2:
        return None
    field = read_field(parts["field"], catalogue, of_signal=True)
    if field and (field.entity != "activity" or field.type not in (FieldType.NUMBER, FieldType.ANY)):
        parts["field"].refuse(f"{field.path} is no amount of an activity.")
    return Per(field.path if field else "", parts["unit"].number(SMALLEST_UNIT, LARGEST_UNIT))


def _read_exclusions(node: Node | None, catalogue: Catalogue) -> tuple[ExclusionSpec, ...]:
    read = []
    for item in _items(node, MOST_EXCLUSIONS, "exclusions"):
        parts = item.mapping(["name", "when"])
        if len(parts) == 2:
            when = read_condition(parts["when"], catalogue, of_signal=False)
            read.append(ExclusionSpec(parts["name"].text(LONGEST_NAME), when))
    return tuple(read)


def _read_qualifications(node: Node | None, catalogue: Catalogue) -> tuple[QualificationSpec, ...]:
    read = []
    for item in _items(node, MOST_QUALIFICATIONS, "rules that qualify"):
        parts = item.mapping(["name", "signal"], ["when"])
        if "name" in parts and "signal" in parts:
            name, signal = parts["name"].text(LONGEST_NAME), _read_signal(parts["signal"], catalogue)
            when = read_condition(parts["when"], catalogue, of_signal=True) if "when" in parts else None
            read.append(QualificationSpec(name, signal, when))
    return tuple(read)


def _read_grades(node: Node | None) -> Grades:
    if node is None:
        return Grades()
    parts = node.mapping([], ["fit", "engagement"])
    bounds = {kind: _read_grade_bounds(part) for kind, part in parts.items()}
    return Grades(**bounds)


def _read_grade_bounds(node: Node) -> tuple[int, ...]:
    bounds = tuple(item.whole(0, 100) for item in node.sequence(3, "bounds"))
    if isinstance(node.value, list) and len(node.value) < 3:
        node.refuse("Must hold three bounds in per cent, such as [75, 50, 25].")
    elif any(higher <= lower for higher, lower in pairwise(bounds)):
        node.refuse("The bounds must fall.")
    return bounds


def _read_bands(node: Node | None, catalogue: Catalogue) -> tuple[Threshold, ...]:
    if node is None:
        return DEFAULT_BANDS
    items = node.sequence(len(catalogue.bands), "bands")
    bands = tuple(_read_threshold(item, catalogue) for item in items)
    for (upper, lower), nodes in zip(pairwise(bands), pairwise(items), strict=True):
        _check_order(upper, lower, nodes, catalogue)
    if (
        isinstance(node.value, list)
        and len(node.value) == len(items)
        and not any(band.enter == 0 for band in bands)
    ):
        node.refuse("No band begins at 0, so a low score would have none.")
    return bands


def _read_threshold(node: Node, catalogue: Catalogue) -> Threshold:
    parts = node.mapping(["band", "enter"], ["leave"])
    band = parts["band"].one_of(catalogue.bands, "band") if "band" in parts else ""
    enter = parts["enter"].whole(0, 100) if "enter" in parts else 0
    leave = parts["leave"].whole(0, 100) if "leave" in parts else enter
    if leave > enter:
        parts["leave"].refuse(f"To leave at {leave} is above entering at {enter}.")
    known = "band" in parts and parts["band"].value == band
    return Threshold(band if known else "", enter, leave)


def _check_order(upper: Threshold, lower: Threshold, nodes: tuple[Node, Node], catalogue: Catalogue) -> None:
    if lower.enter >= upper.enter:
        nodes[1].at("enter", None).refuse(f"Must be below {upper.enter}, where the band above begins.")
    elif upper.leave < lower.enter:
        nodes[0].at("leave", None).refuse(f"Must not be below {lower.enter}, where the band below begins.")
    if upper.band and lower.band and catalogue.bands.index(lower.band) <= catalogue.bands.index(upper.band):
        nodes[1].at("band", None).refuse(f"“{lower.band}” does not stand below “{upper.band}”.")
