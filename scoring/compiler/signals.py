"""What activities are worth: counted per lead and day, then summed per lead.

The age of a signal is whole days, so all signals of one day have the same points and each day is one
row. Rules with `per` have points of their own for each signal and keep them in arrays, newest first,
when `repeat` limits how many count.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, F, Max, Min, OuterRef, QuerySet, Subquery, Sum

from leads.models import Activity, ActivityKind, Lead
from scoring.compiler.conditions import Conditions
from scoring.compiler.decay import Fading, age_on
from scoring.compiler.expressions import (
    BIGINT,
    BOOLEAN,
    DATE,
    INTEGER,
    LEAD_IDS,
    MOMENT,
    UNTIL,
    Column,
    Formula,
    all_of,
    earliest,
)
from scoring.compiler.parts import Part, from_query, select
from scoring.compiler.plan import NumberedRule, Plan
from scoring.compiler.references import View
from scoring.definition.specs import Condition, Repeat, RuleSpec, Span, comparisons
from scoring.fields import FieldType

NEWEST_FIRST = ("-occurred_on", "-occurred_at", "-id")
FROM_ACTIVITY = View(lead="lead__", activity=F)
FROM_PERSON = View(lead="", activity=OuterRef)  # inside EXISTS, one row for each of the lead's people


def activities() -> QuerySet[Activity]:
    """The trusted activities of the leads asked for, up to the date asked for."""
    wanted = Formula("{lead} = ANY({ids})", BOOLEAN, lead=F("lead_id"), ids=LEAD_IDS)
    return Activity.objects.trusted().filter(wanted, occurred_on__lte=UNTIL).order_by()


@dataclass(frozen=True, slots=True)
class Matching:
    """Which activities are the signals of a rule."""

    plan: Plan

    def matches(self, signal: str, when: Condition | None) -> Formula:
        """Whether an activity is this signal and its condition holds."""
        return all_of(_is_kind(signal), self._holds(when)) if when else _is_kind(signal)

    def next_change(self, when: Condition | None) -> Any:
        """The next date on which time alone can change the condition; None when it never can."""
        if not _looks_at_people(when):
            return _earliest(self._seen_from(FROM_ACTIVITY).next_changes(when))
        next_on = _earliest(self._seen_from(FROM_PERSON).next_changes(when))
        if not next_on:
            return None
        # Not min(): over columns of the activity alone it would belong to the outer query.
        people = Lead.objects.filter(pk=OuterRef("lead_id")).annotate(next_on=next_on)
        return Subquery(people.order_by(F("next_on").asc(nulls_last=True)).values("next_on")[:1])

    def fading(self, numbered: NumberedRule) -> Fading:
        """The rule's points at an age, with the amount of an activity when it has `per`."""
        per = numbered.rule.per
        field = self.plan.catalogue.field(per.field) if per else None
        amount = FROM_ACTIVITY.read(field, FieldType.NUMBER) if field else None
        return Fading(numbered.rule, numbered.decay, amount)

    def _holds(self, when: Condition | None) -> Any:
        if not _looks_at_people(when):
            return self._seen_from(FROM_ACTIVITY).holds(when)
        people = Lead.objects.filter(pk=OuterRef("lead_id"))
        return Exists(people.filter(self._seen_from(FROM_PERSON).holds(when)))

    def _seen_from(self, view: View) -> Conditions:
        return Conditions(self.plan.catalogue, view.read, view.since)


def signal_parts(plan: Plan, *, counts_all: bool) -> Iterator[Part]:
    """`days`, if needed `running`, and `signals`; `counts_all` adds how many there are and the last date."""
    if not (plan.of_signals or plan.qualifications or counts_all):
        return
    yield from_query("days", _days(plan, counts_all=counts_all))
    running = [rule.number for rule in plan.of_signals if _needs_running_count(rule)]
    if running:
        counts = ", ".join(f'sum("c{n}") OVER newest AS "u{n}"' for n in running)
        window = 'WINDOW newest AS (PARTITION BY "lead_key" ORDER BY "day" DESC)'
        yield Part("running", f'SELECT *, {counts} FROM "days" {window}', ())
    source = "running" if running else "days"
    columns = {"lead_key": Column(source, "lead_key")} | _sums(plan, source)
    if counts_all:
        columns["count"] = Formula("sum({s})", INTEGER, s=Column(source, "s"))
        columns["last_on"] = Formula("max({day})", DATE, day=Column(source, "day", DATE))
    yield select("signals", columns, f'"{source}" GROUP BY "{source}"."lead_key"')


