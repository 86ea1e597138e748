"""Leads through the API: added or updated, one, and page by page."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from config.problems import ANSWERS, UnprocessableError
from leads.actions import CompanyFacts, ContactFacts
from leads.attributes import typed_value
from leads.models import CustomField
from leads.models.fields import FieldEntity
from leads.requests import signed_in
from pipeline.actions.intake import Incoming, take_in_lead
from pipeline.api.cursor import page
from pipeline.api.shapes import Body, LeadIn, LeadOut, LeadPage
from pipeline.api.sight import key_of, seen_lead, seen_leads

router = Router(tags=["leads"])


class Filters(Body):
    """Each narrows the list; those left out do not."""

    ordering: str = "-score"
    band: str | None = None
    stage: str | None = None
    owner: str | None = None
    product_line: str | None = None
    status: str | None = None
    outcome: str | None = None
    q: str | None = Field(None, max_length=200)
    cursor: str | None = Field(None, max_length=200)
    limit: int = Field(50, ge=1, le=200)


NARROWING = {
    "band": "score__band__key",
    "stage": "deal__stage__key",
    "owner": "owner__username",
    "product_line": "product_line__name",
    "status": "status",
    "outcome": "outcome",
}


@router.get("/leads", response={200: LeadPage, **ANSWERS}, summary="List leads")
def list_leads(request: HttpRequest, filters: Query[Filters]) -> LeadPage:
    """Leads that the key may see, best first; follow `next` as `cursor` for more."""
    given = {path: value for name, path in NARROWING.items() if (value := getattr(filters, name)) is not None}
    leads = seen_leads(request).filter(**given)
    if filters.q:
        leads = leads.matching(filters.q)  # type: ignore[attr-defined]
    found = page(leads, ordering=filters.ordering, cursor=filters.cursor, size=filters.limit)
    return LeadPage(results=[LeadOut.of(lead) for lead in found.leads], next=found.next)


@router.post("/leads", response={200: LeadOut, 201: LeadOut, **ANSWERS}, summary="Add or update a lead")
def post_lead(request: HttpRequest, payload: LeadIn) -> Status[LeadOut]:
    """201 for a new lead; 200 when the external id is known to this key's system, and the lead is updated."""
    lead, is_new = take_in_lead(incoming(payload, key_of(request).name), by=signed_in(request))
    return Status(201 if is_new else 200, LeadOut.of(seen_lead(request, str(lead.pk))))


@router.get("/leads/{reference}", response={200: LeadOut, **ANSWERS}, summary="Show a lead")
def get_lead(request: HttpRequest, reference: str) -> LeadOut:
    """By its number, or ext: and the id that this key's system gave it."""
    return LeadOut.of(seen_lead(request, reference))


def incoming(payload: LeadIn, system: str) -> Incoming:
    """The body as the action takes it: only what was sent."""
    deal = payload.deal.model_dump(exclude_unset=True) if payload.deal else {}
    return Incoming(
        external=(system, payload.external_id) if payload.external_id else None,
        contact=ContactFacts(**payload.contact.model_dump(exclude_unset=True)) if payload.contact else None,
        company=CompanyFacts(**payload.company.model_dump(exclude_unset=True)) if payload.company else None,
        product_line=payload.product_line,
        source=payload.source,
        campaign=payload.campaign,
        attributes=typed_attributes(payload.custom),
        confidence=deal.pop("confidence", None),
        deal={name: value for name, value in deal.items() if not (name == "currency" and value is None)},
    )


def typed_attributes(custom: dict[str, Any]) -> dict[str, object]:
    """Values of custom fields as their types; every fault with its path."""
    known = {
        field.key: field for field in CustomField.objects.filter(entity=FieldEntity.LEAD, key__in=custom)
    }
    values: dict[str, object] = {}
    faults = []
    for key, value in custom.items():
        try:
            values[key] = typed_value(named_field(known, key), value)
        except ValidationError as error:
            faults.append((f"custom.{key}", str(error.message)))
    if faults:
        raise UnprocessableError(*faults)
    return values


def named_field(known: dict[str, CustomField], key: str) -> CustomField:
    """The custom field with this key."""
    if key not in known:
        raise ValidationError(f"There is no custom field “{key}” of leads. An administrator can add it.")
    return known[key]
