"""From the worth of every rule to groups, fit, engagement, total and grade, all in tenths but the total."""

from collections.abc import Iterator
from typing import Any

from scoring.compiler.expressions import (
    BOOLEAN,
    DATE,
    INTEGER,
    TEXT,
    Column,
    Formula,
    any_of,
    earliest,
    joined,
)
from scoring.compiler.parts import Part, select
from scoring.compiler.plan import NumberedGroup, Plan
from scoring.definition.specs import Grades
from scoring.tenths import to_tenths

NOTHING = Formula("0", INTEGER)
LOWEST, HIGHEST = 0, 1000  # tenths


def total_parts(plan: Plan, known: set[str], signals: set[str]) -> Iterator[Part]:
    """`worths`, `groups` and `totals`; `known` and `signals` are the columns of those parts."""
    yield _worths(plan, known, signals)
    yield _groups(plan)
    yield _totals(plan)


def _worths(plan: Plan, known: set[str], signals: set[str]) -> Part:
    """Everything about a lead on one row."""
    columns: dict[str, Any] = {"lead_key": Column("known", "lead_key")}
    for numbered in plan.rules:
        columns[numbered.worth] = Column("signals" if numbered.rule.signal else "known", numbered.worth)
    for column, _ in (*plan.exclusions, *plan.qualifications):
        columns[column] = Column("known" if column in known else "signals", column)
    columns["barred"] = Formula(
        '{lead_key} IN (SELECT "lead_key" FROM barred)', BOOLEAN, lead_key=Column("known", "lead_key")
    )
    changes = {"known": known, "signals": signals}
    dates = [Column(part, "next_on", DATE) for part, names in changes.items() if "next_on" in names]
    columns["next_on"] = earliest(*dates) if dates else Formula("NULL::date", DATE)
    columns["next_x"] = Column("known", "next_x", DATE) if "next_x" in known else Formula("NULL::date", DATE)
    source = 'known LEFT JOIN signals ON signals."lead_key" = known."lead_key"' if signals else "known"
    return select("worths", columns, source, kept=True)


def _groups(plan: Plan) -> Part:
    """best: what the best rule alone gives, or the sum; g: the same within the group's bounds."""
    columns: dict[str, Any] = {"lead_key": Column("worths", "lead_key")}
    for group in plan.groups:
        columns[f"b{group.number}"] = _combined(group)
    for group in plan.groups:
        columns[f"g{group.number}"] = Formula(
            "GREATEST(LEAST({points}, {most}), {least})::int",
            INTEGER,
            points=_combined(group),
            most=to_tenths(group.group.max),
            least=to_tenths(group.group.min),
        )
    return select("groups", columns, "worths", kept=True)


def _combined(group: NumberedGroup) -> Formula:
    worths = [Column("worths", rule.worth) for rule in group.rules]
    if not worths:
        return NOTHING
    if group.group.combine == "best":  # GREATEST leaves out the rules without a line
        return Formula("COALESCE(GREATEST{worths}, 0)", INTEGER, worths=joined(worths, ", ", INTEGER))
    return _sum(Formula("COALESCE({worth}, 0)", INTEGER, worth=worth) for worth in worths)


def _totals(plan: Plan) -> Part:
    halves = {
        kind: _sum(Column("groups", f"g{group.number}") for group in plan.groups if group.group.kind == kind)
        for kind in ("fit", "engagement")
    }
    within = Formula(
        "GREATEST(LEAST({sum}, {most}), {least})",
        INTEGER,
        sum=_sum(halves.values()),
        most=HIGHEST,
        least=LOWEST,
    )
    columns: dict[str, Any] = {
        "lead_key": Column("worths", "lead_key"),
        "excluded": any_of(
            Column("worths", "barred"),
            *(
                Formula("COALESCE({x}, FALSE)", BOOLEAN, x=Column("worths", column))
                for column, _ in plan.exclusions
            ),
        ),
        **halves,
        "clamped": within,
        "total": Formula("({within} + 5) / 10", INTEGER, within=within),
        "grade": _grade(plan, halves),
        "next_on": Column("worths", "next_on", DATE),
        "next_x": Column("worths", "next_x", DATE),
    }
    columns |= {column: Column("worths", column) for column, _ in plan.qualifications}
    return select("totals", columns, 'worths JOIN groups ON groups."lead_key" = worths."lead_key"', kept=True)


def _sum(terms: Any) -> Formula:
    listed = list(terms)
    return joined(listed, " + ", INTEGER) if listed else NOTHING


def _grade(plan: Plan, halves: dict[str, Formula]) -> Formula:
    """A letter for fit and a digit for engagement, by per cent of the maximum."""
    grades: Grades = plan.model.grades
    fit = _step(halves["fit"], to_tenths(plan.maximum("fit")), grades.fit, "ABCD")
    engagement = _step(halves["engagement"], to_tenths(plan.maximum("engagement")), grades.engagement, "1234")
    return Formula("{fit} || {engagement}", TEXT, fit=fit, engagement=engagement)


def _step(tenths: Formula, maximum: int, bounds: tuple[int, ...], names: str) -> Formula:
    if maximum <= 0:
        return Formula(f"'{names[-1]}'", TEXT)
    steps = " ".join(
        f"WHEN {{tenths}} >= 0 AND {{tenths}} * 100 >= {bound * maximum} THEN '{name}'"
        for bound, name in zip(bounds, names, strict=False)
    )
    return Formula(f"CASE {steps} ELSE '{names[-1]}' END", TEXT, tenths=tenths)
