"""The form as the page draws it: groups with their rules, of which one place is open; pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scoring.definition.specs import Decay, DecayType
from scoring.definition.stored import stored_condition
from scoring.summary import Part, condition_parts, counting_words, fading
from scoring.workshop.comparing import Line, Section, changed_lines
from scoring.workshop.conditions import ConditionNode, Conditions
from scoring.workshop.controls import Choice, Control, Faults, Options, plain
from scoring.workshop.entries import counting_of
from scoring.workshop.places import Json, element_id, is_within, place_of
from scoring.workshop.reach import GroupReach, Reach, reach_of
from scoring.workshop.texts import shown

PART = re.compile(r"\.(name|points|signal|field|op|value|max|min|days|count|unit|per_day|total)(\[\d+\])?\Z")
PARTS = {"op": "comparison", "max": "maximum", "min": "minimum", "per_day": "a day", "total": "in all"}
FADES = {
    "none": "Does not fade",
    "half_life": "Halves every … days",
    "linear": "Fades to nothing over … days",
    "window": "Counts for … days, then not",
}
COUNTS = {
    "every": "Every time",
    "per_day": "The newest … of a day",
    "total": "The newest … in all",
    "at_least": "Once, if there were … within … days",
}


@dataclass(frozen=True, slots=True)
class Item:
    """A rule, exclusion or auto-qualification: a row, and its fields when it is open."""

    path: str
    name: str
    signal: str
    parts: tuple[Part, ...]
    counts: str
    faults: tuple[str, ...]
    is_open: bool
    line: Line | None = None  # how it differs from the live version
    comments: Sequence[object] = ()
    points: Control | None = None
    controls: tuple[Control, ...] = ()
    counting: tuple[Control, ...] = ()
    when: ConditionNode | None = None
    noun: str = "rule"

    @property
    def id(self) -> str:
        return element_id(self.path)


@dataclass(frozen=True, slots=True)
class Card:
    """A group."""

    path: str
    group: Mapping[str, Any]
    reach: GroupReach
    items: tuple[Item, ...]
    maximum: Control
    faults: tuple[str, ...]
    is_open: bool
    is_changed: bool
    controls: tuple[Control, ...] = ()

    @property
    def id(self) -> str:
        return element_id(self.path)

    @property
    def least(self) -> str:
        """The most that the group can take."""
        return shown(float(self.reach.least))

    @property
    def words(self) -> list[str]:
        """What shapes the group, in short."""
        decay = self.group.get("decay")
        said = ["best rule only"] if self.group.get("combine") == "best" else ["sum"]
        if self.group["kind"] == "engagement":
            said.append(fading(Decay(DecayType(decay["type"]), decay["days"])) if decay else "does not fade")
        if "min" in self.group:
            said.append(f"at least {shown(self.group['min'])}")
        return said


@dataclass
class Sheet:
    """One look at a document; `sections` is how it differs from what is live."""

    document: Json
    options: Options
    faults: Faults
    open_at: str = ""
    sections: Sequence[Section] = ()
    comments: Mapping[str, Sequence[object]] = field(default_factory=dict)

    @cached_property
    def reach(self) -> Reach:
        return reach_of(self.document)

    @cached_property
    def changes(self) -> list[Line]:
        return changed_lines(self.sections)

    @cached_property
    def cards(self) -> list[Card]:
        return [self._card(index, group) for index, group in enumerate(self.document["groups"])]

    @cached_property
    def exclusions(self) -> list[Item]:
        return list(self._items("", "exclusions", self.document, "exclusion"))

    @cached_property
    def qualifications(self) -> list[Item]:
        return list(self._items("", "auto_qualify", self.document, "auto-qualification"))

    @cached_property
    def head(self) -> list[Control]:
        """Name and product line."""
        line = self.document.get("product_line") or ""
        lines = {"": "All others"} | {name: name for name in (*self.options.product_lines, line) if name}
        return [
            self._control("name", "Name of the model", self.document["name"]),
            self._control("product_line", "Product line", line, "choice", (plain(lines),)),
        ]

    @cached_property
    def grades(self) -> list[tuple[str, list[Control]]]:
        """The lower bounds of A, B, C and of 1, 2, 3."""
        words = {"fit": ("A", "B", "C"), "engagement": ("1", "2", "3")}
        return [
            (
                kind,
                [
                    self._number(f"grades.{kind}[{index}]", f"{name} from, in per cent", bound)
                    for index, (name, bound) in enumerate(
                        zip(names, self.document["grades"][kind], strict=True)
                    )
                ],
            )
            for kind, names in words.items()
        ]

    @cached_property
    def grade_faults(self) -> tuple[str, ...]:
        return self.faults.at("grades", "grades.fit", "grades.engagement")

    @cached_property
    def bands(self) -> list[tuple[str, str, str, list[Control]]]:
        """Path, key, name and bounds of each band."""
        catalogue = self.options.catalogue
        return [
            (
                f"bands[{index}]",
                str(band["band"]),
                catalogue.label(str(band["band"])),
                [
                    self._number(f"bands[{index}].enter", "Enters at", band["enter"]),
                    self._number(f"bands[{index}].leave", "Leaves below", band.get("leave", band["enter"])),
                ],
            )
            for index, band in enumerate(self.document["bands"])
        ]

    @cached_property
    def band_faults(self) -> tuple[str, ...]:
        """Of the bands as a whole, and of one that is named wrongly."""
        return self.faults.at(
            "bands", *(f"bands[{index}].band" for index in range(len(self.document["bands"])))
        )

    @cached_property
    def missing_bands(self) -> list[tuple[int, str, str]]:
        """Where each band belongs that the model lacks, its key and its name."""
        used = [band["band"] for band in self.document["bands"]]
        order = self.options.catalogue.bands
        return [
            (sum(other in used for other in order[:rank]), key, self.options.catalogue.label(key))
            for rank, key in enumerate(order)
            if key not in used
        ]

    @cached_property
    def model_faults(self) -> tuple[str, ...]:
        """Of the model as a whole."""
        return self.faults.at("$", "groups", "exclusions", "auto_qualify")

    @cached_property
    def fault_list(self) -> list[tuple[str, str, str]]:
        """Where, what, and the place to open, if any, for the list of all that is to be put right."""
        return [(self._where(fault.path), fault.message, place_of(fault.path)) for fault in self.faults.heard]

    def _where(self, path: str) -> str:
        """“Size › Large › points” for groups[0].rules[1].points."""
        names = [name or "unnamed" for place, name in self._named() if is_within(path, place)]
        if names and (part := PART.search(path)):
            names.append(PARTS.get(part[1], part[1]))
        return " › ".join(names) or path.partition("[")[0].partition(".")[0].replace("_", "-").capitalize()

    def _named(self) -> Iterator[tuple[str, str]]:
        for key in ("groups", "exclusions", "auto_qualify"):
            for index, item in enumerate(self.document[key]):
                yield f"{key}[{index}]", item["name"]
                for number, rule in enumerate(item.get("rules", ())):
                    yield f"{key}[{index}].rules[{number}]", rule["name"]

    def _card(self, index: int, group: Mapping[str, Any]) -> Card:
        path = f"groups[{index}]"
        is_open = self.open_at == path
        section = self._section(group["name"])
        shown_at = (
            (f"{path}.max", f"{path}.rules")
            if not is_open
            else (f"{path}.{key}" for key in ("max", "rules", "name", "kind", "combine", "min", "decay"))
        )
        return Card(
            path,
            group,
            self.reach.groups[index],
            tuple(self._items(path, "rules", group, "rule", section)),
            self._number(f"{path}.max", f"Maximum of {group['name']}", group.get("max", 100)),
            self.faults.within(path, *shown_at) + self.faults.at(f"{path}.rules"),
            is_open,
            bool(section and (section.change or section.changes)),
            tuple(self._group_controls(path, group)) if is_open else (),
        )

    def _section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)

    def _group_controls(self, path: str, group: Mapping[str, Any]) -> Iterator[Control]:
        yield self._control(f"{path}.name", "Name of the group", group["name"])
        kinds = {"fit": "Fit: who they are", "engagement": "Engagement: what they do"}
        yield self._choice(f"{path}.kind", "Kind", group["kind"], kinds)
        ways = {"sum": "Sum of all rules", "best": "Best rule only"}
        yield self._choice(f"{path}.combine", "Combine", group.get("combine", "sum"), ways)
        yield self._number(f"{path}.min", "Minimum (empty: none)", group.get("min"))
        decay = group.get("decay") or {"type": "none"}
        if group["kind"] == "engagement":
            yield self._choice(f"{path}.decay.type", "Fading", decay["type"], FADES)
        if decay["type"] != "none":
            yield self._number(f"{path}.decay.days", "Days", decay["days"])

    def _items(
        self, path: str, key: str, holder: Mapping[str, Any], noun: str, section: Section | None = None
    ) -> Iterator[Item]:
        lines = list(section.lines) if section else []
        for index, item in enumerate(holder[key]):
            line = next((line for line in lines if line.name == item["name"] and line.after), None)
            if line:
                lines.remove(line)
            place = f"{path}.{key}[{index}]".removeprefix(".")
            yield self._item(place, item, noun, line)

    def _item(self, path: str, item: Mapping[str, Any], noun: str, line: Line | None) -> Item:
        is_open = self.open_at == path
        catalogue = self.options.catalogue
        signal, when = item.get("signal", ""), item.get("when")
        points = "points" in item and self._number(
            f"{path}.points", f"Points of {item['name']}", item["points"]
        )
        node = (
            when
            and is_open
            and Conditions(self.options, self.faults).node(when, f"{path}.when", of_signal=bool(signal))
        )
        return Item(
            path,
            item["name"],
            catalogue.label(signal) if signal else "",
            tuple(condition_parts(stored_condition(when), catalogue)) if when else (),
            counting_words(signal, item, catalogue) if "points" in item else "",
            self._item_faults(path, is_open=is_open, has_when=bool(when)),
            is_open,
            line,
            self.comments.get(path, ()),
            points or None,
            tuple(self._item_controls(path, item, noun)) if is_open else (),
            tuple(self._counting(path, item)) if is_open and signal and "points" in item else (),
            node or None,
            noun,
        )

    def _item_faults(self, path: str, *, is_open: bool, has_when: bool) -> tuple[str, ...]:
        """Those of its fields stand there when it is open."""
        if not is_open:
            return self.faults.within(path, f"{path}.points")
        own = [f"{path}.{key}" for key in ("name", "points", "signal", "repeat", "at_least", "per")]
        return self.faults.within(path, *own, *([f"{path}.when"] if has_when else []))

    def _item_controls(self, path: str, item: Mapping[str, Any], noun: str) -> Iterator[Control]:
        yield self._control(f"{path}.name", f"Name of the {noun}", item["name"])
        may_signal = noun == "auto-qualification" or (
            noun == "rule" and (item.get("signal") or self._kind_of(path) == "engagement")
        )
        if may_signal:
            nothing = "No signal: what is known of the lead" if noun == "rule" else "Choose a signal"
            chosen = item.get("signal", "")
            choices = self.options.signals(chosen, nothing)
            yield self._control(f"{path}.signal", "Signal", chosen, "choice", choices, reshapes=True)

    def _kind_of(self, path: str) -> str:
        """The kind of the group in which a rule stands."""
        index = int(path.partition("[")[2].partition("]")[0])
        return str(self.document["groups"][index]["kind"])

    def _counting(self, path: str, rule: Mapping[str, Any]) -> Iterator[Control]:
        chosen = counting_of(rule)
        yield self._choice(f"{path}.counting", "Counts", chosen, COUNTS, f"{path}.repeat", f"{path}.at_least")
        if chosen == "at_least":
            yield self._number(f"{path}.at_least.count", "At least", rule["at_least"]["count"])
            yield self._number(f"{path}.at_least.days", "Within days", rule["at_least"]["days"])
            return
        if chosen != "every":
            yield self._number(f"{path}.repeat.{chosen}", "The newest", rule["repeat"][chosen])
        per = rule.get("per") or {"field": ""}
        amounts = {
            "": "Points as they are",
            "activity.duration_seconds": "Points for each … seconds of duration",
        }
        other = {per["field"]: f"Points for each … of {per['field']}"} if per["field"] not in amounts else {}
        yield self._choice(f"{path}.per.field", "Amount", per["field"], amounts | other, f"{path}.per")
        if per["field"]:
            yield self._number(f"{path}.per.unit", "For each", per["unit"])

    def _choice(self, path: str, label: str, value: str, options: Mapping[str, str], *beside: str) -> Control:
        """A list that gives the form another shape; `beside` are places whose faults are shown here."""
        faults = self.faults.at(path, *beside)
        return Control(path, label, value, "choice", (plain(options),), faults, reshapes=True)

    def _number(self, path: str, label: str, value: Any) -> Control:
        return self._control(path, label, shown(value), "number")

    def _control(
        self, path: str, label: str, value: str, kind: str = "text",
        choices: tuple[Choice, ...] = (), *, reshapes: bool = False,
    ) -> Control:  # fmt: skip
        return Control(path, label, value, kind, choices, self.faults.at(path), reshapes)
