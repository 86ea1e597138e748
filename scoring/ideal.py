"""The ideal customer in words: what is best, better and good, and the fit groups that follow: pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

GRADES = {"best": 20, "better": 14, "good": 8}  # points; a main criterion is worth 20
_RANGE = re.compile(r"(\d[\d ,._']*)([kKmM]?)\s*(?:(\+)|[-–]\s*(\d[\d ,._']*)([kKmM]?))?$")
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
    """“100-499”, “500+”, “10M” as lower and upper bound, none without an end; ValueError for other words."""
    found = _RANGE.match(text.strip())
    if not found:
        raise ValueError(f"“{text.strip()}” is no range such as 100-499 or 500+.")
    low = _number(found[1], found[2])
    if found[4] is None:
        return (low, None) if found[3] else (low, low)
    high = _number(found[4], found[5])
    if high < low:
        raise ValueError(f"“{text.strip()}” ends before it begins.")
    return low, high


def _number(digits: str, unit: str) -> int:
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
    terms = [{"field": first, "op": "contains", "value": value} for value in values]
    return _any([*terms, *({"field": field, "op": "in", "value": values} for field in others)])


def _within(field: str, low: int, high: int | None) -> Json:
    if high is None:
        return {"field": field, "op": "gte", "value": low}
    return {"field": field, "op": "between", "value": [low, high]}


def _any(terms: list[Json]) -> Json:
    return terms[0] if len(terms) == 1 else {"any": terms}


def with_ideal(document: Json, profile: Profile) -> Json:
    """The definition with these groups in the place of those that the form wrote before."""
    names = {criterion.group for criterion in CRITERIA}
    others = [group for group in document["groups"] if group["name"] not in names]
    return {**document, "groups": [*ideal_groups(profile), *others]}


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
            yield str(value)