def _days(plan: Plan, *, counts_all: bool) -> QuerySet[Any, Any]:
    matching = Matching(plan)
    columns: dict[str, Any] = {"s": Count("pk")} if counts_all else {}
    for numbered in plan.of_signals:
        columns |= _day_columns(matching, numbered)
    for column, item in plan.qualifications:
        columns[column] = Max("occurred_at", filter=matching.matches(item.signal, item.when))
    kinds = ActivityKind.objects.filter(by="prospect").order_by()
    if not counts_all:
        rules = {rule.rule.signal for rule in plan.of_signals}
        kinds = kinds.filter(key__in=sorted(rules | {item.signal for _, item in plan.qualifications}))
    days = (
        activities().filter(kind__in=kinds.values("pk")).values(lead_key=F("lead_id"), day=F("occurred_on"))
    )
    return days.annotate(**columns)


def _day_columns(matching: Matching, numbered: NumberedRule) -> dict[str, Any]:
    """c: how many; w, x: sum of own points, next change; a, b: both as arrays; m: next change of `when`."""
    rule, n = numbered.rule, numbered.number
    matches = matching.matches(rule.signal, rule.when)
    columns: dict[str, Any] = {f"c{n}": Count("pk", filter=matches)}
    next_on = matching.next_change(rule.when)
    if next_on:
        columns[f"m{n}"] = Min(next_on, filter=_is_kind(rule.signal))
    if rule.per:
        fading, age = matching.fading(numbered), age_on(F("occurred_on"))
        points, fades_on = (
            fading.tenths(age),
            fading.next_change(F("occurred_on"), age) if fading.fades else None,
        )
        if rule.repeat:
            columns[f"a{n}"] = ArrayAgg(points, filter=matches, order_by=NEWEST_FIRST)
            columns |= (
                {f"b{n}": ArrayAgg(fades_on, filter=matches, order_by=NEWEST_FIRST)} if fades_on else {}
            )
        else:
            columns[f"w{n}"] = Sum(points, filter=matches)
            columns |= {f"x{n}": Min(fades_on, filter=matches)} if fades_on else {}
    return columns


def _sums(plan: Plan, source: str) -> dict[str, Any]:
    """Each rule's worth, each auto-qualification's last moment, and when time next changes one."""
    columns: dict[str, Any] = {}
    next_dates: list[Any] = []
    for numbered in plan.of_signals:
        summed = DayRow(numbered, source, Fading(numbered.rule, numbered.decay))
        columns[numbered.worth] = summed.worth()
        next_dates += summed.next_dates()
        if Matching(plan).next_change(numbered.rule.when):
            next_dates.append(Formula("min({m})", DATE, m=summed.column("m", DATE)))
    for column, _ in plan.qualifications:
        columns[column] = Formula("max({q})", MOMENT, q=Column(source, column, MOMENT))
    return columns | ({"next_on": earliest(*next_dates)} if next_dates else {})


