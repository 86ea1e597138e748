"""Companies and contacts that rows of leads bring along: found again or added, each once in a batch."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from leads.actions import CompanyFacts, ContactFacts, save_companies, save_contacts
from leads.actions.rows import set_given
from leads.imports.companies import find_companies
from leads.models import Contact, Lead
from pipeline.imports.rows import LeadRow

Facts = dict[str, Any]


@dataclass(slots=True)
class Party:
    """A company or contact, what rows say of it (the first that says something wins), and these rows."""

    stored: Any
    facts: Facts = field(default_factory=dict)
    rows: list[LeadRow] = field(default_factory=list)

    def add(self, row: LeadRow, facts: Facts) -> None:
        attributes = {**facts["attributes"], **self.facts.get("attributes", {})}
        self.facts = {**facts, **self.facts, "attributes": attributes}
        self.rows.append(row)


def attach_companies(rows: Sequence[LeadRow]) -> set[int]:
    """Give rows their companies; the places of those whose company is new or changed."""
    named = [(row, facts) for row in rows if (facts := _company_facts(row))]
    found = find_companies([facts for _, facts in named])
    parties: dict[Hashable, Party] = {}
    for (row, facts), company in zip(named, found, strict=True):
        identity = company.pk if company else facts.get("domain") or facts["name"].upper()
        parties.setdefault(identity, Party(company)).add(row, facts)
    for party in parties.values():
        if party.stored is None:
            party.facts.setdefault("name", party.facts.get("domain"))
    changed = _save(
        parties.values(), lambda many: save_companies([CompanyFacts(**facts) for facts in many], by=None)
    )
    for party in parties.values():
        for row in party.rows:
            row.facts["company_id"] = party.stored.pk
    return changed


def attach_contacts(rows: Sequence[LeadRow], leads: Mapping[int, Lead]) -> set[int]:
    """Give rows their first contacts, likewise; `leads` are the stored ones by the place of their row."""
    named = [(row, facts) for row in rows if (facts := _contact_facts(row))]
    emails = [facts["email"] for _, facts in named if "email" in facts]
    by_email = {contact.email: contact for contact in Contact.objects.filter(email__in=emails)}
    parties: dict[Hashable, Party] = {}
    for row, facts in named:
        contact = by_email.get(facts.get("email", "")) or _first_contact(leads.get(row.index), facts)
        identity = contact.pk if contact else facts.get("email") or ("row", row.index)
        parties.setdefault(identity, Party(contact)).add(row, facts)
    changed = _save(
        parties.values(), lambda many: save_contacts([ContactFacts(**facts) for facts in many], by=None)
    )
    for party in parties.values():
        for row in party.rows:
            row.contact_id = party.stored.pk
    return changed


def _save(parties: Iterable[Party], save: Callable[[list[Facts]], Sequence[Any]]) -> set[int]:
    """Add what is not stored and change what differs; the places of the rows that this concerns."""
    changed = [party for party in parties if party.stored is None or set_given(party.stored, party.facts)]
    saved = save([{**party.facts, "id": party.stored and party.stored.pk} for party in changed])
    for party, stored in zip(changed, saved, strict=True):
        party.stored = stored
    return {row.index for party in changed for row in party.rows}


def _company_facts(row: LeadRow) -> Facts:
    facts = row.record.part("company")
    is_named = "name" in facts or "domain" in facts
    return {**facts, "attributes": row.record.part("company.custom")} if is_named else {}


def _contact_facts(row: LeadRow) -> Facts:
    """Facts of a contact that is named at least by a name, an e-mail address or a phone number."""
    facts = row.record.part("contact")
    facts.pop("role", None)
    first, _, last = str(facts.pop("name", "")).rpartition(" ")
    facts = {**_without_empty({"first_name": first or last, "last_name": last if first else ""}), **facts}
    if not {"first_name", "last_name", "email", "phone"} & set(facts):
        return {}
    company = _without_empty({"company_id": row.facts.get("company_id")})
    return {**facts, **company, "attributes": row.record.part("contact.custom")}


def _without_empty(facts: Facts) -> Facts:
    return {name: fact for name, fact in facts.items() if fact}


def _first_contact(lead: Lead | None, facts: Facts) -> Contact | None:
    """The stored lead's first contact, unless the row has another e-mail address and another name."""
    contact = (
        next((person.contact for person in lead.people.all() if person.is_first), None) if lead else None
    )
    if contact is None or not contact.email or "email" not in facts:
        return contact
    same = all(getattr(contact, name) == facts.get(name, "") for name in ("first_name", "last_name"))
    return contact if same else None
