"""What won leads share, and lost ones do not: pure."""

from dataclasses import dataclass
from math import log

from scoring.definition import ModelSpec, write_definition
from scoring.definition.specs import GroupSpec
from scoring.learning.candidates import Candidate
from scoring.learning.regression import Examples
from scoring.statistics import chance_of_equal_shares, corrected, wilson

SURE = 0.05  # of the findings that are shown, the share that may be chance
MOST_POINTS = 20  # a main criterion
PER_LOG_ODDS = 5  # points


@dataclass(frozen=True, slots=True)
class Share:
    """How often something is true of won and of lost leads; `rate` is the win rate where it is.

    `leads` have it, of which `won` were won.
    `chance` is the false discovery rate among all comparisons (Benjamini and Hochberg), `rule` the JSON form
    of a rule with the points that are proposed.
    """

    source: str
    label: str
    value: str
    group: str
    rule: dict[str, object]
    leads: int
    won: int
    of_won: float
    of_lost: float
    rate: float
    low: float
    high: float
    lift: float
    chance: float
    points: int


def shares(examples: Examples) -> list[Share]:
    """Everything that sets won leads apart, the strongest first."""
    won, lost = int(examples.is_won.sum()), int((~examples.is_won).sum())
    counts = [
        (int(column[examples.is_won].sum()), int(column[~examples.is_won].sum()))
        for column in examples.truths.T
    ]
    chances = corrected([chance_of_equal_shares(w, won, other, lost) for w, other in counts])
    found = [
        _share(item, both, (won, lost), chance)
        for item, both, chance in zip(examples.candidates, counts, chances, strict=True)
        if chance <= SURE and any(both)
    ]
    return sorted(found, key=lambda share: (-abs(share.points), share.chance, share.label, share.value))


def _share(item: Candidate, counts: tuple[int, int], closed: tuple[int, int], chance: float) -> Share:
    (with_won, with_lost), (won, lost) = counts, closed
    rate, (low, high) = with_won / (with_won + with_lost), wilson(with_won, with_won + with_lost)
    points = proposed_points(with_won, won, with_lost, lost)
    return Share(
        source=item.source,
        label=item.label,
        value=item.value,
        group=item.label if not item.is_signal else "Signals",
        rule=written_rule(item, points),
        leads=with_won + with_lost,
        won=with_won,
        of_won=with_won / won,
        of_lost=with_lost / lost,
        rate=rate,
        low=low,
        high=high,
        lift=rate / (won / (won + lost)),
        chance=chance,
        points=points,
    )


def proposed_points(with_won: int, won: int, with_lost: int, lost: int) -> int:
    """Five for each unit of the log odds ratio (half a lead added to each cell), at most 20."""
    odds = ((with_won + 0.5) * (lost - with_lost + 0.5)) / ((won - with_won + 0.5) * (with_lost + 0.5))
    return max(-MOST_POINTS, min(MOST_POINTS, round(PER_LOG_ODDS * log(odds))))


def written_rule(item: Candidate, points: int) -> dict[str, object]:
    """The candidate as a rule in its JSON form."""
    model = ModelSpec("", (GroupSpec("", "fit", (item.rule,)),))
    return {**write_definition(model)["groups"][0]["rules"][0], "points": points}
