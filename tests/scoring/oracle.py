"""Scores by the plainest reading of design.md §3: slow, obvious, and sharing nothing with the product.

A lead is plain values by the paths that conditions use; a model is its JSON form.
"""

import json
import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction

ZERO = Fraction(0)
BAND_ORDER = ["hot", "warm", "cold", "dead"]


@dataclass
class SignalFact:
    """An activity; `facts` by path, such as activity.url."""

    kind: str
    at: datetime
    number: int
    facts: dict = field(default_factory=dict)
    trusted: bool = True

    @property
    def day(self) -> date:
        return self.at.date()


@dataclass
class LeadFact:
    born: date
    facts: dict = field(default_factory=dict)
    people: list[dict] = field(default_factory=list)
    signals: list[SignalFact] = field(default_factory=list)
    last_contact: date | None = None
    founded: int | None = None


@dataclass
class OracleScore:
    state: str
    fit: int | None = None
    engagement: int | None = None
    total: int | None = None
    band: str | None = None
    grade: str = ""
    lines: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)


def score(model: dict, lead: LeadFact, today: date, previous_band: str | None = None) -> OracleScore:
    """The whole of a score on one date."""
    if any(holds_for_lead(item["when"], lead, today) for item in model.get("exclusions", [])):
        return OracleScore("excluded")
    result = OracleScore("scored", fit=0, engagement=0)
    for g, group in enumerate(model["groups"]):
        worths = []
        for r, rule in enumerate(group["rules"]):
            lines = lines_of(rule, group.get("decay"), lead, today)
            result.lines[g, r] = lines
            if lines:
                worths.append(sum(lines))
        points = max(worths, default=0) if group.get("combine") == "best" else sum(worths)
        points = max(
            min(points, tenths(number(group.get("max", 100)))), tenths(number(group.get("min", -100)))
        )
        result.groups.append(points)
        if group["kind"] == "fit":
            result.fit += points
        else:
            result.engagement += points
    clamped = max(0, min(1000, result.fit + result.engagement))
    result.total = (clamped + 5) // 10
    result.band = band_of(model["bands"], result.total, previous_band)
    result.grade = grade_of(model, result)
    return result


def lines_of(rule: dict, decay: dict | None, lead: LeadFact, today: date) -> list[int]:
    """The points of each line of a rule, the newest signal first."""
    points = number(rule["points"])
    if "signal" not in rule:
        return [tenths(points)] if holds_for_lead(rule["when"], lead, today) else []
    signals = matching(rule, lead, today)
    if "at_least" in rule:
        wanted = rule["at_least"]
        recent = [signal for signal in signals if age(signal.day, today) <= wanted["days"] - 1]
        if len(recent) < wanted["count"]:
            return []
        return [tenths(points * left(decay, age(recent[0].day, today)))]
    lines = []
    for place, signal in enumerate(signals):
        if not counts(rule.get("repeat", "every"), signals, place):
            lines.append(0)
            continue
        amount = Fraction(1)
        if "per" in rule:
            given = signal.facts.get(rule["per"]["field"])
            is_number = isinstance(given, int | float) and not isinstance(given, bool)
            amount = number(given) / number(rule["per"]["unit"]) if is_number else ZERO
        lines.append(tenths(points * amount * left(decay, age(signal.day, today))))
    return lines


def matching(rule: dict, lead: LeadFact, today: date) -> list[SignalFact]:
    """The signals of a rule, the newest first."""
    found = [
        signal
        for signal in lead.signals
        if signal.trusted
        and signal.kind == rule["signal"]
        and ("when" not in rule or holds_for_lead(rule["when"], lead, today, signal))
    ]
    return sorted(found, key=lambda signal: (signal.at, signal.number), reverse=True)


def counts(repeat, signals: list[SignalFact], place: int) -> bool:
    if repeat == "every":
        return True
    if "total" in repeat:
        return place < repeat["total"]
    newer_that_day = [signal for signal in signals[:place] if signal.day == signals[place].day]
    return len(newer_that_day) < repeat["per_day"]


def left(decay: dict | None, days: int) -> Fraction:
    """The share of the points that an age leaves."""
    match (decay or {"type": "none"})["type"]:
        case "none":
            return Fraction(1)
        case "window":
            return Fraction(1) if days < decay["days"] else ZERO
        case "linear":
            return max(ZERO, 1 - Fraction(days, decay["days"]))
        case "half_life":
            return Fraction(0.5 ** (days / decay["days"]))
    raise AssertionError(decay)


def age(day: date, today: date) -> int:
    return max(0, (today - day).days)


def number(value) -> Fraction:
    return Fraction(str(value))


def tenths(points: Fraction) -> int:
    """sign(x) * floor(abs(x) * 10 + 0.5)."""
    size = math.floor(abs(points) * 10 + Fraction(1, 2))
    return size if points >= 0 else -size


def band_of(bands: list[dict], total: int, previous: str | None) -> str | None:
    """The highest band with total ≥ leave if it is the previous one or below it, else ≥ enter."""
    for band in bands:
        keeps = previous is not None and BAND_ORDER.index(band["band"]) >= BAND_ORDER.index(previous)
        if total >= (band["leave"] if keeps else band["enter"]):
            return band["band"]
    return None


