"""The rules that history may suggest, found in the values that closed leads have: pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np

from scoring.definition.specs import All, AtLeast, Comparison, Condition, Repeat, RuleSpec, Span
from scoring.fields import Field, FieldType, Op

FEWEST = 20  # leads that a value needs, to say anything
MOST_VALUES = 20  # of one field, the most frequent ones
LONGEST = 80  # characters of a value that can be a category
PARTS = 10  # of a number's range, with as many leads each
OFTEN = 3  # signals of one kind
EVER = 36_500  # days
SPREAD = 0.5  # different values for each lead; beyond it a field names leads rather than describes them

# Names and addresses tell leads apart instead of describing them; the rest changes with the work on a lead.
NEVER = {
    "lead.status", "lead.owner", "lead.pain", "lead.product_line", "lead.created_at", "lead.last_contact_at",
    "lead.days_since_last_contact", "lead.days_since_last_signal", "lead.signal_count",
    "contact.first_name", "contact.last_name", "contact.email", "contact.phone", "contact.unsubscribed_at",
    "company.name", "company.domain", "company.parent", "company.founded",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A rule worth one point, with the field or signal it belongs to; `is_rest` catches what is left over."""

    source: str
    label: str
    value: str
    rule: RuleSpec
    is_rest: bool = False

    @property
    def is_signal(self) -> bool:
        return bool(self.rule.signal)


def may_be_learnt(field: Field, left_out: Collection[str]) -> bool:
    """Whether a field describes a lead at a time before its outcome."""
    is_kind = field.entity != "activity" and field.type not in (FieldType.DATE, FieldType.ANY)
    return is_kind and field.path not in NEVER and field.path not in left_out


def candidates_of(field: Field, values: Sequence[Collection[Any]]) -> list[Candidate]:
    """The rules over one field; `values` are those that each lead has, none where it is unknown."""
    known = [value for found in values for value in found if value is not None]
    match field.type:
        case FieldType.NUMBER:
            found = list(_ranges(field, known))
        case FieldType.BOOLEAN:
            counts = Counter(known)
            found = [_yes_or_no(field, truth) for truth in (True, False) if counts[truth] >= FEWEST]
        case _:
            found = list(_categories(field, known, len(values)))
    unknown = sum(not any(value is not None for value in some) for some in values)
    if found and unknown >= FEWEST:
        found.append(_candidate(field, "unknown", Comparison(field.path, Op.IS_NOT_SET)))
    return found if len(found) > 1 else []


def _categories(field: Field, known: Sequence[str], leads: int) -> Iterator[Candidate]:
    """The most frequent values without regard to case, and all others together."""
    spellings: dict[str, Counter[str]] = {}
    for value in known:
        spellings.setdefault(value.casefold(), Counter())[value] += 1
    if len(spellings) > SPREAD * max(leads, 1) and len(spellings) > FEWEST:
        return
    sizes = {key: sum(counts.values()) for key, counts in spellings.items() if len(key) <= LONGEST}
    frequent = sorted(sizes, key=lambda key: (-sizes[key], key))[:MOST_VALUES]
    kept = [key for key in frequent if sizes[key] >= FEWEST]
    names = [spellings[key].most_common(1)[0][0] for key in kept]
    for name in names:
        yield _candidate(field, field.choices.get(name, name), Comparison(field.path, Op.EQ, name))
    if names and len(known) - sum(sizes[key] for key in kept) >= FEWEST:
        yield _candidate(field, "any other", Comparison(field.path, Op.NOT_IN, tuple(names)), is_rest=True)


def _ranges(field: Field, known: Sequence[Any]) -> Iterator[Candidate]:
    """Parts of a number's range with about as many leads each, cut at values that occur."""
    if len(known) < 2 * FEWEST:
        return
    numbers = np.asarray([float(value) for value in known])
    cuts = np.unique(np.quantile(numbers, np.arange(1, PARTS) / PARTS, method="higher"))
    cuts = cuts[cuts > numbers.min()]
    edges: list[float | None] = [None, *map(float, cuts), None]
    for low, high in pairwise(edges):
        if low is not None or high is not None:
            yield _candidate(field, range_words(low, high), range_condition(field.path, low, high))


def range_condition(path: str, low: float | None, high: float | None) -> Condition:
    """From `low` up to, and without, `high`."""
    terms = []
    if low is not None:
        terms.append(Comparison(path, Op.GTE, plain(low)))
    if high is not None:
        terms.append(Comparison(path, Op.LT, plain(high)))
    return terms[0] if len(terms) == 1 else All(tuple(terms))


def range_words(low: float | None, high: float | None) -> str:
    """“below 10”, “10 to 20”, “20 and more”."""
    if low is None:
        return f"below {plain(high or 0):,}"
    return f"{plain(low):,} and more" if high is None else f"{plain(low):,} to below {plain(high):,}"


def plain(number: float) -> int | float:
    """Without a fraction that is none."""
    return int(number) if number == int(number) else number


def _yes_or_no(field: Field, truth: bool) -> Candidate:
    return _candidate(field, "yes" if truth else "no", Comparison(field.path, Op.EQ, truth))


def _candidate(field: Field, value: str, when: Condition, *, is_rest: bool = False) -> Candidate:
    return Candidate(field.path, field.label, value, _rule(f"{field.label}: {value}", when=when), is_rest)


def signal_candidates(kinds: Mapping[str, str]) -> Iterator[Candidate]:
    """That a signal was there once, and that it was there several times; `kinds` are labels by key."""
    for key, label in kinds.items():
        once = _rule(label, signal=key, repeat=Repeat(Span.TOTAL, 1))
        often = _rule(f"{label}, {OFTEN} times", signal=key, at_least=AtLeast(OFTEN, EVER))
        yield Candidate(f"signal.{key}", label, "at least once", once)
        yield Candidate(f"signal.{key}", label, f"at least {OFTEN} times", often)


def _rule(name: str, **how: Any) -> RuleSpec:
    return RuleSpec(name[:120], Decimal(1), **how)


def order_key(value: Any) -> tuple[bool, float | str]:
    """How leads are put in order of time by a field: unknown first."""
    if isinstance(value, date):
        return True, value.isoformat()
    return (False, 0.0) if value is None else (True, value if isinstance(value, str) else float(value))
