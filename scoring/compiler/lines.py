"""The lines of an explanation: each signal of each rule, and what the rules over facts have looked at.

Made of the same conditions and points as the parts that score; only the limit of `repeat`, which those
count by day, is here a signal's place among the newest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from scoring.compiler.conditions import value_kind
from scoring.compiler.decay import age_on
from scoring.compiler.expressions import BOOLEAN, INTEGER, NUMERIC, TEXT, Formula
from scoring.compiler.leads import Facts
from scoring.compiler.parts import Askable, Part, Statement, assemble, from_query, select
from scoring.compiler.plan import NumberedRule, Plan
from scoring.compiler.signals import Matching, activities, signal_parts
from scoring.definition.specs import Condition, Span, comparisons

LINE = ("rule", "activity", "kind_label", "address", "moment", "age", "amount", "counts", "points", "fresh")


@dataclass(frozen=True, slots=True)
class Looked:
    """The statement over facts; `values` names the column of each field looked at, `holds` of each rule."""

    statement: Askable
    values: dict[str, str]
    holds: dict[str, str]


def signal_lines(plan: Plan, before: Sequence[Part] = ()) -> Statement | None:
    """One row for each signal of each rule, the newest first; `before` are parts that stand in for tables."""
    if not plan.of_signals:
        return None
    parts = [from_query(f"lines{numbered.number}", _lines(plan, numbered)) for numbered in plan.of_signals]
    union = " UNION ALL ".join(f'SELECT * FROM "{part.name}"' for part in parts)
    return assemble(
        [*before, *parts],
        f"SELECT {', '.join(LINE)} FROM ({union}) AS lines ORDER BY rule, moment DESC, activity DESC",
    )


def _lines(plan: Plan, numbered: NumberedRule) -> QuerySet[Any, Any]:
    matching = Matching(plan)
    fading, age = matching.fading(numbered), age_on(F("occurred_on"))
    found = activities().filter(matching.matches(numbered.rule.signal, numbered.rule.when))
    counts = _counts(numbered)
    points = Formula(
        "CASE WHEN {counts} THEN {points} ELSE 0 END", INTEGER, counts=counts, points=fading.tenths(age)
    )
    columns = {
        "rule": Value(numbered.number),
        "activity": F("pk"),
        "kind_label": F("kind__label"),
        "address": F("url"),
        "moment": F("occurred_at"),
        "age": age,
        "amount": Formula(
            "{amount}::numeric", NUMERIC, amount=fading.amount if numbered.rule.per else Value(None)
        ),
        "counts": counts,
        "points": points,
        "fresh": fading.tenths(Formula("0", INTEGER)),
    }
    lines: QuerySet[Any, Any] = found.annotate(**columns).values(*LINE)
    return lines


def _counts(numbered: NumberedRule) -> Any:
    """Whether a signal is among the newest that count."""
    repeat = numbered.rule.repeat
    if repeat is None:
        return Formula("TRUE", BOOLEAN)
    among = [F("lead_id"), F("occurred_on")] if repeat.span == Span.PER_DAY else [F("lead_id")]
    order = [F("occurred_on").desc(), F("occurred_at").desc(), F("pk").desc()]
    place = Window(RowNumber(), partition_by=among, order_by=order)
    return Formula("{place} <= {most}", BOOLEAN, place=place, most=repeat.most)


def looked_at(plan: Plan, before: Sequence[Part] = ()) -> Looked:
    """One row for each of the lead's people, the first one first: what the rules saw, whether they hold."""
    facts = Facts(plan)
    conditions: dict[str, Condition | None] = {rule.worth: rule.rule.when for rule in plan.of_facts}
    conditions |= {column: item.when for column, item in plan.exclusions}
    holds = {key: f"h{number}" for number, key in enumerate(conditions)}
    columns: dict[str, Any] = {holds[key]: facts.conditions.holds(when) for key, when in conditions.items()}
    values: dict[str, str] = {}
    for when in conditions.values():
        for comparison in comparisons(when):
            field = plan.catalogue.field(comparison.field)
            if field and field.path not in values:
                values[field.path] = f"v{len(values)}"
                columns[values[field.path]] = facts.read(field, value_kind(field, comparison))
    parts = [*before, *signal_parts(plan, counts_all=True)] if facts.counts_signals else [*before]
    final = select("looked", columns | _person(facts), f"{facts.source()} {_people(facts)}")
    return Looked(
        assemble([*parts, facts.part(), final], 'SELECT * FROM "looked" ORDER BY person_place'), values, holds
    )


def _person(facts: Facts) -> dict[str, Any]:
    if not facts.looks_at_people:
        return {"person": Formula("''", TEXT), "person_place": Formula("0", INTEGER)}
    name = "trim(person.first_name || ' ' || person.last_name)"
    place = "CASE WHEN link.is_first THEN 0 ELSE link.id END"
    return {"person": Formula(name, TEXT), "person_place": Formula(place, INTEGER)}


def _people(facts: Facts) -> str:
    if not facts.looks_at_people:
        return ""
    return (
        "LEFT JOIN leads_contact AS person ON person.id = facts.person LEFT JOIN leads_leadcontact AS link "
        "ON link.contact_id = facts.person AND link.lead_id = facts.lead_key"
    )


def totals_query(plan: Plan) -> str:
    """The final SELECT with the worth of every rule, the points of every group and the totals."""
    worths = [rule.worth for rule in plan.rules] + [column for column, _ in plan.exclusions]
    groups = [f"{letter}{group.number}" for group in plan.groups for letter in "bg"]
    listed = ", ".join(
        [f"worths.{name}" for name in (*worths, "barred")] + [f"groups.{name}" for name in groups]
    )
    return (
        f"SELECT totals.*, {listed} FROM totals JOIN worths ON worths.lead_key = totals.lead_key "
        "JOIN groups ON groups.lead_key = totals.lead_key"
    )
