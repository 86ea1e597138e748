"""Scoring models of a given number of rules, so many of them counted once a day."""

from typing import Any

SIGNALS = (
    "page_view", "visit", "download", "email_open", "email_click", "email_reply", "form_submit",
    "webinar_attend", "event_attend", "chat",
)  # fmt: skip
DECAYS: tuple[dict[str, Any], ...] = (
    {"type": "half_life", "days": 30},
    {"type": "linear", "days": 90},
    {"type": "window", "days": 60},
)
BANDS = [
    {"band": "hot", "enter": 70, "leave": 60},
    {"band": "warm", "enter": 40, "leave": 35},
    {"band": "cold", "enter": 10, "leave": 10},
    {"band": "dead", "enter": 0, "leave": 0},
]


def model_of(rules: int, *, once_a_day: int) -> dict[str, Any]:
    """A model in its JSON form: a third of the rules look at facts, the others count signals."""
    of_facts = rules // 3
    signals = [_signal_rule(number, once_a_day) for number in range(rules - of_facts)]
    groups = [
        {"name": "Fit", "kind": "fit", "max": 50, "rules": [_fact_rule(number) for number in range(of_facts)]}
    ]
    for place, decay in enumerate(DECAYS):
        group = {"name": decay["type"], "kind": "engagement", "max": 20, "decay": decay}
        groups.append(group | {"rules": signals[place :: len(DECAYS)]})
    return {
        "name": f"{rules} rules, {once_a_day} once a day",
        "product_line": None,
        "groups": groups,
        "exclusions": [],
        "auto_qualify": [],
        "grades": {"fit": [75, 50, 25], "engagement": [75, 50, 25]},
        "bands": BANDS,
    }


def _fact_rule(number: int) -> dict[str, Any]:
    when = {"field": "company.employees", "op": "gte", "value": 10 * (number + 1)}
    return {"name": f"Fact {number}", "when": when, "points": 1 + number % 5}


def _signal_rule(number: int, once_a_day: int) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "name": f"Signal {number}",
        "signal": SIGNALS[number % len(SIGNALS)],
        "points": 1 + number % 7,
    }
    if number % 2:
        rule["when"] = {
            "field": "activity.url",
            "op": "contains",
            "value": ("/pricing", "/product")[number % 4 // 2],
        }
    return rule | ({"repeat": {"per_day": 1}} if number < once_a_day else {})
