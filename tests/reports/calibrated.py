"""What calibration must say, entry by entry in plain Python; knows nothing of the product."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from math import ceil, sqrt

from tests.reports.facts import DISQUALIFIED, LOST, OPEN, TODAY, WON, Fact

Z = 1.959964


def is_closed(fact: Fact) -> bool:
    return fact.outcome in (WON, LOST)


def cycle(facts: list[Fact]) -> Fraction | None:
    """The 90th percentile of the days that closed deals took, between two where none stands at the place."""
    took = sorted(
        max(0, (fact.closed_on - fact.created).days)
        for fact in facts
        if is_closed(fact) and fact.closed_on and fact.has_entered
    )
    if not took:
        return None
    place = Fraction(9, 10) * (len(took) - 1)
    below = int(place)
    above = min(below + 1, len(took) - 1)
    return took[below] + (place - below) * (took[above] - took[below])


def last_entry_day(facts: list[Fact]) -> date | None:
    days = cycle(facts)
    return None if days is None else TODAY - timedelta(days=ceil(days))


def is_old_enough(fact: Fact, latest: date | None) -> bool:
    undated = fact.outcome != OPEN and fact.closed_on is None
    return latest is None or fact.created <= latest or undated


def first_entries(fact: Fact) -> dict[str, tuple[int, int]]:
    """By stage, both confidences on entering it for the first time."""
    found: dict[str, tuple[int, int]] = {}
    for stage, confidences in zip(fact.stages, fact.confidences, strict=True):
        found.setdefault(stage, confidences)
    return found


def counted(facts: list[Fact]) -> list[Fact]:
    latest = last_entry_day(facts)
    return [fact for fact in facts if fact.has_entered and is_closed(fact) and is_old_enough(fact, latest)]


def left_out(facts: list[Fact]) -> dict[str, int]:
    latest = last_entry_day(facts)
    entered = [fact for fact in facts if fact.has_entered]
    return {
        "young": sum(1 for fact in entered if is_closed(fact) and not is_old_enough(fact, latest)),
        "disqualified": sum(1 for fact in entered if fact.outcome == DISQUALIFIED),
        "open": sum(1 for fact in entered if fact.outcome == OPEN and is_old_enough(fact, latest)),
        "undated": 0,
    }


def entries(facts: list[Fact], which: int) -> dict[str, list[tuple[int, bool]]]:
    """By stage: percentage on entering (0: shown, 1: automatic) and whether it was won."""
    found = defaultdict(list)
    for fact in counted(facts):
        for stage, confidences in first_entries(fact).items():
            found[stage].append((confidences[which], fact.outcome == WON))
    return found


def brier(judged: list[tuple[int, bool]]) -> Fraction:
    return sum((Fraction(percent, 100) - won) ** 2 for percent, won in judged) / Fraction(len(judged))


def parts(judged: list[tuple[int, bool]]) -> tuple[Fraction, Fraction, Fraction]:
    """Reliability, resolution, uncertainty; a bin is a whole percentage (Murphy 1973)."""
    bins = defaultdict(list)
    for percent, won in judged:
        bins[percent].append(won)
    whole, rate = len(judged), Fraction(sum(won for _, won in judged), len(judged))
    rates = {percent: Fraction(sum(same), len(same)) for percent, same in bins.items()}
    reliability = sum(len(bins[p]) * (Fraction(p, 100) - rates[p]) ** 2 for p in bins) / Fraction(whole)
    resolution = sum(len(bins[p]) * (rates[p] - rate) ** 2 for p in bins) / Fraction(whole)
    return reliability, resolution, rate * (1 - rate)


def proposed(base: int, automatic: list[tuple[int, bool]]) -> int | None:
    n = len(automatic)
    if n < 20:
        return None
    rate = Fraction(sum(won for _, won in automatic), n) * 100
    mean = Fraction(sum(percent for percent, _ in automatic), n)
    exact = base + Fraction(n, n + 20) * (rate - mean)
    return min(99, max(1, int(exact + Fraction(1, 2)))) if exact > 0 else 1


def interval(won: int, whole: int) -> tuple[float, float]:
    """Where a share may lie so that the observed one is not too far away: Wilson's quadratic, solved."""
    rate, square = won / whole, Z**2
    a, b, c = 1 + square / whole, -(2 * rate + square / whole), rate**2
    root = sqrt(max(0.0, b * b - 4 * a * c))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
