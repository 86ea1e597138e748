"""What forecast and funnel must say, deal by deal in plain Python; knows nothing of the product."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import chain

from tests.reports.facts import DISQUALIFIED, LOST, OPEN, RATES, TODAY, WON, Fact

CENT = Decimal("0.01")


def rate(fact: Fact) -> Decimal | None:
    """Of the day on which it closed, of today while it is open or the day is unknown."""
    day = fact.closed_on or TODAY
    known = [rate for valid_from, rate in RATES.get(fact.currency, []) if valid_from <= day]
    return known[-1] if known else None


def cents(amount: Decimal) -> Decimal:
    return Decimal(amount).quantize(CENT, ROUND_HALF_UP)


def money(facts: Iterable[Fact]) -> Decimal:
    return cents(
        sum((fact.value * rate(fact) for fact in facts if fact.value is not None and rate(fact)), Decimal(0))
    )


def weighted(facts: Iterable[Fact]) -> Decimal:
    return cents(
        sum(
            (
                fact.value * rate(fact) * fact.confidence / 100
                for fact in facts
                if fact.value is not None and rate(fact)
            ),
            Decimal(0),
        )
    )


def is_foreign(fact: Fact) -> bool:
    return fact.value is not None and rate(fact) is None


def is_worked(fact: Fact) -> bool:
    return fact.outcome == OPEN and fact.status in ("working", "qualified")


def figures(won: list[Fact], opened: list[Fact], *, by_confidence: bool) -> dict[str, object]:
    rest = weighted(opened) if by_confidence else money(opened)
    return {
        "won": money(won),
        "open": money(opened),
        "weighted": weighted(opened),
        "expected": money(won) + rest,
        "deals": len(won) + len(opened),
    }


def forecast(
    facts: list[Fact], start: date, end: date, *, key: Callable[[date], str], by_confidence: bool
) -> dict[str, object]:
    """Every part of a forecast; `key` names the period of a day."""
    won, opened = defaultdict(list), defaultdict(list)
    apart: dict[str, list[Fact]] = {"overdue": [], "undated": [], "won_undated": [], "lost_undated": []}
    foreign: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.outcome == WON and fact.closed_on and start <= fact.closed_on <= end:
            place = won[key(fact.closed_on)]
        elif fact.outcome == WON and not fact.closed_on:
            place = apart["won_undated"]
        elif fact.outcome == LOST and not fact.closed_on:
            apart["lost_undated"].append(fact)
            continue
        elif is_worked(fact) and fact.expected_close_on is None:
            place = apart["undated"]
        elif is_worked(fact) and fact.expected_close_on < TODAY:
            place = apart["overdue"]
        elif is_worked(fact) and start <= fact.expected_close_on <= end:
            place = opened[key(fact.expected_close_on)]
        else:
            continue
        (foreign[fact.currency] if is_foreign(fact) else place).append(fact)
    return {
        "buckets": {
            period: figures(won[period], opened[period], by_confidence=by_confidence)
            for period in won.keys() | opened.keys()
            if won[period] or opened[period]
        },
        "total": figures([*chain(*won.values())], [*chain(*opened.values())], by_confidence=by_confidence),
        "overdue": figures([], apart["overdue"], by_confidence=by_confidence),
        "undated": figures([], apart["undated"], by_confidence=by_confidence),
        "won_undated": len(apart["won_undated"]),
        "lost_undated": len(apart["lost_undated"]),
        "unconverted": {
            currency: (len(same), sum(fact.value for fact in same)) for currency, same in foreign.items()
        },
    }


def funnel(facts: list[Fact], order: list[str]) -> dict[str, object]:
    """Walks every deal through the stages, one by one; `order` are the keys of the pipeline's stages."""
    here = [fact for fact in facts if fact.has_entered and fact.stages[-1] in order]
    stages = {key: Counter({"entered": 0, "lost": 0, "here": 0, "advanced": 0}) for key in order}
    lost_facts: dict[str, list[Fact]] = {key: [] for key in order}
    for fact in here:
        reach = max(order.index(key) for key in fact.stages if key in order)
        for place, key in enumerate(order):
            if fact.outcome == WON or place < reach:
                stages[key].update(entered=1, advanced=1)
            elif place == reach and fact.outcome == OPEN:
                stages[key].update(entered=1, here=1)
            elif place == reach:
                stages[key].update(entered=1, lost=1)
                lost_facts[key].append(fact)
    ends = Counter(fact.outcome for fact in here)
    closed = ends[WON] + ends[LOST]
    return {
        "stages": {key: dict(counts) for key, counts in stages.items()},
        "lost_value": {key: money(lost) for key, lost in lost_facts.items()},
        "reasons": Counter(
            "~disqualified" if fact.outcome == DISQUALIFIED else fact.reason or "~untold"
            for fact in here
            if fact.outcome in (LOST, DISQUALIFIED)
        ),
        "won": ends[WON],
        "lost": ends[LOST],
        "disqualified": ends[DISQUALIFIED],
        "open": ends[OPEN],
        "win_rate": ends[WON] / closed if closed else None,
        "unconverted": sum(1 for fact in here if is_foreign(fact)),
    }


def ends(facts: Iterable[Fact]) -> dict[str, object]:
    """How deals of a funnel stand."""
    facts = list(facts)
    found = Counter(fact.outcome for fact in facts)
    closed = found[WON] + found[LOST]
    return {
        "entered": len(facts),
        "won": found[WON],
        "lost": found[LOST],
        "disqualified": found[DISQUALIFIED],
        "open": found[OPEN],
        "win_rate": found[WON] / closed if closed else None,
        "won_value": money(fact for fact in facts if fact.outcome == WON),
        "lost_value": money(fact for fact in facts if fact.outcome in (LOST, DISQUALIFIED)),
        "open_value": money(fact for fact in facts if fact.outcome == OPEN),
    }


def parts(facts: list[Fact], order: list[str], key: Callable[[Fact], str]) -> dict[str, dict[str, object]]:
    """The funnel's deals put into heaps by `key`, and how each heap stands."""
    heaps: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.has_entered and fact.stages[-1] in order:
            heaps[key(fact)].append(fact)
    return {name: ends(heap) for name, heap in heaps.items()}
