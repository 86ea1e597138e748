"""A lead's people: several contacts, each with a role, one of them first."""

from collections.abc import Iterable, Mapping, Sequence

from leads.actions.audit import audited
from leads.actions.companies import tell_leads
from leads.actions.refused import LeadGone
from leads.models import Lead, LeadContact, User

People = Sequence[tuple[int, str]]  # contact id and role; the first names the lead


@audited
def set_people_of_leads(people_of: Mapping[int, People], *, by: User | None) -> None:
    """Give leads, by id, these people in this order: who is not named leaves."""
    leads = list(Lead.objects.locked(people_of))
    if len(leads) < len(people_of):
        raise LeadGone("This lead is no longer there.")
    before = LeadContact.objects.filter(lead__in=leads)
    wanted = {lead_id: dict(people) for lead_id, people in people_of.items()}
    changed = {lead.pk for lead in leads} - _settled(before, wanted)
    _replace(changed, wanted)
    tell_leads(changed)


def set_people(lead: Lead, people: People, *, by: User | None) -> None:
    """Give one lead these people: pairs of contact id and role, the first of them names it."""
    set_people_of_leads({lead.pk: people}, by=by)


def _settled(links: Iterable[LeadContact], wanted: Mapping[int, Mapping[int, str]]) -> set[int]:
    """Leads whose people are those wanted already."""
    stored: dict[int, list[tuple[int, str, bool]]] = {lead_id: [] for lead_id in wanted}
    for link in links:
        stored[link.lead_id].append((link.contact_id, link.role, link.is_first))
    return {
        lead_id
        for lead_id, people in wanted.items()
        if sorted(stored[lead_id])
        == sorted((pk, role, place == 0) for place, (pk, role) in enumerate(people.items()))
    }


def _replace(lead_ids: Iterable[int], wanted: Mapping[int, Mapping[int, str]]) -> None:
    """Take everybody off these leads, then put the wanted ones on: there is never a second first one."""
    ids = list(lead_ids)
    LeadContact.objects.filter(lead__in=ids).delete()
    LeadContact.objects.bulk_create(
        LeadContact(lead_id=lead_id, contact_id=contact_id, role=role, is_first=place == 0)
        for lead_id in ids
        for place, (contact_id, role) in enumerate(wanted[lead_id].items())
    )