def grade_of(model: dict, result: OracleScore) -> str:
    return step(model, "fit", result.fit, "ABCD") + step(model, "engagement", result.engagement, "1234")


def step(model: dict, kind: str, reached: int, names: str) -> str:
    maximum = sum(tenths(number(group.get("max", 100))) for group in model["groups"] if group["kind"] == kind)
    if maximum <= 0 or reached < 0:
        return names[3]
    for name, bound in zip(names, model["grades"][kind], strict=False):
        if Fraction(reached * 100, maximum) >= bound:
            return name
    return names[3]


def holds_for_lead(when: dict, lead: LeadFact, today: date, signal: SignalFact | None = None) -> bool:
    """Whether one person satisfies the whole condition; without people their fields are unknown."""
    for person in lead.people or [{}]:
        known = {**lead.facts, **person, **(signal.facts if signal else {}), **derived(lead, today)}
        if signal:
            known["activity.occurred_at"] = min(signal.day, today)
        if holds(when, known, today) is True:
            return True
    return False


def derived(lead: LeadFact, today: date) -> dict:
    signals = [signal for signal in lead.signals if signal.trusted]
    last = max((signal.day for signal in signals), default=lead.born)
    known = {
        "lead.created_at": lead.born,
        "lead.signal_count": len(signals),
        "lead.days_since_last_signal": age(last, today),
    }
    if lead.last_contact:
        known["lead.last_contact_at"] = lead.last_contact
        known["lead.days_since_last_contact"] = age(lead.last_contact, today)
    if lead.founded:
        known["company.founded"] = lead.founded
        known["company.age_years"] = max(0, today.year - lead.founded)
    return known


def holds(when: dict, known: dict, today: date) -> bool | None:
    """True, False, or None for unknown."""
    if "all" in when:
        parts = [holds(part, known, today) for part in when["all"]]
        return False if False in parts else None if None in parts else True
    if "any" in when:
        parts = [holds(part, known, today) for part in when["any"]]
        return True if True in parts else None if None in parts else False
    if "not" in when:
        part = holds(when["not"], known, today)
        return None if part is None else not part
    value = known.get(when["field"])
    if value == "":
        value = None
    return compare(when["op"], value, when.get("value"), today)


def compare(op: str, value, wanted, today: date) -> bool | None:
    if op in ("is_set", "is_not_set"):
        return (value is not None) == (op == "is_set")
    value = read_like(op, value, wanted)
    if value is None:
        return None
    if op == "within_days":
        return 0 <= (today - value).days <= wanted - 1
    if op == "matches_domain":
        host = value.casefold().rpartition("://")[2].partition("/")[0].rpartition("@")[2]
        return any(f".{host}".endswith(f".{domain}".casefold()) for domain in as_list(wanted))
    value, *wanted = [plain(item, value) for item in [value, *as_list(wanted)]]
    return TESTS[op](value, wanted)


TESTS = {
    "eq": lambda value, wanted: value == wanted[0],
    "ne": lambda value, wanted: value != wanted[0],
    "in": lambda value, wanted: value in wanted,
    "not_in": lambda value, wanted: value not in wanted,
    "gt": lambda value, wanted: value > wanted[0],
    "after": lambda value, wanted: value > wanted[0],
    "gte": lambda value, wanted: value >= wanted[0],
    "lt": lambda value, wanted: value < wanted[0],
    "before": lambda value, wanted: value < wanted[0],
    "lte": lambda value, wanted: value <= wanted[0],
    "between": lambda value, wanted: wanted[0] <= value <= wanted[1],
    "contains": lambda value, wanted: wanted[0] in value,
    "not_contains": lambda value, wanted: wanted[0] not in value,
    "starts_with": lambda value, wanted: value.startswith(wanted[0]),
}


def as_list(wanted) -> list:
    return wanted if isinstance(wanted, list) else [wanted]


def read_like(op: str, value, wanted):
    """The value as the rule's own value asks for it: a number, date or text; None when it is none."""
    sample = as_list(wanted)[0]
    if op in ("before", "after", "within_days") or (op == "between" and isinstance(sample, str)):
        return as_date(value)
    if isinstance(sample, int | float) and not isinstance(sample, bool):
        return value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(sample, str) and isinstance(value, int | float):  # a property has no type of its own
        return json.dumps(value)
    return value


def plain(item, value):
    """Texts without case; texts that stand for dates as dates."""
    if isinstance(value, date):
        return as_date(item)
    return item.casefold() if isinstance(item, str) else item


def as_date(value) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        return None


def first_change(model: dict, lead: LeadFact, today: date, limit: int) -> date | None:
    """The first of the next `limit` dates on which a line, or being excluded, differs from today's."""
    now = score(model, lead, today)
    for days in range(1, limit + 1):
        later = score(model, lead, today + timedelta(days=days))
        if (later.state, later.lines) != (now.state, now.lines):
            return today + timedelta(days=days)
    return None
