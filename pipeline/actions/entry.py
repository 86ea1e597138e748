"""A lead as somebody types it on one page: company, people, facts and deal, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from leads.actions import (
    CompanyFacts,
    ContactFacts,
    NewLead,
    add_lead,
    change_leads,
    raise_refused,
    save_company,
    save_contacts,
    set_people,
)
from leads.actions.audit import audited
from leads.models import Lead, User
from pipeline.actions.deals import DealFacts, DealStart, set_deals, start_deals


@dataclass(frozen=True)
class PersonEntry:
    """One of the lead's people: somebody who is here already, brought up to date, or somebody new."""

    facts: ContactFacts
    role: str = ""


@dataclass(frozen=True)
class LeadEntry:
    """What the page holds; the first person names the lead. Ids of None are nothing chosen."""

    company: CompanyFacts | None = None
    people: Sequence[PersonEntry] = ()
    facts: dict[str, object] = field(default_factory=dict)
    deal: dict[str, object] = field(default_factory=dict)


@audited
def enter_lead(entry: LeadEntry, *, owner: User | None, confidence: int | None, by: User) -> Lead:
    """Add the lead with all that belongs to it."""
    company_id = _company(entry, by=by)
    people = _people(entry, company_id, by=by)
    owner_id = owner.pk if owner else None
    new = NewLead(company_id=company_id, people=people, owner_id=owner_id, **entry.facts)  # type: ignore[arg-type]
    lead = add_lead(new, by=by)
    raise_refused(start_deals([DealStart(lead.pk, **entry.deal, confidence=confidence)], by=by))  # type: ignore[arg-type]
    return lead


@audited
def revise_lead(lead: Lead, entry: LeadEntry, *, by: User) -> Lead:
    """Bring the lead, its company and its people to what the page holds; who is not on it leaves."""
    company_id = _company(entry, by=by)
    change_leads({lead.pk: {"company_id": company_id, **entry.facts}}, by=by)
    set_people(lead, _people(entry, company_id, by=by), by=by)
    raise_refused(set_deals([DealFacts(lead.pk, **entry.deal)], by=by))  # type: ignore[arg-type]
    return lead


def _company(entry: LeadEntry, *, by: User) -> int | None:
    return save_company(entry.company, by=by).pk if entry.company else None


def _people(entry: LeadEntry, company_id: int | None, *, by: User) -> list[tuple[int, str]]:
    """Stored contacts with their roles; those without a company get the lead's."""
    rows = [
        person.facts if person.facts.id else replace(person.facts, company_id=company_id)
        for person in entry.people
    ]
    contacts = save_contacts(rows, by=by)
    return [(contact.pk, person.role) for contact, person in zip(contacts, entry.people, strict=True)]
