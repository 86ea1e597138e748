"""What is known of a lead: its facts, one row for each of its people, and the rules that look at them."""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from leads.models import Lead, LeadContact
from scoring.compiler.conditions import Conditions
from scoring.compiler.expressions import (
    BOOLEAN,
    DATE,
    INTEGER,
    LEAD_IDS,
    MOMENT_OF,
    Column,
    Formula,
    earliest,
)
from scoring.compiler.parts import Part, from_query, select
from scoring.compiler.plan import Plan
from scoring.compiler.references import View, days_since, host, local_date
from scoring.definition.specs import Condition
from scoring.fields import Field, FieldType
from scoring.models import ManualExclusion
from scoring.tenths import to_tenths


class Facts:
    """Collects the columns of the part `facts` while conditions over them are compiled."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.columns: dict[str, tuple[str, Any]] = {}
        self.fields: dict[str, Field] = {}
        self.conditions = Conditions(plan.catalogue, self.read, self.since)
        self.looks_at_people = False
        self.counts_signals = False

    def read(self, field: Field, kind: FieldType) -> Any:
        """A field's value, as a column of `facts` or of `signals`."""
        self.looks_at_people |= field.entity == "contact"
        if field.path == "lead.signal_count":
            self.counts_signals = True
            return Formula("COALESCE({count}, 0)", INTEGER, count=Column("signals", "count"))
        if field.path == "lead.days_since_last_signal":
            return days_since(self.since(field))
        self.fields[field.path] = field
        return self._column(field.path, View().read(field, kind))

    def since(self, field: Field) -> Any:
        """The date or year from which a field counts that grows with time."""
        if field.path != "lead.days_since_last_signal":
            return self._column(f"since {field.path}", View().since(field))
        self.counts_signals = True
        born = self._column("born", local_date(F("created_at")))
        return Formula(
            "COALESCE({last_on}, {born})", DATE, last_on=Column("signals", "last_on", DATE), born=born
        )

    def _column(self, key: str, expression: Any) -> Column:
        name, kept = self.columns.setdefault(key, (f"f{len(self.columns)}", expression))
        return Column("facts", name, getattr(kept, "output_field", INTEGER))

    def part(self) -> Part:
        """All that was read, per lead and person; a lead without people has one row, of unknown contact."""
        columns = dict(self.columns.values())
        if self.looks_at_people:
            columns["person"] = F("people__contact_id")
        return from_query(
            "facts", asked_leads().annotate(lead_key=F("pk"), **columns).values("lead_key", *columns)
        )

    def source(self) -> str:
        """Where conditions read from."""
        joined = 'facts LEFT JOIN signals ON signals."lead_key" = facts."lead_key"'
        return joined if self.counts_signals else "facts"


def asked_leads() -> QuerySet[Lead]:
    """The leads asked for."""
    wanted = Formula("{lead} = ANY({ids})", BOOLEAN, lead=F("pk"), ids=LEAD_IDS)
    return Lead.objects.filter(wanted).order_by()


def known_part(plan: Plan, facts: Facts) -> Part:
    """The worth of each rule over facts, the truth of each exclusion, and when time next changes one."""
    columns: dict[str, Any] = {"lead_key": Column("facts", "lead_key")}
    for numbered in plan.of_facts:
        held = somebody(facts, numbered.rule.when)
        columns[numbered.worth] = Formula(
            "CASE WHEN {held} THEN {points} END", INTEGER, held=held, points=to_tenths(numbered.rule.points)
        )
    for column, item in plan.exclusions:
        columns[column] = somebody(facts, item.when)
    rules_change = [
        date for numbered in plan.of_facts for date in facts.conditions.next_changes(numbered.rule.when)
    ]
    exclusions_change = [
        date for _, item in plan.exclusions for date in facts.conditions.next_changes(item.when)
    ]
    for column, dates in {"next_on": rules_change, "next_x": exclusions_change}.items():
        if dates:
            columns[column] = Formula("min({first})", DATE, first=earliest(*dates))
    return select("known", columns, f'{facts.source()} GROUP BY facts."lead_key"')


def somebody(facts: Facts, when: Condition | None) -> Formula:
    """Whether one of the lead's people satisfies the whole condition."""
    return Formula("bool_or({holds})", BOOLEAN, holds=facts.conditions.holds(when))


def barred_part() -> Part:
    """Leads excluded by hand at that moment: by themselves, or by the domain of company or people."""
    in_force = ManualExclusion.objects.filter(
        Q(lifted_at=None) | Q(lifted_at__gt=MOMENT_OF), at__lte=MOMENT_OF
    )
    domains = in_force.exclude(domain="")
    people = LeadContact.objects.filter(lead=OuterRef(OuterRef("pk")))
    is_barred = (
        Exists(in_force.filter(lead=OuterRef("pk")))
        | Exists(domains.filter(_stands_below(OuterRef("company__domain"), F("domain"))))
        | Exists(
            domains.filter(Exists(people.filter(_stands_below(F("contact__email"), OuterRef("domain")))))
        )
    )
    return from_query("barred", asked_leads().filter(is_barred).values(lead_key=F("pk")))


def _stands_below(text: Any, domain: Any) -> Formula:
    """The text's domain is this one or below it."""
    below = "right('.' || upper({host}), length({domain}) + 1) = '.' || upper({domain})"
    return Formula(below, BOOLEAN, host=host(text), domain=domain)
