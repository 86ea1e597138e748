"""From a field's path to the expression that reads it, seen from a lead or from one of its activities."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import NullIf

from leads.models import Activity, Answer
from scoring.compiler.expressions import (
    AS_OF,
    BOOLEAN,
    DATE,
    INTEGER,
    NUMERIC,
    TEXT,
    TIME_ZONE,
    UNTIL,
    Formula,
)
from scoring.fields import PROPERTIES, Field, FieldType

LEAD_COLUMNS = {
    "source": "source__name",
    "campaign": "campaign__name",
    "product_line": "product_line__name",
    "owner": "owner__username",
    "parent": "parent__name",
}
# A domain may stand alone, behind the @ of an address or in a URL; a text without one has the empty domain.
HOST = "substring({text} from '^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/?#]*@)?([^/:?#@]*)')"
ISO_DATE = "'^[1-9][0-9][0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])'"


@dataclass(frozen=True, slots=True)
class View:
    """Where a query stands: `lead` is the path to the lead, `activity` names a column of the activity."""

    lead: str = ""
    activity: type[F] | None = None

    def read(self, field: Field, kind: FieldType | None = None) -> Any:
        """The field's value, null when unknown; `kind` says how to read JSON of an unknown kind."""
        if field.is_custom:
            return typed(self._json(field), field.type)
        match field.entity:
            case "lead":
                return self._lead_field(field)
            case "contact":
                return self._contact_field(field)
            case "company":
                return self._company_field(field)
            case "answer":
                return self._answer(field)
            case _:
                return self._activity_field(field, kind or FieldType.TEXT)

    def path(self, entity: str) -> str:
        """The path to the rows of lead, company or contact."""
        return {
            "lead": self.lead,
            "company": f"{self.lead}company__",
            "contact": f"{self.lead}people__contact__",
        }[entity]

    def _json(self, field: Field) -> Formula:
        return member(F(f"{self.path(field.entity)}attributes"), field.key)

    def _lead_field(self, field: Field) -> Any:
        match field.key:
            case "created_at" | "last_contact_at":
                return local_date(F(f"{self.lead}{field.key}"))
            case "days_since_last_contact" | "days_since_last_signal":
                return days_since(self.since(field))
            case "signal_count":
                counted = Formula("count(*)", INTEGER)
                return Formula("COALESCE({count}, 0)", INTEGER, count=self._signals(counted))
            case key:
                return known_text(F(f"{self.lead}{LEAD_COLUMNS.get(key, key)}"))

    def since(self, field: Field) -> Any:
        """The date, or for an age the year, from which a field counts that grows with time."""
        match field.key:
            case "days_since_last_contact":
                return local_date(F(f"{self.lead}last_contact_at"))
            case "days_since_last_signal":
                return self.last_signal_on()
            case _:
                return F(f"{self.path('company')}founded")

    def last_signal_on(self) -> Formula:
        """The date of the lead's last signal, or of its birth when it has none."""
        newest = self._signals(Formula("max({day})", DATE, day=F("occurred_on")))
        born = local_date(F(f"{self.lead}created_at"))
        return Formula("COALESCE({newest}, {born})", DATE, newest=newest, born=born)

    def _signals(self, aggregate: Formula) -> Subquery:
        signals = Activity.objects.signals().filter(lead=OuterRef(f"{self.lead}pk"), occurred_on__lte=UNTIL)
        return Subquery(signals.order_by().values(aggregate=aggregate))

    def _contact_field(self, field: Field) -> Any:
        contact = self.path("contact")
        match field.key:
            case "role":
                return known_text(F(f"{self.lead}people__role"))
            case "email_domain":
                email = F(f"{contact}email")
                return known_text(Formula("split_part({email}, '@', 2)", TEXT, email=email))
            case "unsubscribed_at":
                return local_date(F(f"{contact}unsubscribed_at"))
            case "do_not_contact":
                return F(f"{contact}do_not_contact")
            case key:
                return known_text(F(f"{contact}{key}"))

    def _company_field(self, field: Field) -> Any:
        company = self.path("company")
        match field.key:
            case "employees" | "annual_revenue" | "founded":
                return F(f"{company}{field.key}")
            case "age_years":
                age = "GREATEST(EXTRACT(year FROM {as_of})::int - {founded}, 0)"
                known = f"CASE WHEN {{founded}} IS NOT NULL THEN {age} END"
                return Formula(known, INTEGER, as_of=AS_OF, founded=F(f"{company}founded"))
            case key:
                return known_text(F(f"{company}{LEAD_COLUMNS.get(key, key)}"))

    def _answer(self, field: Field) -> Subquery:
        answers = Answer.objects.filter(lead=OuterRef(f"{self.lead}pk"), question__key=field.key)
        return Subquery(answers.values(typed=typed(F("value"), field.type))[:1])

    def _activity_field(self, field: Field, kind: FieldType) -> Any:
        column = self.activity or F
        if field.path.startswith(PROPERTIES):
            return typed(member(column("properties"), field.key), kind)
        match field.key:
            case "occurred_at":  # a clock that runs ahead does not date a signal after the scoring
                return Formula("LEAST({day}, {as_of})", DATE, day=column("occurred_on"), as_of=AS_OF)
            case "duration_seconds":
                return column("duration_seconds")
            case key:
                return known_text(column(key))


def known_text(text: Any) -> Any:
    """A text, unknown when empty."""
    return NullIf(text, Value(""), output_field=TEXT)


def local_date(moment: Any) -> Formula:
    """The organisation's date at a moment."""
    return Formula("({moment} AT TIME ZONE {zone})::date", DATE, moment=moment, zone=TIME_ZONE)


def days_since(day: Any) -> Formula:
    """Whole days up to the date of the scoring; unknown when the day is."""
    return Formula(
        "CASE WHEN {day} IS NOT NULL THEN GREATEST({as_of} - {day}, 0) END", INTEGER, as_of=AS_OF, day=day
    )


def member(json: Any, key: str) -> Formula:
    """The member of a JSON object, as JSON."""
    return Formula("{json} -> {key}::text", TEXT, json=json, key=key)


def typed(json: Any, kind: FieldType) -> Formula:
    """JSON as a value of this kind; unknown when it is of another."""
    match kind:
        case FieldType.NUMBER:
            return Formula("CASE WHEN jsonb_typeof({j}) = 'number' THEN ({j})::numeric END", NUMERIC, j=json)
        case FieldType.BOOLEAN:
            return Formula("CASE WHEN jsonb_typeof({j}) = 'boolean' THEN ({j})::boolean END", BOOLEAN, j=json)
        case FieldType.DATE:
            return _iso_date(Formula("{j} #>> '{}'", TEXT, j=json))
        case _:
            return Formula("NULLIF({j} #>> '{}', '')", TEXT, j=json)


def _iso_date(text: Formula) -> Formula:
    """A date, unknown when the text is none; a cast that raises would let one bad value stop a range."""
    day = Formula("(substr({t}, 1, 8) || '01')::date + (substr({t}, 9, 2)::int - 1)", DATE, t=text)
    return Formula(
        f"CASE WHEN {{t}} ~ {ISO_DATE} THEN "
        "CASE WHEN {day}::text = substr({t}, 1, 10) THEN {day} END END",
        DATE,
        t=text,
        day=day,
    )


def host(text: Any) -> Formula:
    """The domain in a domain, an e-mail address or a URL."""
    return Formula(HOST, TEXT, text=text)
