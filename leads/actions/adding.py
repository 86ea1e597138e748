"""New leads, and changes of what is known about them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pghistory
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.refused import LeadGone
from leads.actions.rows import merge_attributes, set_given, store
from leads.actions.steps import take_step
from leads.models import ExternalId, Lead, LeadContact, StatusChange, User
from leads.models.leads import Entity, Outcome
from leads.signals import leads_added, leads_changed

CHANGEABLE = {"company_id", "product_line_id", "source_id", "campaign_id", "pain", "attributes"}


class ExternalIdTaken(Refusal):
    """The other system's id already names a lead."""


@dataclass(frozen=True)
class PastStep:
    """What happened to a lead before it came here: the status it had from then on, or how it closed."""

    at: datetime
    status: str
    outcome: str = Outcome.OPEN
    closed_on: date | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class NewLead:
    """A lead to be; people are pairs of contact id and role, the first of them names the lead.

    One with a past is born where its last step left it, and no signal but `leads_added` tells of it.
    """

    company_id: int | None = None
    people: Sequence[tuple[int, str]] = ()
    product_line_id: int | None = None
    source_id: int | None = None
    campaign_id: int | None = None
    owner_id: int | None = None
    pain: str = ""
    attributes: Mapping[str, object] = field(default_factory=dict)
    created_at: datetime | None = None
    external: tuple[str, str] | None = None
    past: Sequence[PastStep] = ()


@audited
def add_leads(rows: Sequence[NewLead], *, by: User | None, at: datetime | None = None) -> list[Lead]:
    """Insert leads with their people and external ids; score and deal are born in the same transaction."""
    moment = at or timezone.now()
    leads = [_lead(row, row.created_at or moment) for row in rows]
    steps = [
        take_step(lead, by=by, **vars(step))
        for row, lead in zip(rows, leads, strict=True)
        for step in row.past
    ]
    Lead.objects.bulk_create(leads)
    StatusChange.objects.bulk_create(steps)
    _add_people(rows, leads)
    _add_external_ids(rows, leads)
    if leads:
        leads_added.send(sender=Lead, lead_ids=[lead.pk for lead in leads], by=by, at=at)
    return leads


def add_lead(row: NewLead, *, by: User | None, at: datetime | None = None) -> Lead:
    """Insert one lead."""
    return add_leads([row], by=by, at=at)[0]


@audited
def change_leads(changes: Mapping[int, Mapping[str, object]], *, by: User | None) -> list[int]:
    """Set fields of leads by id, merging `attributes` (None removes one). Answers the ids that changed.

    Owners change through pipeline's assign_leads, which records why.
    """
    if unknown := {name for facts in changes.values() for name in facts} - CHANGEABLE:
        raise TypeError(f"change_leads does not set {', '.join(sorted(unknown))}.")
    leads = {lead.pk: lead for lead in Lead.objects.locked(changes)}
    if len(leads) < len(changes):
        raise LeadGone("This lead is no longer there.")
    changed = [lead for lead in leads.values() if set_given(lead, changes[lead.pk])]
    store(changed, *sorted(CHANGEABLE))
    if changed:
        leads_changed.send(sender=Lead, lead_ids=[lead.pk for lead in changed])
    return [lead.pk for lead in changed]


def store_owners(owners: Mapping[int, tuple[int | None, int | None]], *, by: User | None) -> None:
    """Write owner and second person, as ids, of leads that are locked: one statement, without reading them.

    For pipeline's verbs of assignment, which decide, and record why.
    """
    given = owners.items()
    with pghistory.context(user=getattr(by, "pk", None)), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE leads_lead SET owner_id = given.owner, second_id = given.second "
            "FROM json_to_recordset(%s) AS given (id bigint, owner bigint, second bigint) "
            "WHERE leads_lead.id = given.id",
            [json.dumps([{"id": pk, "owner": owner, "second": second} for pk, (owner, second) in given])],
        )
    leads_changed.send(sender=Lead, lead_ids=list(owners))


def _lead(row: NewLead, created_at: datetime) -> Lead:
    return Lead(
        company_id=row.company_id,
        product_line_id=row.product_line_id,
        source_id=row.source_id,
        campaign_id=row.campaign_id,
        owner_id=row.owner_id,
        pain=row.pain,
        attributes=merge_attributes({}, row.attributes),
        created_at=created_at,
    )


def _add_people(rows: Sequence[NewLead], leads: Sequence[Lead]) -> None:
    LeadContact.objects.bulk_create(
        LeadContact(lead=lead, contact_id=contact_id, role=role, is_first=place == 0)
        for row, lead in zip(rows, leads, strict=True)
        for place, (contact_id, role) in enumerate(dict(row.people).items())
    )


def _add_external_ids(rows: Sequence[NewLead], leads: Sequence[Lead]) -> None:
    names = [
        ExternalId(system=row.external[0], entity=Entity.LEAD, external_id=row.external[1], object_id=lead.pk)
        for row, lead in zip(rows, leads, strict=True)
        if row.external
    ]
    try:
        with transaction.atomic():
            ExternalId.objects.bulk_create(names)
    except IntegrityError as error:
        raise ExternalIdTaken("A lead with this external id was added at the same moment.") from error
