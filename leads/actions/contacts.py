"""Contacts: added and changed, one or many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.companies import CompanyFacts, save_company, tell_leads
from leads.actions.rows import UNSET, Unset, set_given, store
from leads.addresses import company_domain, normal_email, normal_phone
from leads.models import Contact, LeadContact, User

FIELDS = [
    "company_id", "first_name", "last_name", "email", "phone", "job_title", "seniority", "department",
    "do_not_contact", "unsubscribed_at", "consent", "attributes",
]  # fmt: skip


class EmailTaken(Refusal):
    """Another contact has this e-mail address."""


@dataclass(frozen=True)
class ContactFacts:
    """What is known of a contact: with an `id` of one that exists; UNSET stays as it is, or empty.

    `region` is the country code of a phone number written without +.
    """

    id: int | None = None
    company_id: int | Unset | None = UNSET
    first_name: str | Unset = UNSET
    last_name: str | Unset = UNSET
    email: str | Unset = UNSET
    phone: str | Unset = UNSET
    job_title: str | Unset = UNSET
    seniority: str | Unset = UNSET
    department: str | Unset = UNSET
    do_not_contact: bool | Unset = UNSET
    unsubscribed_at: datetime | Unset | None = UNSET
    consent: str | Unset = UNSET
    attributes: Mapping[str, object] = field(default_factory=dict)
    region: str = ""


@audited
def save_contacts(rows: Sequence[ContactFacts], *, by: User | None) -> list[Contact]:
    """Insert contacts, or change those with an id, in the order of the rows.

    ValidationError for a bad e-mail address or phone number; EmailTaken when another contact has the address.
    """
    ids = [row.id for row in rows if row.id is not None]
    stored = {contact.pk: contact for contact in Contact.objects.locked(ids)}
    contacts = [Contact() if row.id is None else stored[row.id] for row in rows]
    changed = [
        contact for contact, row in zip(contacts, rows, strict=True) if set_given(contact, normal_facts(row))
    ]
    touched = {contact.pk for contact in changed if contact.pk}
    try:
        with transaction.atomic():
            store({contact.pk: contact for contact in changed if contact.pk}.values(), *FIELDS)
            Contact.objects.bulk_create(contact for contact in contacts if not contact.pk)
    except IntegrityError as error:
        raise EmailTaken("There is already a contact with this e-mail address.") from error
    tell_leads(
        LeadContact.objects.filter(contact__in=touched).values_list("lead", flat=True) if touched else []
    )
    return contacts


def save_contact(row: ContactFacts, *, by: User | None) -> Contact:
    """Insert or change one contact."""
    return save_contacts([row], by=by)[0]


@audited
def save_contact_with_company(row: ContactFacts, company_name: str, *, by: User | None) -> Contact:
    """Insert or change a contact; with a name, a company is added for it, its domain told by the address."""
    if company_name:
        domain = company_domain(row.email) if isinstance(row.email, str) else ""
        company = save_company(CompanyFacts(name=company_name, domain=domain), by=by)
        row = replace(row, company_id=company.pk)
    return save_contact(row, by=by)


def normal_facts(row: ContactFacts) -> dict[str, object]:
    """The given facts as they are stored."""
    facts: dict[str, object] = {name: value for name in FIELDS if (value := getattr(row, name)) is not UNSET}
    if isinstance(row.email, str):
        facts["email"] = normal_email(row.email)
    if isinstance(row.phone, str):
        facts["phone"] = normal_phone(row.phone, row.region)
    return facts
