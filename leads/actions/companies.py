"""Companies: added and changed, one or many."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from leads.actions.audit import audited
from leads.actions.rows import UNSET, Unset, set_given, store
from leads.addresses import country_code, normal_domain
from leads.models import Company, Lead, User
from leads.signals import leads_changed

FIELDS = [
    "name", "domain", "industry", "employees", "annual_revenue", "founded", "country", "city",
    "parent_id", "attributes",
]  # fmt: skip


@dataclass(frozen=True)
class CompanyFacts:
    """What is known of a company, with an `id` of one that exists; UNSET stays as it is, or empty."""

    id: int | None = None
    name: str | Unset = UNSET
    domain: str | Unset = UNSET
    industry: str | Unset = UNSET
    employees: int | Unset | None = UNSET
    annual_revenue: Decimal | Unset | None = UNSET
    founded: int | Unset | None = UNSET
    country: str | Unset = UNSET
    city: str | Unset = UNSET
    parent_id: int | Unset | None = UNSET
    attributes: Mapping[str, object] = field(default_factory=dict)


@audited
def save_companies(rows: Sequence[CompanyFacts], *, by: User | None) -> list[Company]:
    """Insert companies, or change those with an id, in the order of the rows.

    ValidationError for a bad domain or country.
    """
    ids = [row.id for row in rows if row.id is not None]
    stored = {company.pk: company for company in Company.objects.locked(ids)}
    companies = [Company() if row.id is None else stored[row.id] for row in rows]
    changed = [
        company for company, row in zip(companies, rows, strict=True) if set_given(company, normal_facts(row))
    ]
    store({company.pk: company for company in changed if company.pk}.values(), *FIELDS)
    touched = {company.pk for company in changed if company.pk}
    Company.objects.bulk_create(company for company in companies if not company.pk)
    tell_leads(Lead.objects.filter(company__in=touched).values_list("pk", flat=True) if touched else [])
    return companies


def save_company(row: CompanyFacts, *, by: User | None) -> Company:
    """Insert or change one company."""
    return save_companies([row], by=by)[0]


def normal_facts(row: CompanyFacts) -> dict[str, object]:
    """The given facts as they are stored."""
    facts: dict[str, object] = {name: value for name in FIELDS if (value := getattr(row, name)) is not UNSET}
    if isinstance(row.domain, str):
        facts["domain"] = normal_domain(row.domain)
    if isinstance(row.country, str):
        facts["country"] = country_code(row.country)
    return facts


def tell_leads(lead_ids: Iterable[int]) -> None:
    """Send that something about these leads' people or companies changed."""
    if ids := sorted(set(lead_ids)):
        leads_changed.send(sender=Lead, lead_ids=ids)
