"""What the lines of an explanation say: pure, in the words of a salesperson."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from leads.formats import tenths
from scoring.definition.specs import Per, Repeat, RuleSpec, Span
from scoring.fields import Field

NOT_THE_BEST = "Only the best rule of this group counts"
ROUNDED = "Rounded to a whole number"
BOUNDED = "A score lies between 0 and 100"


def fact(field: Field, value: object) -> str:
    """“Employees 620”, “Do not contact: no”, “Industry unknown”."""
    match value:
        case None:
            return f"{field.label} unknown"
        case bool():
            return f"{field.label}: {'yes' if value else 'no'}"
        case date():
            return f"{field.label} {value.isoformat()}"
        case int() | float() | Decimal() if field.key != "founded":
            return f"{field.label} {number(value)}"
        case _:
            return f"{field.label} {field.choices.get(str(value), value)}"


def facts(pairs: Iterable[tuple[Field, object]], *, person: str, is_of_today: bool) -> str:
    """All that a rule has looked at; `person` is whom it found, `is_of_today` that history is silent."""
    looked = list(pairs)
    known = [(field, value) for field, value in looked if value is not None]
    seen = ", ".join(fact(field, value) for field, value in known or looked)
    named = f"{person}: {seen}" if person else seen
    return f"{named} (as known today)" if is_of_today else named


def signal(rule: RuleSpec, *, label: str, address: str, age: int, amount: Decimal | None) -> str:
    """“Page viewed /pricing, 12 days ago”."""
    what = f"{label} {address}".strip()
    return ", ".join(filter(None, [what, aged(age), _quantity(rule.per, amount)]))


def weight(rule: RuleSpec, *, counts: bool, points: int, fresh: int) -> str:
    """What has become of a signal's points: not counted, faded, or nothing to say."""
    if not counts and rule.repeat:
        return _limit(rule.repeat)
    return f"{tenths(points)} of {tenths(fresh)} left" if points != fresh else ""


def frequency(rule: RuleSpec) -> str:
    """“3 times within 7 days”."""
    assert rule.at_least  # the caller has a rule that asks for it
    return f"at least {rule.at_least.count} within {rule.at_least.days} days"


def bound(points: Decimal, *, is_maximum: bool) -> str:
    """“This group gives 33 at most”."""
    return f"This group gives {number(points)} at {'most' if is_maximum else 'least'}"


def aged(days: int) -> str:
    """“today”, “yesterday”, “12 days ago”."""
    return {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")


def number(value: float | Decimal) -> str:
    """620, 120,000,000, 4.5."""
    exact = Decimal(str(value))
    return f"{exact:,.0f}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


def _quantity(per: Per | None, amount: Decimal | None) -> str:
    if per is None:
        return ""
    return "without an amount" if amount is None else f"{number(amount)} at {number(per.unit)} each"


def _limit(repeat: Repeat) -> str:
    of = "of a day " if repeat.span == Span.PER_DAY else ""
    return f"only the newest {of}counts" if repeat.most == 1 else f"only the newest {repeat.most} {of}count"
