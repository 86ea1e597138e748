"""Rows of leads that are here already: what the file says differently is changed through the verbs."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leads.actions import change_leads, set_people_of_leads
from leads.actions.rows import set_given
from leads.models import Lead, User
from pipeline.actions import DealFacts, assign_leads, set_deals
from pipeline.imports.placing import place_leads
from pipeline.imports.refusing import refuse
from pipeline.imports.rows import LeadRow
from pipeline.models import Deal

Pairs = Sequence[tuple[LeadRow, Lead]]
"""Rows with their leads as they were before; each lead comes with its deal, stage and people."""


def update_rows(pairs: Pairs, *, system: str, at: datetime) -> set[int]:
    """Change what differs; the ids of the leads that were changed."""
    if not pairs:
        return set()
    return (
        _change_facts(pairs)
        | _change_owners(pairs, f"Imported from {system}")
        | _change_people(pairs)
        | _change_money(pairs)
        | place_leads(pairs, at=at)
    )


def _change_facts(pairs: Pairs) -> set[int]:
    changes = {lead.pk: _without(row.facts, "owner_id") for row, lead in pairs}
    changed = {lead.pk: changes[lead.pk] for _, lead in pairs if set_given(lead, changes[lead.pk])}
    return set(change_leads(changed, by=None)) if changed else set()


def _change_owners(pairs: Pairs, why: str) -> set[int]:
    """Open leads change hands; a closed one keeps the owner it was closed by."""
    given: dict[int, list[tuple[LeadRow, int]]] = defaultdict(list)
    for row, lead in pairs:
        if row.facts.get("owner_id", lead.owner_id) != lead.owner_id and not lead.is_closed:
            given[row.facts["owner_id"]].append((row, lead.pk))
    owners = User.objects.in_bulk(given)
    for owner_id, leads in given.items():
        refused = assign_leads([lead_id for _, lead_id in leads], to=owners[owner_id], by=None, why=why)
        refuse(refused, [row for row, _ in leads])
    return {lead_id for leads in given.values() for _, lead_id in leads}


def _change_people(pairs: Pairs) -> set[int]:
    """The row's contact comes first, before those that the lead has already."""
    people = {}
    for row, lead in pairs:
        before = [(person.contact_id, person.role) for person in lead.people.all()]
        if row.contact_id and row.contact_id not in dict(before):
            people[lead.pk] = [(row.contact_id, row.record.text("contact.role")), *before]
    if people:
        set_people_of_leads(people, by=None)
    return set(people)


def _change_money(pairs: Pairs) -> set[int]:
    changes = [(row, lead.pk, facts) for row, lead in pairs if (facts := _new_money(row, lead.deal))]
    refused = set_deals([DealFacts(lead_id, **facts) for _, lead_id, facts in changes], by=None)
    refuse(refused, [row for row, _, _ in changes])
    return {lead_id for _, lead_id, _ in changes}


def _new_money(row: LeadRow, deal: Deal) -> dict[str, Any]:
    """What differs; an estimate of ours never takes the place of a value that somebody knew."""
    money = row.money
    if money.get("value_estimated") and deal.value is not None and not deal.value_estimated:
        money = _without(money, "value", "currency", "value_estimated")
    return money if any(getattr(deal, name) != fact for name, fact in money.items()) else {}


def _without(facts: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: fact for name, fact in facts.items() if name not in names}
