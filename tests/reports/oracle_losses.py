"""What the losses must say, deal by deal in plain Python; knows nothing of the product."""

from collections.abc import Callable, Hashable
from datetime import date

from tests.reports.facts import DISQUALIFIED, LOST, WON, Fact
from tests.reports.oracle import is_foreign, money

PIPELINES = {
    "default": ["qualify", "discovery", "demo", "proposal", "negotiation"],
    "other": ["other-1", "other-2"],
}


def losses(facts: list[Fact], start: date | None, end: date | None) -> dict[str, object]:
    """Every split, as the number of deals and their value."""

    def is_in(fact: Fact) -> bool:
        if not start and not end:
            return True
        return fact.closed_on is not None and (start or date.min) <= fact.closed_on <= (end or date.max)

    lost = [fact for fact in facts if fact.outcome == LOST and is_in(fact)]
    foreign = [fact for fact in lost if is_foreign(fact)]
    return {
        "total": pile(lost),
        "reasons": piles(lost, reason_of),
        "stages": matrix(lost, reached),
        "competitors": matrix(lost, lambda fact: fact.competitor),
        "owners": matrix(lost, lambda fact: fact.closed_owner),
        "months": piles(lost, lambda fact: fact.closed_on and f"{fact.closed_on:%Y-%m}"),
        "unconverted": {
            currency: sum(1 for fact in foreign if fact.currency == currency)
            for currency in {fact.currency for fact in foreign}
        },
        "won": sum(1 for fact in facts if fact.outcome == WON and is_in(fact)),
        "disqualified": sum(1 for fact in facts if fact.outcome == DISQUALIFIED and is_in(fact)),
        "undated": sum(1 for fact in facts if fact.outcome == LOST and fact.closed_on is None)
        if start or end
        else 0,
    }


def reached(fact: Fact) -> str:
    """The furthest stage of the pipeline in which it stands."""
    last = fact.stages[-1] if fact.stages else "qualify"
    order = next(keys for keys in PIPELINES.values() if last in keys)
    return max((key for key in [*fact.stages, last] if key in order), key=order.index)


def reason_of(fact: Fact) -> str:
    return fact.reason or "~untold"


def pile(facts: list[Fact]) -> tuple[int, object]:
    return len(facts), money(facts)


def piles(facts: list[Fact], key: Callable[[Fact], Hashable]) -> dict[Hashable, tuple[int, object]]:
    return {
        name: pile([fact for fact in facts if key(fact) == name]) for name in {key(fact) for fact in facts}
    }


def matrix(facts: list[Fact], key: Callable[[Fact], Hashable]) -> dict[Hashable, dict[Hashable, object]]:
    """By line and reason; the whole line stands under None."""
    return {
        name: {None: pile(same), **piles(same, reason_of)}
        for name in {key(fact) for fact in facts}
        for same in [[fact for fact in facts if key(fact) == name]]
    }
