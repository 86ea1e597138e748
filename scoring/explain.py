"""Why a lead has its score, now or on a past date: every line, from the expressions that score."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Self, cast

from django.db import connection

from leads.models import Company, Contact, Lead
from leads.organisation import local_date, local_midnight, remembered, today
from scoring import reasons
from scoring.compiler.lines import LINE, Looked, looked_at, signal_lines, totals_query
from scoring.compiler.parts import Askable, assemble
from scoring.compiler.past import past_parts
from scoring.compiler.plan import NumberedGroup, NumberedRule, Plan
from scoring.compiler.statement import score_parts
from scoring.definition.specs import Condition, Decay, DecayType, comparisons
from scoring.engine import moment_values
from scoring.exclusions import domains_of, exclusions_of
from scoring.explanations import ExplainedGroup, Explanation, Kind, Line
from scoring.history import DAY, past_values, version_for
from scoring.live import plan_of
from scoring.models import ScoreState, ScoringModel

Row = Mapping[str, Any]
COUNTED = {  # told by activities and by birth, which need no audit history
    "lead.created_at",
    "lead.days_since_last_contact",
    "lead.days_since_last_signal",
    "lead.last_contact_at",
    "lead.signal_count",
}
DECAYS = {
    DecayType.NONE: "",
    DecayType.HALF_LIFE: "half-life {days} days",
    DecayType.LINEAR: "fades over {days} days",
    DecayType.WINDOW: "counts for {days} days",
}


class SignalRow(NamedTuple):
    """One signal of one rule, as `signal_lines` selects it."""

    rule: int
    activity: int
    kind_label: str
    address: str
    moment: Any
    age: int
    amount: Decimal | None
    counts: bool
    points: int
    fresh: int


assert SignalRow._fields == LINE


@dataclass(frozen=True, slots=True)
class Compiled:
    """The statements that explain scores of one version."""

    plan: Plan
    totals: Askable
    signals: Askable | None
    looked: Looked

    def prepared(self) -> Self:
        """The same for PostgreSQL to keep."""
        return replace(
            self,
            totals=self.totals.prepared(),
            signals=self.signals and self.signals.prepared(),
            looked=replace(self.looked, statement=self.looked.statement.prepared()),
        )


@lru_cache(maxsize=64)
def compiled(model_id: int, *, is_past: bool) -> Compiled:
    """Versions never change, so they are compiled once; for a past date tables stand as they did then."""
    model = ScoringModel.objects.select_related("product_line").get(pk=model_id)
    statements = _compile(model, is_past=is_past)
    return statements if is_past else statements.prepared()


def _compile(model: ScoringModel, *, is_past: bool) -> Compiled:
    plan = plan_of(model)
    before = list(past_parts(plan.named)) if is_past else []
    return Compiled(
        plan=plan,
        totals=assemble([*before, *score_parts(plan)], totals_query(plan)),
        signals=signal_lines(plan, before),
        looked=looked_at(plan, before),
    )


def explain(lead: Lead, *, at: date | None = None) -> Explanation:
    """The score that came with the lead, of its own date; with `at` the score on that date."""
    with remembered():
        if at is not None:
            model_id = version_for(lead, at) if local_date(lead.created_at) <= at else None
            return _explain(lead, model_id, at, past_values([lead.pk], at), is_past=True)
        score = lead.score
        values = moment_values([lead.pk], score.as_of) if score.as_of else {}
        return _explain(lead, score.model_id, score.as_of, values, is_past=False)


def explain_under(lead: Lead, model: ScoringModel) -> Explanation:
    """The score that a version, also a draft, would give today; drafts change, so nothing is remembered."""
    with remembered():
        values, statements = moment_values([lead.pk], today()), _compile(model, is_past=False)
        return _explained(lead, statements, model.pk, today(), values, is_past=False)


def _explain(
    lead: Lead, model_id: int | None, as_of: date | None, values: Row, *, is_past: bool
) -> Explanation:
    if model_id is None or as_of is None:
        return Explanation(ScoreState.UNSCORED, as_of=as_of)
    return _explained(lead, compiled(model_id, is_past=is_past), model_id, as_of, values, is_past=is_past)


def _explained(
    lead: Lead, statements: Compiled, model_id: int, as_of: date, values: Row, *, is_past: bool
) -> Explanation:
    [totals] = rows_of(statements.totals, values)
    if totals["excluded"]:
        because = _why_excluded(lead, statements.plan, totals, values)
        return Explanation(ScoreState.EXCLUDED, as_of=as_of, model_id=model_id, exclusion=because)
    lines = Lines(statements, values, totals, _recorded(lead, as_of) if is_past else None)
    return Explanation(
        state=ScoreState.SCORED,
        as_of=as_of,
        total=totals["total"],
        fit=totals["fit"],
        engagement=totals["engagement"],
        grade=totals["grade"],
        groups=[*map(lines.group, statements.plan.groups), _rest(totals)],
        model_id=model_id,
    )


def rows_of(statement: Askable, values: Row) -> list[dict[str, Any]]:
    """What a statement answers for these parameters."""
    with connection.cursor() as cursor:
        cursor.execute(*statement.given(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _rest(totals: Row) -> ExplainedGroup:
    """What clamping and rounding do to the sum of the groups."""
    lines = [
        Line(None, totals["clamped"] - totals["fit"] - totals["engagement"], reasons.BOUNDED, tone="cap"),
        Line(None, totals["total"] * 10 - totals["clamped"], reasons.ROUNDED, tone="cap"),
    ]
    kept = tuple(line for line in lines if line.points)
    return ExplainedGroup("Total", "total", sum(line.points for line in kept), kept)


class Lines:
    """The lines of one score; `recorded` are the entities whose history reaches its date, None for now."""

    def __init__(self, statements: Compiled, values: Row, totals: Row, recorded: set[str] | None) -> None:
        self.plan = statements.plan
        self.totals = totals
        self.recorded = recorded
        self.looked = statements.looked
        self.people = rows_of(statements.looked.statement, values)
        self.signals: dict[int, list[SignalRow]] = defaultdict(list)
        for row in rows_of(statements.signals, values) if statements.signals else ():
            self.signals[row["rule"]].append(SignalRow(**row))

    def group(self, numbered: NumberedGroup) -> ExplainedGroup:
        group = numbered.group
        lines = [line for rule in numbered.rules for line in self._rule(rule)]
        bounds = tuple(self._bounds(numbered))
        points = self.totals[f"g{numbered.number}"]
        how = ["best of"] if group.combine == "best" else []
        how += [said] if (said := _decay(group.decay)) else []
        kind = cast("Kind", group.kind)
        return ExplainedGroup(group.name, kind, points, (*lines, *bounds), group.max, ", ".join(how))

    def _rule(self, numbered: NumberedRule) -> Iterator[Line]:
        rule, worth = numbered.rule, self.totals[numbered.worth]
        rows = self.signals[numbered.number]
        if worth is None:
            return
        if not rule.signal:
            yield Line(rule.name, worth, self._seen(numbered.worth, rule.when))
        elif rule.at_least:
            newest = rows[0]
            reason = f"{_said(numbered, newest)}, {reasons.frequency(rule)}"
            yield Line(rule.name, worth, reason, newest.moment, "" if worth else "off")
        else:
            yield from (_signal_line(numbered, row) for row in rows)

    def _seen(self, key: str, when: Condition | None) -> str:
        """What a rule over facts has looked at, in the first person for whom it holds."""
        row = next(person for person in self.people if person[self.looked.holds[key]])
        fields = [field for leaf in comparisons(when) if (field := self.plan.catalogue.field(leaf.field))]
        named = {field.path: field for field in fields}
        about = {field.entity for field in fields if field.path not in COUNTED}
        pairs = [(field, row[self.looked.values[path]]) for path, field in named.items()]
        is_of_today = self.recorded is not None and not about <= self.recorded
        return reasons.facts(
            pairs, person=row["person"] if "contact" in about else "", is_of_today=is_of_today
        )

    def _bounds(self, numbered: NumberedGroup) -> Iterator[Line]:
        combined, points = self.totals[f"b{numbered.number}"], self.totals[f"g{numbered.number}"]
        worths = sum(self.totals[rule.worth] or 0 for rule in numbered.rules)
        if numbered.group.combine == "best" and combined != worths:
            yield Line(None, combined - worths, reasons.NOT_THE_BEST, tone="cap")
        if points != combined:
            bound = numbered.group.max if points < combined else numbered.group.min
            yield Line(
                None, points - combined, reasons.bound(bound, is_maximum=points < combined), tone="cap"
            )


def _signal_line(numbered: NumberedRule, row: SignalRow) -> Line:
    weight = reasons.weight(numbered.rule, counts=row.counts, points=row.points, fresh=row.fresh)
    reason = ", ".join(filter(None, [_said(numbered, row), weight]))
    return Line(numbered.rule.name, row.points, reason, row.moment, "" if row.points else "off")


def _said(numbered: NumberedRule, row: SignalRow) -> str:
    return reasons.signal(
        numbered.rule, label=row.kind_label, address=row.address, age=row.age, amount=row.amount
    )


def _decay(decay: Decay) -> str:
    return DECAYS[decay.type].format(days=decay.days)


def _why_excluded(lead: Lead, plan: Plan, totals: Row, values: Row) -> str:
    """The name of the rule that excludes, or what was written when it was done by hand."""
    rule = next((item.name for column, item in plan.exclusions if totals[column]), "")
    if not totals["barred"]:
        return rule
    by_hand = exclusions_of(lead, domains_of(lead), at=values["moment"]).first()
    if by_hand is None:
        return "Its domain is excluded"  # by what its people or company were called then
    return f"{by_hand.domain}: {by_hand.why}" if by_hand.domain else by_hand.why


def _recorded(lead: Lead, day: date) -> set[str]:
    """Of which entities the audit history reaches back to this day."""
    end = local_midnight(day + DAY)

    def reaches(model: Any, ids: set[int]) -> bool:
        events = model.pgh_event_model.objects.filter(pgh_obj_id__in=ids, pgh_created_at__lt=end)
        return len(ids) == int(events.values("pgh_obj_id").distinct().count())

    people = set(lead.people.values_list("contact", flat=True))
    known = {
        "lead": reaches(Lead, {lead.pk}),
        "company": reaches(Company, {lead.company_id} if lead.company_id else set()),
        "contact": reaches(Contact, people),
    }
    known["answer"] = known["lead"]
    return {entity for entity, is_known in known.items() if is_known}
