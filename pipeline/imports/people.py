"""Companies and contacts that rows of leads bring along: found again or added, each once in a batch."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
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

    def may_be(self, facts: Facts) -> bool:
        """Of the same name with another domain is another company."""
        return self.facts.get("domain", facts.get("domain")) == facts.get("domain", self.facts.get("domain"))


class Parties:
    """Those of a batch: rows that share a stored row or a key (domain, name, e-mail address) share one."""

    def __init__(self) -> None:
        self._by_key: dict[Hashable, Party] = {}

    def add(self, row: LeadRow, facts: Facts, stored: Any, keys: Sequence[Hashable]) -> None:
        keys = [stored.pk] if stored else keys
        known = (self._by_key[key] for key in keys if key in self._by_key)
        party = next((party for party in known if party.may_be(facts)), Party(stored))
        self._by_key |= dict.fromkeys(keys, party)
        party.add(row, facts)

    def __iter__(self) -> Iterator[Party]:
        return iter({id(party): party for party in self._by_key.values()}.values())


def attach_companies(rows: Sequence[LeadRow]) -> set[int]:
    """Give rows their companies; the places of those whose company is new or changed."""
    named = [(row, facts) for row in rows if (facts := _company_facts(row))]
    found = find_companies([facts for _, facts in named])
    parties = Parties()
    for (row, facts), company in zip(named, found, strict=True):
        keys = [("domain", facts.get("domain")), ("name", facts.get("name", "").upper())]
        parties.add(row, facts, company, [key for key in keys if key[1]])
    for party in parties:
        if party.stored is None:
            party.facts.setdefault("name", party.facts.get("domain"))
    changed = _save(parties, lambda many: save_companies([CompanyFacts(**facts) for facts in many], by=None))
    for party in parties:
        for row in party.rows:
            row.facts["company_id"] = party.stored.pk
    return changed


def attach_contacts(rows: Sequence[LeadRow], leads: Mapping[int, Lead]) -> set[int]:
    """Give rows their first contacts, likewise; `leads` are the stored ones by the place of their row."""
    named = [(row, facts) for row in rows if (facts := _contact_facts(row))]
    emails = [facts["email"] for _, facts in named if "email" in facts]
    by_email = {contact.email: contact for contact in Contact.objects.filter(email__in=emails)}
    parties = Parties()
    for row, facts in named:
        contact = by_email.get(facts.get("email", "")) or _first_contact(leads.get(row.index), facts)
        parties.add(row, facts, contact, [facts.get("email") or ("row", row.index)])
    changed = _save(parties, lambda many: save_contacts([ContactFacts(**facts) for facts in many], by=None))
    for party in parties:
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
