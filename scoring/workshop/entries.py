"""What is typed and chosen in the form, entered into a definition's JSON form: pure.

A field of the form is named `at:PATH`, where its text stands in place of what is there, or `add:PATH`,
where it is one more value of a list. Three paths are not of the definition itself: `….counting` (how often
a signal counts), `….match` (whether all or one of a block's conditions must hold), `….property` (the key of
an activity's property).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from scoring.fields import OPERATORS, PROPERTIES, Catalogue, Field, FieldType, Op
from scoring.workshop.places import Json, NoSuchPlace, above, at, last, put
from scoring.workshop.texts import number_in, reshaped, shown, value_in

PLAIN = re.compile(r"(.*\.)?(name|kind|combine|signal)\Z")
NUMBER = re.compile(
    r".*\.(points|max|min|unit|days|count|per_day|total|enter|leave|(fit|engagement)\[\d\])\Z"
)
VALUE = re.compile(r"(.*)\.value(\[\d+\])?\Z")
COUNTING: Mapping[str, Json] = {
    "every": {},
    "per_day": {"repeat": {"per_day": 1}},
    "total": {"repeat": {"total": 3}},
    "at_least": {"at_least": {"count": 3, "days": 7}},
}


def enter_all(document: Json, entries: Iterable[tuple[str, str]], catalogue: Catalogue) -> None:
    """Enter (field name, text) pairs; NoSuchPlace for a name that the form never had."""
    ordered = sorted(entries, key=lambda entry: (_turn(entry[0]), -len(entry[0])))
    for name, text in ordered:
        verb, _, path = name.partition(":")
        if verb == "add":
            _add_value(document, path, text, catalogue)
        else:
            _enter(document, path, text, catalogue)


def counting_of(rule: Mapping[str, Any]) -> str:
    """How often a rule's signal counts: a key of COUNTING."""
    if rule.get("at_least"):
        return "at_least"
    repeat = rule.get("repeat")
    return next(iter(repeat)) if isinstance(repeat, dict) else "every"


def field_of(comparison: Mapping[str, Any], catalogue: Catalogue) -> Field:
    """The field that a comparison names; one that is not there is read as a text."""
    path = comparison["field"]
    return catalogue.field(path) or Field(path, path, FieldType.TEXT)


def _turn(name: str) -> int:
    """Values in the shape they were shown in first; blocks, which change the paths below, last."""
    if VALUE.match(name):
        return 0
    return 2 if name.endswith(".match") else 1


def _enter(document: Json, path: str, text: str, catalogue: Catalogue) -> None:
    if found := VALUE.match(path):
        comparison = at(document, found[1])
        if shown(at(document, path)) != text:
            put(document, path, value_in(text, field_of(comparison, catalogue), Op(comparison["op"])))
    elif path == "product_line":
        document[path] = text.strip() or None
    elif PLAIN.match(path):
        _enter_plain(document, path, text.strip())
    elif NUMBER.match(path):
        if not _stands(document, path, text):
            put(document, path, number_in(text))
    else:
        _enter_shape(document, path, text, catalogue)


def _stands(document: Json, path: str, text: str) -> bool:
    """Whether the text is what is there already; a bound that is left out may stay out."""
    holder, key = at(document, above(path)), last(path)
    if isinstance(holder, dict) and key not in holder:
        return text == {"min": "", "max": "100"}.get(str(key), "")
    return shown(at(document, path)) == text


def _enter_plain(document: Json, path: str, text: str) -> None:
    holder, key = at(document, above(path)), last(path)
    if holder.get(key, "sum" if key == "combine" else None) == text:
        return
    if key == "signal" and not text and ".rules[" in path:
        _forget(holder, "signal", "repeat", "at_least", "per")
    else:
        holder[key] = text
        if key == "kind" and text == "fit":
            _forget(holder, "decay")


def _enter_shape(document: Json, path: str, text: str, catalogue: Catalogue) -> None:
    holder = at(document, above(path)) if not path.endswith((".decay.type", ".per.field")) else None
    match last(path):
        case "counting" if holder is not None and text in COUNTING:
            _enter_counting(holder, text)
        case "match" if holder is not None and text in ("all", "any"):
            _enter_match(holder, text)
        case "field" | "op" | "property" if holder is not None:
            _enter_subject(holder, str(last(path)), text, catalogue)
        case "type":
            _enter_part(at(document, above(above(path))), "decay", "type", text, {"days": 30})
        case "field":
            _enter_part(at(document, above(above(path))), "per", "field", text, {"unit": 60})
        case _:
            raise NoSuchPlace(path)


def _enter_counting(rule: Json, choice: str) -> None:
    if choice != counting_of(rule):
        _forget(rule, "repeat", "at_least")
        rule.update({key: dict(value) for key, value in COUNTING[choice].items()})
        if choice == "at_least":
            _forget(rule, "per")


def _enter_match(block: Json, word: str) -> None:
    if word not in block:
        block[word] = block.pop("any" if word == "all" else "all")


def _enter_part(holder: Json, part: str, key: str, text: str, beside: Json) -> None:
    """A part of a group or rule that is there only when something is chosen for it."""
    if text in ("", "none"):
        _forget(holder, part)
    else:
        holder[part] = beside | holder.get(part, {}) | {key: text}


def _enter_subject(comparison: Json, key: str, text: str, catalogue: Catalogue) -> None:
    """Another field or operator: the operator and the value follow as far as they fit."""
    before = (comparison["field"], comparison["op"])
    if key == "property":
        comparison["field"] = PROPERTIES + text.strip()
    elif not (key == "field" and text == PROPERTIES and comparison["field"].startswith(PROPERTIES)):
        comparison[key] = text
    if (comparison["field"], comparison["op"]) == before:
        return
    field = field_of(comparison, catalogue)
    allowed = OPERATORS[field.type]
    op = next((op for op in allowed if op == comparison["op"]), allowed[0])
    value = reshaped(comparison.get("value"), field, op)
    comparison["op"] = str(op)
    _forget(comparison, "value")
    if value is not None:
        comparison["value"] = value


def _add_value(document: Json, path: str, text: str, catalogue: Catalogue) -> None:
    if not text.strip():
        return
    values, comparison = at(document, path), at(document, above(path))
    if not isinstance(values, list):
        raise NoSuchPlace(path)
    value = value_in(text, field_of(comparison, catalogue), Op(comparison["op"]))
    if value not in values:
        values.append(value)


def _forget(holder: Json, *keys: str) -> None:
    for key in keys:
        holder.pop(key, None)
