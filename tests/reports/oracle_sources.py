"""What sources must say, lead by lead in plain Python; knows nothing of the product."""

from collections.abc import Callable, Hashable
from datetime import date
from decimal import Decimal
from statistics import median

from tests.reports.facts import LOST, TODAY, WON, Fact
from tests.reports.oracle import is_foreign, money

COSTS = {"Spring": (Decimal(900), "EUR"), "Autumn": (Decimal(100), "USD"), "Gratis": (Decimal(0), "EUR")}
CAMPAIGN_RATES = {"EUR": Decimal(1), "USD": Decimal("0.85")}  # of today


def sources(facts: list[Fact], start: date | None, end: date | None) -> dict[str, object]:
    """All leads, and each source and campaign; a campaign's cost is shared by its leads here."""
    here = [fact for fact in facts if (start or date.min) <= fact.created <= (end or date.max)]
    won_abroad = [fact for fact in here if fact.outcome == WON and is_foreign(fact)]
    return {
        "total": figures(here, here),
        "sources": by(here, lambda fact: fact.source),
        "campaigns": by(here, lambda fact: fact.campaign),
        "elsewhere": set(COSTS) - {fact.campaign for fact in here},
        "unconverted": len(won_abroad),
    }


def by(here: list[Fact], key: Callable[[Fact], Hashable]) -> dict[Hashable, dict[str, object]]:
    return {
        name: figures([fact for fact in here if key(fact) == name], here)
        for name in {key(fact) for fact in here}
    }


def figures(some: list[Fact], here: list[Fact]) -> dict[str, object]:
    won = [fact for fact in some if fact.outcome == WON]
    lost = sum(1 for fact in some if fact.outcome == LOST)
    days = [
        max(0, (fact.closed_on - fact.created).days) for fact in won if fact.closed_on and fact.has_entered
    ]
    revenue = money(won)
    cost = cost_of(some, here)
    return {
        "leads": len(some),
        "qualified": sum(1 for fact in some if is_qualified(fact)),
        "won": len(won),
        "lost": lost,
        "win_rate": len(won) / (len(won) + lost) if won or lost else None,
        "revenue": revenue,
        "days": median(days) if days else None,
        "cost": cost,
        "returned": (revenue - cost) / cost if cost else None,
    }


def is_qualified(fact: Fact) -> bool:
    return fact.outcome == WON or fact.status == "qualified" or fact.was_qualified


def cost_of(some: list[Fact], here: list[Fact]) -> Decimal | None:
    paid = [fact.campaign for fact in some if fact.campaign in COSTS]
    if not paid:
        return None
    shares = [
        COSTS[name][0] * CAMPAIGN_RATES[COSTS[name][1]] / sum(1 for fact in here if fact.campaign == name)
        for name in paid
    ]
    return sum(shares, Decimal(0)).quantize(Decimal("0.01"))


assert date(2026, 4, 1) <= TODAY  # the day from which the rates of the campaigns hold
