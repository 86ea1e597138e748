"""The fields that a condition may name, their types, and the operators each type allows: pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

PROPERTIES = "activity.properties."
_PROPERTY_KEY = re.compile(r"[\w .:-]{1,80}\Z")


class FieldType(StrEnum):
    TEXT = "text"
    DOMAIN = "domain"  # a text with a domain in it: a bare one, an e-mail address or a URL
    CHOICE = "choice"
    COUNTRY = "country"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    ANY = "any"  # JSON of an unknown kind: the rule's own value decides


class Op(StrEnum):
    EQ = "eq"
    NE = "ne"
    IN = "in"
    NOT_IN = "not_in"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    MATCHES_DOMAIN = "matches_domain"
    IS_SET = "is_set"
    IS_NOT_SET = "is_not_set"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_DAYS = "within_days"


EQUALITY = (Op.EQ, Op.NE, Op.IN, Op.NOT_IN)
PRESENCE = (Op.IS_SET, Op.IS_NOT_SET)
SEARCH = (Op.CONTAINS, Op.NOT_CONTAINS, Op.STARTS_WITH)
ORDER = (Op.GT, Op.GTE, Op.LT, Op.LTE)
CALENDAR = (Op.BEFORE, Op.AFTER, Op.WITHIN_DAYS)

OPERATORS: dict[FieldType, tuple[Op, ...]] = {
    FieldType.TEXT: (*EQUALITY, *SEARCH, *PRESENCE),
    FieldType.DOMAIN: (*EQUALITY, *SEARCH, Op.MATCHES_DOMAIN, *PRESENCE),
    FieldType.CHOICE: (*EQUALITY, *PRESENCE),
    FieldType.COUNTRY: (*EQUALITY, *PRESENCE),
    FieldType.NUMBER: (*EQUALITY, *ORDER, Op.BETWEEN, *PRESENCE),
    FieldType.DATE: (Op.EQ, Op.NE, *CALENDAR, Op.BETWEEN, *PRESENCE),
    FieldType.BOOLEAN: (Op.EQ, Op.NE, *PRESENCE),
    FieldType.ANY: tuple(Op),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One nameable fact. `choices` are the allowed values of a choice field, by key and by label."""

    path: str
    label: str
    type: FieldType
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def entity(self) -> str:
        """lead, contact, company, answer or activity."""
        return self.path.partition(".")[0]

    @property
    def key(self) -> str:
        """The last part: the column, the key of a custom field, of an answer or of a property."""
        return (
            self.path.removeprefix(PROPERTIES)
            if self.path.startswith(PROPERTIES)
            else self.path.rpartition(".")[2]
        )

    @property
    def is_custom(self) -> bool:
        return self.path.startswith(f"{self.entity}.custom.")


def _fields(entity: str, **types: tuple[str, FieldType]) -> list[Field]:
    return [Field(f"{entity}.{key}", label, kind) for key, (label, kind) in types.items()]


BUILT_IN = (
    *_fields(
        "lead",
        source=("Source", FieldType.TEXT),
        campaign=("Campaign", FieldType.TEXT),
        product_line=("Product line", FieldType.TEXT),
        owner=("Owner", FieldType.TEXT),
        pain=("Pain", FieldType.TEXT),
        status=("Status", FieldType.CHOICE),
        created_at=("Added on", FieldType.DATE),
        last_contact_at=("Last contact", FieldType.DATE),
        days_since_last_contact=("Days since the last contact", FieldType.NUMBER),
        days_since_last_signal=("Days since the last signal", FieldType.NUMBER),
        signal_count=("Number of signals", FieldType.NUMBER),
    ),
    *_fields(
        "contact",
        first_name=("First name", FieldType.TEXT),
        last_name=("Last name", FieldType.TEXT),
        email=("E-mail", FieldType.DOMAIN),
        email_domain=("E-mail domain", FieldType.DOMAIN),
        phone=("Phone", FieldType.TEXT),
        job_title=("Job title", FieldType.TEXT),
        seniority=("Seniority", FieldType.TEXT),
        department=("Department", FieldType.TEXT),
        role=("Role in the purchase", FieldType.CHOICE),
        consent=("Consent", FieldType.CHOICE),
        do_not_contact=("Do not contact", FieldType.BOOLEAN),
        unsubscribed_at=("Unsubscribed", FieldType.DATE),
    ),
    *_fields(
        "company",
        name=("Company", FieldType.TEXT),
        domain=("Domain", FieldType.DOMAIN),
        industry=("Industry", FieldType.TEXT),
        employees=("Employees", FieldType.NUMBER),
        annual_revenue=("Annual revenue", FieldType.NUMBER),
        founded=("Founded in", FieldType.NUMBER),
        age_years=("Age of the company in years", FieldType.NUMBER),
        country=("Country", FieldType.COUNTRY),
        city=("City", FieldType.TEXT),
        parent=("Parent company", FieldType.TEXT),
    ),
    *_fields(
        "activity",
        url=("Address of the page", FieldType.DOMAIN),
        duration_seconds=("Duration in seconds", FieldType.NUMBER),
        occurred_at=("Day of the activity", FieldType.DATE),
        origin=("Origin", FieldType.CHOICE),
    ),
)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What a definition may name: fields by path, signals by key, bands by key from the best down."""

    fields: Mapping[str, Field]
    signals: Collection[str]
    bands: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)  # of signals and bands, by key

    def label(self, key: str) -> str:
        """What a signal or a band is called."""
        return self.labels.get(key, key)

    def field(self, path: str) -> Field | None:
        """The field of this path; any key of an activity's properties may be named."""
        key = path.removeprefix(PROPERTIES)
        if key != path and _PROPERTY_KEY.match(key):
            return Field(path, key, FieldType.ANY)
        return self.fields.get(path)

    def named(self, name: str) -> Field | None:
        """The field of this path, key or label, without regard to case."""
        wanted = name.strip().casefold()
        names = ((field, (field.path, field.key, field.label)) for field in self.fields.values())
        return next((field for field, known in names if wanted in map(str.casefold, known)), None)
