"""What the buttons of the form do to a definition: pure. Each answers the place to look at next."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from scoring.workshop.places import Json, NoSuchPlace, above, at, last, put, take

Change = Callable[[Json, str], str]


def add_group(document: Json, kind: str) -> str:
    """A group at the end of its kind."""
    if kind not in ("fit", "engagement"):
        raise NoSuchPlace(kind)
    groups = document["groups"]
    later = [index for index, group in enumerate(groups) if group["kind"] != "fit"]
    index = later[0] if kind == "fit" and later else len(groups)
    groups.insert(index, {"name": "", "kind": kind, "max": 20, "rules": []})
    return f"groups[{index}]"


def add_rule(document: Json, path: str) -> str:
    """A rule at the end of a group; of a signal where the group counts signals."""
    group = at(document, path)
    rule: Json = {"name": "", "points": 5}
    if group["kind"] == "fit":
        rule["when"] = blank()
    group["rules"].append(rule)
    return f"{path}.rules[{len(group['rules']) - 1}]"


def add_exclusion(document: Json, _: str) -> str:
    document["exclusions"].append({"name": "", "when": blank()})
    return f"exclusions[{len(document['exclusions']) - 1}]"


def add_qualification(document: Json, _: str) -> str:
    document["auto_qualify"].append({"name": "", "signal": ""})
    return f"auto_qualify[{len(document['auto_qualify']) - 1}]"


def add_band(document: Json, place: str) -> str:
    """A band that the model lacks, as `2.cold`: where it belongs and which; the form fills its bounds."""
    index, _, band = place.partition(".")
    if not index.isdecimal():
        raise NoSuchPlace(place)
    document["bands"].insert(int(index), {"band": band, "enter": "", "leave": ""})
    return f"bands[{index}]"


def remove(document: Json, path: str) -> str:
    """Take away an item; a block of conditions that is left with one becomes that one."""
    take(document, path)
    if isinstance(last(path), int) and last(above(path)) in ("all", "any"):
        return _collapse(document, above(path))
    if path.endswith(".not"):
        return remove(document, above(path))
    return above(path) if not isinstance(last(path), int) else above(above(path))


def duplicate(document: Json, path: str) -> str:
    """A copy of an item right behind it."""
    items, index = _item(document, path)
    twin = deepcopy(items[index])
    twin["name"] = f"{twin['name']} (copy)"
    items.insert(index + 1, twin)
    return f"{above(path)}[{index + 1}]"


def move_up(document: Json, path: str) -> str:
    return _swap(document, path, -1)


def move_down(document: Json, path: str) -> str:
    return _swap(document, path, 1)


def add_condition(document: Json, path: str) -> str:
    """One more condition: in a block at its end, beside a single one in a block of both, else the first."""
    return _join(document, path, blank())


def add_block(document: Json, path: str) -> str:
    """One more block, in which one of two conditions is enough."""
    return _join(document, path, {"any": [blank(), blank()]})


def turn(document: Json, path: str) -> str:
    """A condition that holds becomes one that does not, and back."""
    node = at(document, path)
    put(document, path, node.get("not", {"not": node}))
    return path


def blank() -> Json:
    """A comparison in which nothing is chosen yet."""
    return {"field": "", "op": "eq", "value": ""}


CHANGES: dict[str, Change] = {
    "add_group": add_group,
    "add_rule": add_rule,
    "add_exclusion": add_exclusion,
    "add_qualification": add_qualification,
    "add_band": add_band,
    "remove": remove,
    "duplicate": duplicate,
    "up": move_up,
    "down": move_down,
    "add_condition": add_condition,
    "add_block": add_block,
    "turn": turn,
}


def _item(document: Json, path: str) -> tuple[list[Any], int]:
    at(document, path)
    items, index = at(document, above(path)), last(path)
    if not isinstance(index, int):
        raise NoSuchPlace(path)
    return items, index


def _swap(document: Json, path: str, by: int) -> str:
    items, index = _item(document, path)
    other = index + by
    if not 0 <= other < len(items):
        return path
    items[index], items[other] = items[other], items[index]
    return f"{above(path)}[{other}]"


def _collapse(document: Json, path: str) -> str:
    terms = at(document, path)
    block = above(path)
    if len(terms) == 1:
        put(document, block, terms[0])
    elif not terms:
        return remove(document, block)
    return block


def _join(document: Json, path: str, added: Json) -> str:
    holder = at(document, above(path))
    if last(path) == "when" and "when" not in holder:
        holder["when"] = added
        return path
    node = at(document, path)
    word = next((word for word in ("all", "any") if word in node), None)
    if word is None:
        put(document, path, {"all": [node, added]})
        return f"{path}.all[1]"
    node[word].append(added)
    return f"{path}.{word}[{len(node[word]) - 1}]"
