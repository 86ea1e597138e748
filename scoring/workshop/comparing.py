"""Two versions line by line: pure, from their JSON forms, so that a faulty draft can be compared too."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from scoring.definition.specs import Decay, DecayType
from scoring.definition.stored import stored_condition
from scoring.fields import Catalogue
from scoring.summary import condition_words, counting_words, fading
from scoring.workshop.texts import shown

Json = Mapping[str, Any]
Change = Literal["", "changed", "new", "gone", "moved"]

THE_GROUP = "The group"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a model says; `before` and `after` are empty where it is not said."""

    name: str
    before: str
    after: str
    change: Change
    points_before: str = ""
    points_after: str = ""
    group: str = ""  # which one, of a line that is a group itself

    @property
    def subject(self) -> str:
        """What it is about, where its section is not named beside it."""
        return f"group {self.group or 'without a name'}" if self.name == THE_GROUP else self.name

    @property
    def summary(self) -> str:
        """“C-level 11 → 15”, “new: Delivery times page”."""
        if self.change in ("new", "gone", "moved"):
            return f"{self.change}: {self.subject}"
        if self.points_before != self.points_after:
            return f"{self.subject} {self.points_before} → {self.points_after}"
        return f"{self.subject} changed"


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    change: Change
    lines: tuple[Line, ...]

    @property
    def changes(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.change)


def compare(before: Json, after: Json, catalogue: Catalogue) -> list[Section]:
    """Every line of both, by section: the model, its groups, what excludes or qualifies, the bands."""
    words = Words(catalogue)
    sections = [Section("The model", "", tuple(_pairs(_model(before), _model(after))))]
    for old, new, change in _matched(before["groups"], after["groups"]):
        sections.append(
            Section((new or old or {})["name"], change, tuple(_lines(words, old, new, "rules", words.rule)))
        )
    for key, name in (("exclusions", "Out of scoring"), ("auto_qualify", "Qualifies at once")):
        sections.append(Section(name, "", tuple(_lines(words, before, after, key, words.rule))))
    sections.append(Section("Bands", "", tuple(_pairs(_bands(before, words), _bands(after, words)))))
    return [section for section in sections if section.lines]


def changed_lines(sections: Iterable[Section]) -> list[Line]:
    """Only what differs."""
    return [line for section in sections for line in section.changes]


@dataclass(frozen=True, slots=True)
class Words:
    catalogue: Catalogue

    def rule(self, rule: Json) -> str:
        """When a rule, exclusion or auto-qualification holds, and how it counts."""
        when = rule.get("when")
        said = condition_words(stored_condition(when), self.catalogue) if when else ""
        signal = self.catalogue.label(rule["signal"]) if rule.get("signal") else ""
        how = counting_words(rule.get("signal", ""), rule, self.catalogue) if "points" in rule else ""
        occasion = f"{signal} where {said}" if signal and said else signal or said or "always"
        return f"{occasion}, {how}" if how else occasion

    def group(self, group: Json) -> str:
        """The kind, bounds and fading of a group."""
        said = [group["kind"], "best rule only" if group.get("combine") == "best" else "sum of all rules"]
        said.append(f"at most {shown(group.get('max', 100))}")
        if "min" in group:
            said.append(f"at least {shown(group['min'])}")
        if decay := group.get("decay"):
            said.append(fading(Decay(DecayType(decay["type"]), decay["days"])))
        return ", ".join(said)


def _lines(
    words: Words, old: Json | None, new: Json | None, key: str, said: Callable[[Json], str]
) -> Iterator[Line]:
    """The group itself, if it is one, and its items."""
    if key == "rules":
        was, becomes = (words.group(group) if group else "" for group in (old, new))
        name = (new or old or {})["name"]
        yield Line(THE_GROUP, was, becomes, change_between(was, becomes), group=name)
    for before, after, change in _matched((old or {}).get(key, []), (new or {}).get(key, [])):
        texts = [said(item) if item else "" for item in (before, after)]
        points = [shown(item["points"]) if item and "points" in item else "" for item in (before, after)]
        differs = not change and (texts[0] != texts[1] or points[0] != points[1])
        changed: Change = "changed" if differs else change
        name = (after or before or {})["name"]
        yield Line(name, texts[0], texts[1], changed, points[0], points[1])


def _matched(old: list[Json], new: list[Json]) -> Iterator[tuple[Json | None, Json | None, Change]]:
    """Items of the same name as pairs, in the new order; those that are gone follow."""
    keys_old, keys_new = _keys(old), _keys(new)
    blocks = SequenceMatcher(None, keys_old, keys_new, autojunk=False).get_matching_blocks()
    stayed = {keys_new[block.b + offset] for block in blocks for offset in range(block.size)}
    before = dict(zip(keys_old, old, strict=True))
    for key, item in zip(keys_new, new, strict=True):
        pair = before.pop(key, None)
        yield pair, item, "new" if pair is None else "" if key in stayed else "moved"
    for item in before.values():
        yield item, None, "gone"


def _keys(items: list[Json]) -> list[tuple[str, int]]:
    """Names, numbered where they repeat."""
    seen: dict[str, int] = {}
    keys = []
    for item in items:
        seen[item["name"]] = seen.get(item["name"], 0) + 1
        keys.append((item["name"], seen[item["name"]]))
    return keys


def change_between(before: str, after: str) -> Change:
    """How one text became the other, of which an empty one says nothing."""
    return "" if before == after else "new" if not before else "gone" if not after else "changed"


def _pairs(before: dict[str, str], after: dict[str, str]) -> Iterator[Line]:
    for name in after | before:
        old, new = before.get(name, ""), after.get(name, "")
        yield Line(name, old, new, change_between(old, new))


def _model(model: Json) -> dict[str, str]:
    grades = {
        f"Grades of {kind}": ", ".join(map(shown, model["grades"][kind])) for kind in ("fit", "engagement")
    }
    return {"Name": model["name"], "Product line": model.get("product_line") or "All others"} | grades


def _bands(model: Json, words: Words) -> dict[str, str]:
    return {
        words.catalogue.label(
            band["band"]
        ): f"enters at {shown(band['enter'])}, leaves below {shown(band.get('leave', band['enter']))}"
        for band in model["bands"]
    }
