"""From the weights of a regression to rules that people can read, with whole points in their caps: pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from math import ceil

import numpy as np
import numpy.typing as npt

from scoring.definition.specs import AnyOf, Comparison, Condition, GroupSpec, RuleSpec, Threshold
from scoring.fields import Op
from scoring.learning.candidates import Candidate
from scoring.learning.regression import Examples, Fitted, fit

FULL = 100  # points
MOST_RULES = 40
SIGNALS = "Signals"


@dataclass(frozen=True, slots=True)
class Scale:
    """Whole points for each candidate of a regression, so that the best of all fields together are 100."""

    points: tuple[int, ...]

    @classmethod
    def of(cls, candidates: Sequence[Candidate], weights: npt.NDArray[np.float64]) -> "Scale":
        """The lowest category of each field gets 0; a signal that speaks against winning takes points."""
        raised = np.array(weights, dtype=float)
        for source in {item.source for item in candidates if not item.is_signal}:
            columns = [place for place, item in enumerate(candidates) if item.source == source]
            raised[columns] -= raised[columns].min()
        share = FULL / max(_most(candidates, raised), 1e-9)
        while True:
            points = np.rint(raised * share)
            if _most(candidates, points) <= FULL:
                return cls(tuple(int(number) for number in points))
            share *= 0.99


def _most(candidates: Sequence[Candidate], points: npt.NDArray[np.float64]) -> float:
    """The best sum: the best category of each field, and every signal that gives points."""
    best: dict[str, float] = {}
    for item, number in zip(candidates, points, strict=True):
        if item.is_signal:
            best[item.source] = best.get(item.source, 0) + max(number, 0)
        else:
            best[item.source] = max(best.get(item.source, 0), number)
    return sum(best.values())


def simplify(examples: Examples) -> tuple[Examples, Fitted, Scale]:
    """Leave out the weakest fields until what is left needs no more than 40 rules."""
    while True:
        fitted = fit(examples)
        scale = Scale.of(examples.candidates, fitted.weights)
        excess = count_rules(examples.candidates, scale) - MOST_RULES
        if excess <= 0 or len(examples.sources) == 1:
            return examples, fitted, scale
        strengths = {source: _strength(examples, fitted, source) for source in examples.sources}
        weakest = sorted(strengths, key=strengths.__getitem__)[: 1 + excess // 20]
        examples = examples.of([source for source in strengths if source not in weakest])


def _strength(examples: Examples, fitted: Fitted, source: str) -> float:
    """How far a field moves the leads apart."""
    columns = [place for place, item in enumerate(examples.candidates) if item.source == source]
    return float(np.std(examples.truths[: examples.size, columns] @ fitted.weights[columns]))


def count_rules(candidates: Sequence[Candidate], scale: Scale) -> int:
    """How many rules the points make."""
    return sum(len(group.rules) for group in groups_of(candidates, scale))


def groups_of(candidates: Sequence[Candidate], scale: Scale) -> tuple[GroupSpec, ...]:
    """A group for each field, of which the best rule counts, and one for all signals."""
    pointed = [(item, points) for item, points in zip(candidates, scale.points, strict=True) if points]
    fields = [(item, points) for item, points in pointed if not item.is_signal]
    groups = [
        _group_of_field(list(members)) for _, members in groupby(fields, key=lambda pair: pair[0].source)
    ]
    groups.sort(key=lambda group: -group.max)
    signals = [(item, points) for item, points in pointed if item.is_signal]
    return (*groups, *_group_of_signals(signals))


def _group_of_field(members: list[tuple[Candidate, int]]) -> GroupSpec:
    """Categories of equal points become one rule."""
    by_points: dict[int, list[Candidate]] = {}
    for item, points in members:
        by_points.setdefault(points, []).append(item)
    rules = tuple(_joined(items, points) for points, items in sorted(by_points.items(), reverse=True))
    return GroupSpec(
        name=members[0][0].label[:80], kind="fit", rules=rules, combine="best", max=Decimal(max(by_points))
    )


def _joined(items: list[Candidate], points: int) -> RuleSpec:
    """One rule for several categories of a field."""
    names = " or ".join(item.value for item in items)
    name = f"{items[0].label}: {names}"
    whens = [item.rule.when for item in items if item.rule.when]
    return RuleSpec(name if len(name) <= 120 else f"{name[:119]}…", Decimal(points), when=_any(whens))


def _any(whens: list[Condition]) -> Condition:
    equal = [when for when in whens if isinstance(when, Comparison) and when.op == Op.EQ and _is_text(when)]
    rest: list[Condition] = [when for when in whens if when not in equal]
    if len(equal) > 1:
        values = tuple(str(when.value) for when in equal)
        rest.insert(0, Comparison(equal[0].field, Op.IN, values))
    else:
        rest[:0] = equal
    return rest[0] if len(rest) == 1 else AnyOf(tuple(rest))


def _is_text(when: Comparison) -> bool:
    return isinstance(when.value, str)


def _group_of_signals(members: list[tuple[Candidate, int]]) -> list[GroupSpec]:
    """What signals give and take; they fade in no way, for the regression knows only that they were there."""
    if not members:
        return []
    rules = tuple(replace(item.rule, points=Decimal(points)) for item, points in members)
    most = sum(max(points, 0) for _, points in members)
    least = sum(min(points, 0) for _, points in members)
    return [GroupSpec(SIGNALS, "engagement", rules, max=Decimal(most), min=Decimal(max(least, -100)))]


def bands_of(totals: Sequence[int], hot: int | None, keys: Sequence[str]) -> tuple[Threshold, ...]:
    """From the best band down: the best from `hot`, or else for the best tenth, the others evenly below."""
    top = hot if hot is not None else ceil(float(np.quantile(totals, 0.9)))
    top = min(max(top, len(keys) - 1), FULL)
    steps = len(keys) - 1
    enters = [top - round(top * place / steps) for place in range(steps)] + [0] if steps else [0]
    return tuple(Threshold(key, enter, enter) for key, enter in zip(keys, enters, strict=True))


def labels_of(candidates: Sequence[Candidate]) -> Mapping[str, str]:
    """The name of each field and signal."""
    return {item.source: item.label for item in candidates}
