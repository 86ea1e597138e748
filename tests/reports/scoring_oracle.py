"""What the report on scoring must say, life by life in plain Python; knows nothing of the product."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from statistics import mean, median

from tests.reports.facts import LOST, OPEN, WON
from tests.reports.scored_facts import Life, Scored


def was_open(life: Life, day: date) -> bool:
    """At the end of the day; of one closed on an unknown day nobody can say."""
    if life.created > day:
        return False
    return life.outcome == OPEN or (life.closed_on is not None and life.closed_on > day)


def score_on(life: Life, day: date) -> Scored | None:
    known = [scored for scored in life.scores if scored.day <= day]
    return known[-1] if known else None


def quality(lives: Iterable[Life], day: date) -> dict[str, object]:
    scores = [score_on(life, day) for life in lives if was_open(life, day)]
    totals = [scored.total for scored in scores if scored and scored.total is not None]
    return {
        "open": len(scores),
        "total": sum(totals),
        "mean": sum(totals) / len(totals) if totals else None,
        "bands": Counter(scored.band for scored in scores if scored and scored.total is not None),
        "excluded": sum(1 for scored in scores if scored and scored.total is None),
        "unscored": scores.count(None),
    }


def days_taken(life: Life) -> int | None:
    if life.entered is None or life.closed_on is None:
        return None
    return max(0, (life.closed_on - life.entered).days)


def outcomes(lives: Iterable[Life]) -> dict[str, object]:
    ends = {end: [life for life in lives if life.outcome == end] for end in (WON, LOST)}
    won, lost = len(ends[WON]), len(ends[LOST])
    cycles = {
        end: [days for life in same if (days := days_taken(life)) is not None] for end, same in ends.items()
    }
    return {
        "won": won,
        "lost": lost,
        "win_rate": won / (won + lost) if won + lost else None,
        "filled": sum(1 for same in ends.values() for life in same if life.filled),
        "median_won": median(cycles[WON]) if cycles[WON] else None,
        "median_lost": median(cycles[LOST]) if cycles[LOST] else None,
        "mean_won": mean(cycles[WON]) if cycles[WON] else None,
        "mean_lost": mean(cycles[LOST]) if cycles[LOST] else None,
    }


def auc(lives: Iterable[Life]) -> float | None:
    """Every won deal against every lost one."""
    scored = [life for life in lives if life.entry is not None]
    pairs = [
        (won.entry, lost.entry)
        for won in scored
        for lost in scored
        if (won.outcome, lost.outcome) == (WON, LOST)
    ]
    wins = sum(1.0 if won > lost else 0.5 if won == lost else 0.0 for won, lost in pairs)
    return wins / len(pairs) if pairs else None
