"""The ideal customer in words: what is best, better and good, and the fit groups that follow: pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GRADES = {"best": 20, "better": 14, "good": 8}  # points; a main criterion is worth 20
_RANGE = re.compile(r"(\d[\d ,._']*)([kKmM]?)\s*(?:(\+)|[-–]\s*(\d[\d ,._']*)([kKmM]?))?$")
SHORT = 4  # characters of a word that others are likely to hold
_UNITS = {"": 1, "k": 1_000, "m": 1_000_000}

Json = dict[str, Any]
Profile = Mapping[str, Mapping[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One trait: the group it makes, and the fields that its values are looked for in."""

    key: str
    group: str
    fields: tuple[str, ...]
    op: str = "in"

    @property
    def is_range(self) -> bool:
        return self.op == "between"


CRITERIA = (
    Criterion("industries", "Industry", ("company.industry",)),
    Criterion("sizes", "Company size", ("company.employees",), "between"),
    Criterion("revenues", "Annual revenue", ("company.annual_revenue",), "between"),
    Criterion("roles", "Role", ("contact.job_title", "contact.seniority"), "contains"),
    Criterion("countries", "Country", ("company.country",)),
)


def read_range(text: str) -> tuple[int, int | None]:
    """“100-499”, “500+”, “1.5-10M” as lower and upper bound, none without an end; ValueError else."""
    found = _RANGE.match(text.strip())
    if not found:
        raise ValueError(f"“{text.strip()}” is no range such as 100-499 or 500+.")
    low = _number(found[1], found[2])
    if found[4] is None:
        return (low, None) if found[3] else (low, low)
    high = _number(found[4], found[5])
    if not found[2] and (same := _number(found[1], found[5])) <= high:
        low = same
    if high < low:
        raise ValueError(f"“{text.strip()}” ends before it begins.")
    return low, high


def _number(digits: str, unit: str) -> int:
    """A number with its unit; before a unit one or two digits after a point or comma are a fraction."""
    if unit and (found := re.match(r"(.*\d)[.,](\d{1,2})\s*\Z", digits)):
        whole, part = re.sub(r"\D", "", found[1]), found[2]
        return int(int(whole + part) * _UNITS[unit.lower()] / 10 ** len(part))
    return int(re.sub(r"\D", "", digits)) * _UNITS[unit.lower()]


def ideal_groups(profile: Profile) -> Iterator[Json]:
    """A fit group for each criterion that says something, of which the best rule counts."""
    for criterion in CRITERIA:
        said = profile.get(criterion.key, {})
        rules = [
            {
                "name": f"{criterion.group}: {grade}",
                "when": _when(criterion, said[grade]),
                "points": points,
            }
            for grade, points in GRADES.items()
            if said.get(grade)
        ]
        if rules:
            most = max(GRADES[grade] for grade in GRADES if said.get(grade))
            yield {"name": criterion.group, "kind": "fit", "combine": "best", "max": most, "rules": rules}


def _when(criterion: Criterion, values: list[str]) -> Json:
    if criterion.is_range:
        return _any([_within(criterion.fields[0], *read_range(value)) for value in values])
    if criterion.op == "in":
        return {"field": criterion.fields[0], "op": "in", "value": values}
    first, *others = criterion.fields
    terms = [term for value in values for term in _containing(first, value)]
    return _any([*terms, *({"field": field, "op": "in", "value": values} for field in others)])


def _containing(field: str, value: str) -> list[Json]:
    """The value within a text; a short one, such as CTO, as a word of its own, for a director holds “cto”."""
    if len(value) > SHORT:
        return [{"field": field, "op": "contains", "value": value}]
    return [
        {"field": field, "op": "eq", "value": value},
        {"field": field, "op": "starts_with", "value": f"{value} "},
        {"field": field, "op": "contains", "value": f" {value}"},
    ]


def _within(field: str, low: int, high: int | None) -> Json:
    if high is None:
        return {"field": field, "op": "gte", "value": low}
    return {"field": field, "op": "between", "value": [low, high]}


def _any(terms: list[Json]) -> Json:
    return terms[0] if len(terms) == 1 else {"any": terms}


def with_ideal(document: Json, profile: Profile) -> Json:
    """The definition with these groups in the place of those that the form wrote before.

    A group of the same name that somebody wrote by hand gives way only where the form says something.
    """
    written = list(ideal_groups(profile))
    names = {group["name"] for group in written}
    others = [group for group in document["groups"] if group["name"] not in names and not _is_of_form(group)]
    return {**document, "groups": [*written, *others]}


def replaced_by_hand(document: Json, profile: Profile) -> list[str]:
    """The names of groups written by hand that would give way."""
    names = {group["name"] for group in ideal_groups(profile)}
    return [
        group["name"] for group in document["groups"] if group["name"] in names and not _is_of_form(group)
    ]


def _is_of_form(group: Json) -> bool:
    """Whether the form wrote it: a group of a criterion with nothing but its grades."""
    name = group["name"]
    grades = {f"{name}: {grade}" for grade in GRADES}
    is_criterion = any(criterion.group == name for criterion in CRITERIA)
    return is_criterion and bool(group["rules"]) and all(rule["name"] in grades for rule in group["rules"])


def read_profile(document: Json) -> dict[str, dict[str, list[str]]]:
    """What the form would have to say for the groups that a definition has; foreign rules are passed over."""
    groups = {group["name"]: group for group in document["groups"]}
    return {
        criterion.key: {
            rule["name"].rpartition(": ")[2]: list(dict.fromkeys(_said(rule["when"])))
            for rule in groups.get(criterion.group, {"rules": []})["rules"]
            if rule["name"].rpartition(": ")[2] in GRADES and "when" in rule
        }
        for criterion in CRITERIA
    }


def _said(when: Json) -> Iterator[str]:
    match when:
        case {"any": terms}:
            for term in terms:
                yield from _said(term)
        case {"op": "between", "value": [low, high]}:
            yield f"{low}-{high}"
        case {"op": "gte", "value": low}:
            yield f"{low}+"
        case {"value": list(values)}:
            yield from map(str, values)
        case {"value": value}:
            yield str(value).strip()
