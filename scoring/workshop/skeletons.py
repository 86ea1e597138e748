"""Whether a document has the shape that the form can show, whatever is wrong inside: pure."""

import json
from typing import Any

from scoring.definition.conditions import DEEPEST
from scoring.fields import Op
from scoring.workshop.places import Json, NoSuchPlace

TEXTS = {"name", "kind", "combine", "signal", "field"}
LISTS = ("groups", "exclusions", "auto_qualify", "bands")


def read_skeleton(text: str) -> Json:
    """The document that a form carries along; NoSuchPlace for one that no form of ours has written."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise NoSuchPlace("document") from error
    if not _is_model(document):
        raise NoSuchPlace("document")
    return document  # type: ignore[no-any-return]


def _no_number(constant: str) -> None:
    raise ValueError(constant)


def _is_model(document: Any) -> bool:
    return (
        _has(document, "name", "grades", *LISTS)
        and all(_are_dicts(document[key]) for key in LISTS)
        and all(_is_group(group) for group in document["groups"])
        and all(_is_item(item) for key in ("exclusions", "auto_qualify") for item in document[key])
        and all(_has(band, "band", "enter") for band in document["bands"])
        and all(_is_triple(document["grades"].get(kind)) for kind in ("fit", "engagement"))
    )


def _is_group(group: Any) -> bool:
    is_whole = _has(group, "name", "kind", "rules") and _are_dicts(group["rules"])
    decay = group.get("decay", {"type": "", "days": 0})
    return is_whole and _has(decay, "type", "days") and all(_is_rule(rule) for rule in group["rules"])


def _is_rule(rule: Any) -> bool:
    parts = [("repeat", ()), ("at_least", ("count", "days")), ("per", ("field", "unit"))]
    are_parts = all(_has(rule[key], *keys) for key, keys in parts if key in rule)
    return "points" in rule and are_parts and rule.get("repeat") != {} and _is_item(rule)


def _is_item(item: Any) -> bool:
    return _has(item, "name") and ("when" not in item or _is_condition(item["when"], 1))


def _is_condition(node: Any, depth: int) -> bool:
    if depth > DEEPEST + 1 or not isinstance(node, dict):
        return False
    for word in ("all", "any"):
        if word in node:
            return isinstance(node[word], list) and all(_is_condition(term, depth + 1) for term in node[word])
    if "not" in node:
        return _is_condition(node["not"], depth + 1)
    return _has(node, "field", "op") and node["op"] in [*Op]


def _has(value: Any, *keys: str) -> bool:
    return (
        isinstance(value, dict)
        and all(key in value for key in keys)
        and all(isinstance(value[key], str) for key in TEXTS & value.keys())
    )


def _are_dicts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_triple(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3
