"""Reading `when`: comparisons of fields, and their combination by all, any and not."""

from collections.abc import Mapping
from datetime import date

from scoring.definition.nodes import Node, listed, nearest
from scoring.definition.specs import All, AnyOf, Comparison, Condition, Not, Scalar, Value
from scoring.fields import OPERATORS, PRESENCE, Catalogue, Field, FieldType, Op

DEEPEST = 10
MOST_TERMS = 100
MOST_VALUES = 1000
LONGEST_TEXT = 500
LONGEST_SPAN = 36_500  # days

NOTHING = Comparison("", Op.IS_SET)


def read_condition(node: Node, catalogue: Catalogue, *, of_signal: bool, depth: int = 1) -> Condition:
    """A condition; without a signal there is no activity to look at."""
    if depth > DEEPEST:
        node.refuse(f"Conditions are nested more than {DEEPEST} deep.")
        return NOTHING
    if not isinstance(node.value, dict) or not node.value:
        node.refuse("Must be a comparison with field, op and value, or one of all, any and not.")
        return NOTHING
    word = next((word for word in ("all", "any", "not") if word in node.value), None)
    if word is None:
        return _read_comparison(node, catalogue, of_signal=of_signal)
    inner = node.mapping([word])[word]
    if word == "not":
        return Not(read_condition(inner, catalogue, of_signal=of_signal, depth=depth + 1))
    items = inner.sequence(MOST_TERMS, "conditions")
    if isinstance(inner.value, list) and not inner.value:
        inner.refuse("Must hold at least one condition.")
    terms = tuple(read_condition(item, catalogue, of_signal=of_signal, depth=depth + 1) for item in items)
    return All(terms) if word == "all" else AnyOf(terms)


def _read_comparison(node: Node, catalogue: Catalogue, *, of_signal: bool) -> Comparison:
    faults = len(node.faults)
    parts = node.mapping(["field", "op"], ["value"])
    field = read_field(parts["field"], catalogue, of_signal=of_signal) if "field" in parts else None
    op = Op(parts["op"].one_of([*Op], "operator")) if "op" in parts else None
    if field is None or op is None or len(node.faults) > faults:
        return NOTHING
    if op not in OPERATORS[field.type]:
        parts["op"].refuse(f"“{op}” is not for {field.path}, which allows {listed(OPERATORS[field.type])}.")
        return NOTHING
    return Comparison(field.path, op, _read_value(node, parts, field, op))


def read_field(node: Node, catalogue: Catalogue, *, of_signal: bool) -> Field | None:
    """A known field; one of the activity needs a rule with a signal."""
    path = node.value
    field = catalogue.field(path) if isinstance(path, str) else None
    if path == "":
        node.refuse("Choose a field.")
    elif field is None:
        shown = f"field “{path}”" if isinstance(path, str) else "field"
        node.refuse(f"Unknown {shown}.{nearest(str(path), catalogue.fields)}")
    elif field.entity == "activity" and not of_signal:
        node.refuse(f"“{path}” belongs to an activity, so the rule needs a signal.")
        return None
    return field


def _read_value(node: Node, parts: Mapping[str, Node], field: Field, op: Op) -> Value:
    value = parts.get("value")
    if op in PRESENCE:
        if value is not None:
            value.refuse(f"“{op}” takes no value.")
        return None
    if value is None:
        node.at("value", None).refuse("Is missing.")
        return None
    if op == Op.WITHIN_DAYS:
        return value.whole(1, LONGEST_SPAN)
    if op == Op.BETWEEN:
        return _read_bounds(value, field)
    if op in (Op.IN, Op.NOT_IN) or (op == Op.MATCHES_DOMAIN and isinstance(value.value, list)):
        return _read_values(value, field)
    return _read_scalar(value, field, op)


def _read_values(node: Node, field: Field) -> tuple[Scalar, ...]:
    items = node.sequence(MOST_VALUES, "values")
    if node.value == []:
        node.refuse("Must hold at least one value.")
    return tuple(_read_scalar(item, field, Op.IN) for item in items)


def _read_bounds(node: Node, field: Field) -> tuple[Scalar, ...]:
    items = node.sequence(2, "values")
    if len(items) != 2:
        if isinstance(node.value, list) and len(node.value) < 2:
            node.refuse("Must hold two values, the lower one first.")
        return ()
    faults = len(node.faults)
    low, high = (_read_scalar(item, field, Op.BETWEEN) for item in items)
    if len(node.faults) == faults and type(low) is type(high) and low > high:  # type: ignore[operator]
        node.refuse("The lower value must come first.")
    return low, high


def _read_scalar(node: Node, field: Field, op: Op) -> Scalar:
    kind = field.type if field.type != FieldType.ANY else _type_for(op, node.value)
    match kind:
        case FieldType.NUMBER:
            number = node.number()
            return int(number) if number == int(number) else float(number)
        case FieldType.DATE:
            return _read_date(node)
        case FieldType.BOOLEAN:
            if not isinstance(node.value, bool):
                node.refuse("Must be true or false.")
            return bool(node.value)
        case FieldType.CHOICE | FieldType.COUNTRY:
            return _read_choice(node, field)
        case _:
            return node.text(LONGEST_TEXT)


def _type_for(op: Op, value: object) -> FieldType:
    """What a value of unknown kind is read as: the operator decides, else the rule's own value."""
    if op in (Op.BEFORE, Op.AFTER) or (op == Op.BETWEEN and isinstance(value, str)):
        return FieldType.DATE
    if op in (Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN):
        return FieldType.NUMBER
    if op in (Op.EQ, Op.NE, Op.IN, Op.NOT_IN) and isinstance(value, bool):
        return FieldType.BOOLEAN
    if op in (Op.EQ, Op.NE, Op.IN, Op.NOT_IN) and isinstance(value, int | float):
        return FieldType.NUMBER
    return FieldType.TEXT


def _read_date(node: Node) -> str:
    try:
        return date.fromisoformat(str(node.value)).isoformat()
    except ValueError:
        node.refuse("Must be a date such as 2026-01-31.")
        return date.min.isoformat()


def _read_choice(node: Node, field: Field) -> str:
    value = node.text(LONGEST_TEXT)
    known = {name.casefold() for pair in field.choices.items() for name in pair}
    if value and value.casefold() not in known:
        options = list(field.choices) if field.type == FieldType.CHOICE else list(field.choices.values())
        node.refuse(f"“{value}” is no value of {field.path}.{nearest(value, options)}")
    return value
