"""A lead as another system sends it: found or added with its company, person and deal, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q

from config.refusals import Refusal
from leads.actions import (
    CompanyFacts,
    ContactFacts,
    EmailTaken,
    ExternalIdTaken,
    NewLead,
    add_lead,
    change_leads,
    get_or_create_names,
    raise_refused,
    save_company,
    save_contact,
    set_people,
)
from leads.addresses import normal_domain, normal_email
from leads.models import Campaign, Company, Contact, Lead, LeadContact, ProductLine, Source, User
from pipeline.actions.deals import DealFacts, DealStart, set_deals, start_deals


class BelongsToOthers(Refusal):
    """The record is somebody else's."""


@dataclass(frozen=True)
class Incoming:
    """What another system knows; None and UNSET leave things as they are."""

    external: tuple[str, str] | None = None
    contact: ContactFacts | None = None
    company: CompanyFacts | None = None
    product_line: str | None = None
    source: str | None = None
    campaign: str | None = None
    attributes: Mapping[str, object] = field(default_factory=dict)
    deal: Mapping[str, object] = field(default_factory=dict)
    confidence: int | None = None


def take_in_lead(incoming: Incoming, *, by: User) -> tuple[Lead, bool]:
    """The lead and whether it is new; of two that arrive at once, the second finds what the first added."""
    try:
        return _take_in(incoming, by=by)
    except (ExternalIdTaken, EmailTaken):
        return _take_in(incoming, by=by)


@transaction.atomic
def _take_in(incoming: Incoming, *, by: User) -> tuple[Lead, bool]:
    known = find_known(incoming.external, by=by)
    company = match_company(incoming.company, by=by)
    contact = match_contact(incoming.contact, company, known, by=by)
    lead = known or add_lead(new_lead(incoming, company, contact, by=by), by=by)
    if known:
        update_lead(known, incoming, company, contact, by=by)
    note_deal(lead, incoming, is_new=not known, by=by)
    return lead, not known


def find_known(external: tuple[str, str] | None, *, by: User) -> Lead | None:
    """The lead that the other system has sent before, if it may still be seen."""
    if not external:
        return None
    system, name = external
    known = Lead.objects.referred_to(f"ext:{name}", system=system)
    lead = known.select_related("owner").first()
    if lead and not Lead.objects.visible_to(by).filter(pk=lead.pk).exists():
        raise BelongsToOthers(f"The lead {name} belongs to {lead.owner or 'nobody'}.")
    return lead


def match_company(facts: CompanyFacts | None, *, by: User) -> Company | None:
    """The company with this domain, else this name and no other domain, up to date; else a new one."""
    if not facts:
        return None
    domain = normal_domain(facts.domain) if isinstance(facts.domain, str) else ""
    same_name = Company.objects.filter(name__iexact=facts.name)
    by_name = same_name.filter(Q(domain="") | Q(domain=domain)) if domain else same_name
    found = (
        Company.objects.filter(domain=domain).order_by("pk").first() if domain else None
    ) or by_name.first()
    return save_company(replace(facts, id=found.pk if found else None), by=by)


def match_contact(
    facts: ContactFacts | None, company: Company | None, lead: Lead | None, *, by: User
) -> Contact | None:
    """The contact with this e-mail address, else the lead's first one, brought up to date; else a new one."""
    if not facts:
        return None
    email = normal_email(facts.email) if isinstance(facts.email, str) else ""
    found = Contact.objects.filter(email=email).first() if email else None
    if found and not Contact.objects.visible_to(by).filter(pk=found.pk).exists():
        links = LeadContact.objects.filter(contact=found).select_related("lead__owner")
        owners = sorted({str(link.lead.owner or "nobody") for link in links})
        raise BelongsToOthers(f"The contact {email} belongs to {' and '.join(owners)}.")
    if lead and not found:
        found = Contact.objects.filter(lead_roles__lead=lead, lead_roles__is_first=True).first()
    known = replace(facts, id=found.pk if found else None)
    return save_contact(replace(known, company_id=company.pk) if company else known, by=by)


def new_lead(incoming: Incoming, company: Company | None, contact: Contact | None, *, by: User) -> NewLead:
    """What is added; who would not see it unassigned becomes its owner."""
    sees_unassigned = by.has_perm("leads.view_all_leads") or by.has_perm("leads.view_team_leads")
    return NewLead(
        company_id=company.pk if company else None,
        people=[(contact.pk, "")] if contact else [],
        owner_id=None if sees_unassigned else by.pk,
        attributes=incoming.attributes,
        external=incoming.external,
        **named_ids(incoming),  # type: ignore[arg-type]
    )


def named_ids(incoming: Incoming) -> dict[str, int]:
    """Ids of product line, source and campaign; names that are new are created."""
    ids: dict[str, int] = {}
    if name := incoming.product_line:
        ids["product_line_id"] = get_or_create_names(ProductLine, [name])[name].pk
    if name := incoming.source:
        ids["source_id"] = get_or_create_names(Source, [name])[name].pk
    if name := incoming.campaign:
        ids["campaign_id"] = get_or_create_names(Campaign, [name])[name].pk
    return ids


def update_lead(
    lead: Lead, incoming: Incoming, company: Company | None, contact: Contact | None, *, by: User
) -> None:
    """Set what was sent; people who are on the lead stay on it."""
    facts: dict[str, object] = {**named_ids(incoming), "attributes": incoming.attributes}
    if company:
        facts["company_id"] = company.pk
    change_leads({lead.pk: facts}, by=by)
    people = list(LeadContact.objects.filter(lead=lead).values_list("contact", "role"))
    if contact and contact.pk not in dict(people):
        set_people(lead, [*people, (contact.pk, "")], by=by)


def note_deal(lead: Lead, incoming: Incoming, *, is_new: bool, by: User) -> None:
    """The deal's facts; a confidence counts on adding only, later it is set by hand with a reason."""
    if is_new and (incoming.deal or incoming.confidence is not None):
        start = DealStart(lead.pk, **incoming.deal, confidence=incoming.confidence)  # type: ignore[arg-type]
        raise_refused(start_deals([start], by=by))
    elif incoming.deal:
        raise_refused(set_deals([DealFacts(lead.pk, **incoming.deal)], by=by))  # type: ignore[arg-type]
