"""Closed leads for backtests: won and lost a while ago, with what they had done before and after."""

from datetime import UTC, date, datetime, time, timedelta

from leads.actions import Closing, NewStatus, close_leads, set_statuses
from leads.models import Lead
from tests.scoring.oracle import LeadFact, SignalFact
from tests.scoring.written import write_lead

CLOSED_ON = date(2026, 3, 2)
BORN = date(2026, 1, 1)
MODEL = {
    "name": "Tried",
    "product_line": None,
    "groups": [
        {
            "name": "Size",
            "kind": "fit",
            "max": 50,
            "rules": [
                {
                    "name": "Large",
                    "when": {"field": "company.employees", "op": "gte", "value": 100},
                    "points": 50,
                }
            ],
        },
        {
            "name": "Website",
            "kind": "engagement",
            "max": 40,
            "decay": {"type": "linear", "days": 60},
            "rules": [{"name": "Page", "signal": "page_view", "points": 10}],
        },
    ],
    "grades": {"fit": [75, 50, 25], "engagement": [75, 50, 25]},
    "bands": [
        {"band": "hot", "enter": 60, "leave": 60},
        {"band": "warm", "enter": 30, "leave": 30},
        {"band": "dead", "enter": 0, "leave": 0},
    ],
}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), tzinfo=UTC)


def fact(employees: int, *days_before: int) -> LeadFact:
    """A lead with page views so many days before it closed; below zero is after."""
    days = [CLOSED_ON - timedelta(days=days) for days in days_before]
    signals = [SignalFact("page_view", noon(day), number) for number, day in enumerate(sorted(days))]
    return LeadFact(BORN, {"company.employees": employees}, signals=signals)


def closed(fact: LeadFact, outcome: str, *, entered: date | None = None, product_line_id=None) -> Lead:
    """The lead in the database, closed by the verbs on that day."""
    lead = write_lead(fact)
    if product_line_id:
        Lead.objects.filter(pk=lead.pk).update(product_line=product_line_id)
    if entered:
        set_statuses([NewStatus(lead.pk, "working")], by=None, at=noon(entered))
    if outcome == "disqualified":
        set_statuses([NewStatus(lead.pk, outcome, "No need")], by=None, at=noon(CLOSED_ON))
    else:
        close_leads([Closing(lead.pk, outcome, CLOSED_ON)], by=None, at=noon(CLOSED_ON))
    return lead