@dataclass(frozen=True, slots=True)
class DayRow:
    """One rule over the days of a lead."""

    numbered: NumberedRule
    source: str
    fading: Fading

    def column(self, letter: str, output_field: Any = INTEGER) -> Column:
        return Column(self.source, f"{letter}{self.numbered.number}", output_field)

    @property
    def day(self) -> Column:
        return Column(self.source, "day", DATE)

    def worth(self) -> Formula:
        """The sum of the rule's lines in tenths; null when it has none."""
        if _counts_once(self.numbered.rule):
            once = self.fading.tenths(age_on(self._newest()))
            return Formula("CASE WHEN {enough} THEN {once} END", INTEGER, enough=self._is_enough(), once=once)
        return Formula(
            "sum(CASE WHEN {c} > 0 THEN {points} END)::bigint",
            BIGINT,
            c=self.column("c"),
            points=self._points(),
        )

    def next_dates(self) -> Iterator[Formula]:
        """The first date on which a line loses a tenth, leaves its window or lacks its frequency."""
        if _counts_once(self.numbered.rule):
            newest = self._newest()
            fades = [self.fading.next_change(newest, age_on(newest))] if self.fading.fades else []
            leaves = [self._leaves()] if self.numbered.rule.at_least else []
            if first := [*fades, *leaves]:
                first_on = earliest(*first)
                yield Formula(
                    "CASE WHEN {enough} THEN {first} END", DATE, enough=self._is_enough(), first=first_on
                )
        elif self.fading.fades:
            yield Formula("min({next_on})", DATE, next_on=self._next_on())

    def _counted(self) -> Any:
        """How many of the day's signals count."""
        count, repeat = self.column("c"), self.numbered.rule.repeat
        match repeat and repeat.span:
            case Span.PER_DAY:
                return Formula("LEAST({c}, {most})::int", INTEGER, c=count, most=repeat.most)  # type: ignore[union-attr]
            case Span.TOTAL:
                newer = Formula("{u} - {c}", INTEGER, u=self.column("u"), c=count)
                left = "GREATEST(LEAST({c}, {most} - {newer}), 0)::int"
                return Formula(left, INTEGER, c=count, most=repeat.most, newer=newer)  # type: ignore[union-attr]
            case _:
                return Formula("{c}::int", INTEGER, c=count)

    def _points(self) -> Any:
        """What the day's signals are worth together."""
        if self.numbered.rule.per is None:
            points = self.fading.tenths(age_on(self.day))
            return Formula("{counted} * {points}", INTEGER, counted=self._counted(), points=points)
        if self.numbered.rule.repeat is None:
            return self.column("w")
        total = "(SELECT COALESCE(sum(v), 0) FROM unnest({a}[1:{counted}]) AS v)"
        return Formula(total, INTEGER, a=self.column("a"), counted=self._counted())

    def _next_on(self) -> Any:
        if self.numbered.rule.per is None:
            next_on = self.fading.next_change(self.day, age_on(self.day))
            counts = "CASE WHEN {counted} > 0 THEN {next_on} END"
            return Formula(counts, DATE, counted=self._counted(), next_on=next_on)
        if self.numbered.rule.repeat is None:
            return self.column("x", DATE)
        first = "(SELECT min(v) FROM unnest({b}[1:{counted}]) AS v)"
        return Formula(first, DATE, b=self.column("b", DATE), counted=self._counted())

    def _newest(self) -> Formula:
        """The day of the newest signal."""
        return Formula("max({day}) FILTER (WHERE {c} > 0)", DATE, day=self.day, c=self.column("c"))

    def _leaves(self) -> Formula:
        """The date on which too few signals are left in the window: the last one needed has grown too old."""
        return Formula("{last_needed} + {days}", DATE, last_needed=self._last_needed(), days=self._window)

    def _is_enough(self) -> Formula:
        if self.numbered.rule.at_least is None:
            return Formula("{newest} IS NOT NULL", BOOLEAN, newest=self._newest())
        age = age_on(self._last_needed())
        return Formula(
            "{last_needed} IS NOT NULL AND {age} < {days}",
            BOOLEAN,
            last_needed=self._last_needed(),
            age=age,
            days=self._window,
        )

    @property
    def _window(self) -> int:
        return self.numbered.rule.at_least.days if self.numbered.rule.at_least else 0

    def _last_needed(self) -> Formula:
        """The day of the signal that, counted from the newest, completes the number asked for."""
        count = self.numbered.rule.at_least.count if self.numbered.rule.at_least else 0
        reached = "max({day}) FILTER (WHERE {u} >= {count})"
        return Formula(reached, DATE, day=self.day, u=self.column("u"), count=count)


def _counts_once(rule: RuleSpec) -> bool:
    """One line that counts, aged by the newest signal: a frequency, or the newest of all alone."""
    return rule.at_least is not None or (rule.repeat == Repeat(Span.TOTAL, 1) and rule.per is None)


def _needs_running_count(numbered: NumberedRule) -> bool:
    rule = numbered.rule
    if rule.at_least:
        return True
    return rule.repeat is not None and rule.repeat.span == Span.TOTAL and not _counts_once(rule)


def _is_kind(signal: str) -> Formula:
    kind = ActivityKind.objects.filter(key=signal, by="prospect").order_by().values("pk")
    return Formula("{kind} = {id}", BOOLEAN, kind=F("kind_id"), id=Subquery(kind))


def _looks_at_people(when: Condition | None) -> bool:
    return any(comparison.field.startswith("contact.") for comparison in comparisons(when))


def _earliest(dates: Iterator[Any]) -> Any:
    found = list(dates)
    return earliest(*found) if found else None
