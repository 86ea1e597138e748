"""The fields of the form as the page draws them, each with the faults of its place: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from config.faults import Fault
from scoring.fields import PROPERTIES, Catalogue, Field
from scoring.workshop.places import element_id, is_within

ENTITIES = {
    "lead": "Lead",
    "company": "Company",
    "contact": "People of the lead",
    "answer": "Answers to questions",
    "activity": "The activity",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """Options under a heading, empty for none: (value, label)."""

    heading: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Control:
    """One field. `kind` is text, number, date or choice; what `reshapes` has the whole form drawn anew.

    `field` is the path whose known values are suggested; `verb` is add where what is typed is one more value.
    """

    path: str
    label: str
    value: str = ""
    kind: str = "text"
    choices: tuple[Choice, ...] = ()
    faults: tuple[str, ...] = ()
    reshapes: bool = False
    field: str = ""
    verb: str = "at"
    hint: str = ""

    @property
    def name(self) -> str:
        return f"{self.verb}:{self.path}"

    @property
    def id(self) -> str:
        return element_id(self.path if self.verb == "at" else f"{self.path}-add")


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with a document, by place; of a `fresh` place, just made, nobody wants to hear yet."""

    found: Sequence[Fault]
    fresh: str = ""

    def at(self, *paths: str) -> tuple[str, ...]:
        """Of exactly these places."""
        return tuple(fault.message for fault in self.heard if fault.path in paths)

    def within(self, path: str, *but: str) -> tuple[str, ...]:
        """Of this place and all below it, except of those places."""
        return tuple(
            fault.message
            for fault in self.heard
            if is_within(fault.path, path) and not any(is_within(fault.path, other) for other in but)
        )

    @property
    def heard(self) -> list[Fault]:
        return [fault for fault in self.found if not (self.fresh and is_within(fault.path, self.fresh))]


@dataclass(frozen=True, slots=True)
class Options:
    """The lists to choose from."""

    catalogue: Catalogue
    product_lines: tuple[str, ...] = ()
    of_facts: tuple[Choice, ...] = field(init=False)
    of_signals: tuple[Choice, ...] = field(init=False)

    def __post_init__(self) -> None:
        fields = list(self.catalogue.fields.values())
        object.__setattr__(self, "of_facts", _by_entity(item for item in fields if item.entity != "activity"))
        other = (PROPERTIES, "A property of the activity …")
        *rest, last = _by_entity(fields)
        object.__setattr__(self, "of_signals", (*rest, Choice(last.heading, (*last.options, other))))

    def fields(self, chosen: str, *, of_signal: bool) -> tuple[Choice, ...]:
        """Every field that may be named here, and the chosen one even if it is gone."""
        offered = self.of_signals if of_signal else self.of_facts
        is_known = any(chosen == value for choice in offered for value, _ in choice.options)
        if chosen and not is_known and not chosen.startswith(PROPERTIES):
            found = self.catalogue.field(chosen)
            offered = (
                Choice("Not to be had here", ((chosen, found.label if found else f"{chosen}, deleted"),)),
                *offered,
            )
        return (plain({"": "Choose a field"}), *offered)

    def signals(self, chosen: str, nothing: str) -> tuple[Choice, ...]:
        """Every signal, and the chosen one even if it is gone."""
        known = {key: self.catalogue.label(key) for key in self.catalogue.signals}
        gone = {chosen: f"{chosen}, deleted"} if chosen and chosen not in known else {}
        return (plain({"": nothing} | gone | known),)


def plain(options: Mapping[str, str]) -> Choice:
    """Options without a heading."""
    return Choice("", tuple(options.items()))


def _by_entity(fields: Iterable[Field]) -> tuple[Choice, ...]:
    order = list(ENTITIES)
    ordered = sorted(fields, key=lambda item: (order.index(item.entity), item.is_custom))
    return tuple(
        Choice(ENTITIES[entity], tuple((item.path, item.label) for item in items))
        for entity, items in groupby(ordered, key=lambda item: item.entity)
    )
