"""Conditions as the form draws them: comparisons in blocks, each to be changed, turned and removed: pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scoring.fields import OPERATORS, PRESENCE, PROPERTIES, FieldType, Op
from scoring.summary import WORDS
from scoring.workshop.controls import Choice, Control, Faults, Options, plain
from scoring.workshop.entries import field_of
from scoring.workshop.places import element_id
from scoring.workshop.texts import kind_of, shown

KINDS = {FieldType.NUMBER: "number", FieldType.DATE: "date"}


@dataclass(frozen=True, slots=True)
class Picked:
    """One of several values of a comparison, to be taken away."""

    path: str
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ConditionNode:
    """`kind` is comparison, block or not; a block has `parts`, what is turned has one."""

    kind: str
    path: str
    controls: tuple[Control, ...] = ()
    picked: tuple[Picked, ...] = ()
    parts: tuple["ConditionNode", ...] = ()
    faults: tuple[str, ...] = ()
    unit: str = ""

    @property
    def id(self) -> str:
        return element_id(self.path)


@dataclass(frozen=True, slots=True)
class Conditions:
    options: Options
    faults: Faults

    def node(self, when: Mapping[str, Any], path: str, *, of_signal: bool) -> ConditionNode:
        """A condition and all within it."""
        for word in ("all", "any"):
            if word in when:
                parts = tuple(
                    self.node(term, f"{path}.{word}[{index}]", of_signal=of_signal)
                    for index, term in enumerate(when[word])
                )
                faults = self.faults.at(path, f"{path}.{word}")
                return ConditionNode("block", path, (_match(path, word),), parts=parts, faults=faults)
        if "not" in when:
            inner = self.node(when["not"], f"{path}.not", of_signal=of_signal)
            return ConditionNode("not", path, parts=(inner,), faults=self.faults.at(path))
        return self._comparison(when, path, of_signal=of_signal)

    def _comparison(self, when: Mapping[str, Any], path: str, *, of_signal: bool) -> ConditionNode:
        op = Op(when["op"])
        controls = [self._field(when, path, of_signal=of_signal)]
        if when["field"].startswith(PROPERTIES):
            key = when["field"].removeprefix(PROPERTIES)
            controls.append(Control(f"{path}.property", "Name of the property", key, reshapes=True))
        if when["field"]:
            controls += [self._operator(when, path), *self._values(when, path, op)]
        return ConditionNode(
            "comparison",
            path,
            tuple(controls),
            picked=self._picked(when, path),
            faults=self.faults.at(path) + self._of_list(when, path),
            unit="days" if op == Op.WITHIN_DAYS else "",
        )

    def _field(self, when: Mapping[str, Any], path: str, *, of_signal: bool) -> Control:
        chosen = when["field"]
        return Control(
            f"{path}.field",
            "Field",
            PROPERTIES if chosen.startswith(PROPERTIES) else chosen,
            "choice",
            self.options.fields(chosen, of_signal=of_signal),
            self.faults.at(f"{path}.field"),
            reshapes=True,
        )

    def _operator(self, when: Mapping[str, Any], path: str) -> Control:
        allowed = [*OPERATORS[field_of(when, self.options.catalogue).type]]
        ops = allowed if when["op"] in allowed else [Op(when["op"]), *allowed]
        choices = (plain({str(op): WORDS[op] for op in ops}),)
        return Control(
            f"{path}.op", "Comparison", when["op"], "choice", choices, self.faults.at(f"{path}.op"), True
        )

    def _values(self, when: Mapping[str, Any], path: str, op: Op) -> list[Control]:
        value = when.get("value")
        if op in PRESENCE:
            return []
        if op == Op.BETWEEN and isinstance(value, list):
            labels = ("From", "To", *["More"] * len(value))
            return [
                self._value(when, f"{path}.value[{index}]", item, labels[index])
                for index, item in enumerate(value)
            ]
        if isinstance(value, list):
            return [self._value(when, f"{path}.value", None, "Add a value", verb="add")]
        return [self._value(when, f"{path}.value", value, "Value")]

    def _value(self, when: Mapping[str, Any], path: str, value: Any, label: str, verb: str = "at") -> Control:
        field = field_of(when, self.options.catalogue)
        kind = kind_of(field, Op(when["op"]))
        options = {True: "yes", False: "no"} if kind == FieldType.BOOLEAN else field.choices
        faults = self.faults.at(path) if verb == "at" else ()
        if not options:
            suggesting = field.path if kind in (FieldType.TEXT, FieldType.DOMAIN) else ""
            return Control(
                path,
                label,
                shown(value),
                KINDS.get(kind, "text"),
                (),
                faults,
                verb == "add",
                suggesting,
                verb,
            )
        return Control(
            path, label, _chosen(value, options), "choice", (_choice(value, options, label),), faults,
            reshapes=verb == "add", verb=verb,
        )  # fmt: skip

    def _picked(self, when: Mapping[str, Any], path: str) -> tuple[Picked, ...]:
        value = when.get("value")
        if not isinstance(value, list) or when["op"] == Op.BETWEEN:
            return ()
        choices = field_of(when, self.options.catalogue).choices
        return tuple(
            Picked(
                f"{path}.value[{index}]",
                choices.get(item, shown(item)),
                self.faults.at(f"{path}.value[{index}]"),
            )
            for index, item in enumerate(value)
        )

    def _of_list(self, when: Mapping[str, Any], path: str) -> tuple[str, ...]:
        return self.faults.at(f"{path}.value") if isinstance(when.get("value"), list) else ()


def _match(path: str, word: str) -> Control:
    choices = (plain({"all": "All of these hold", "any": "One of these is enough"}),)
    return Control(f"{path}.match", "How the conditions combine", word, "choice", choices, reshapes=True)


def _chosen(value: Any, options: Mapping[Any, str]) -> str:
    """The key of the option that a value means, which may be given by its label."""
    text = shown(value)
    by_name = {name.casefold(): shown(key) for key, label in options.items() for name in (label, shown(key))}
    return by_name.get(text.casefold(), text)


def _choice(value: Any, options: Mapping[Any, str], label: str) -> Choice:
    known = {shown(key): name for key, name in options.items()}
    text = _chosen(value, options)
    other = {text: text} if text and text not in known else {}
    return plain({"": "Choose" if label != "Add a value" else "Add a value"} | other | known)
