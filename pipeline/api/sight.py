"""Which leads a key sees, and how a lead is found by its reference."""

from typing import cast

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest

from leads.models import ApiKey, ExternalId, Lead
from leads.requests import signed_in

SHOWN_WITH = (
    "company",
    "owner",
    "product_line",
    "source",
    "campaign",
    "score__band",
    "deal__stage",
)


def key_of(request: HttpRequest) -> ApiKey:
    """The bearer key that signed this request in."""
    return cast("ApiKey", request.auth)  # type: ignore[attr-defined]


def seen_leads(request: HttpRequest) -> QuerySet[Lead]:
    """The leads that the key's user may see, with all that the API says of them."""
    named = ExternalId.objects.filter(system=key_of(request).name, entity="lead", object_id=OuterRef("pk"))
    leads = Lead.objects.visible_to(signed_in(request)).with_names().select_related(*SHOWN_WITH)
    return leads.annotate(external_name=Subquery(named.values("external_id")[:1]))


def seen_lead(request: HttpRequest, reference: str) -> Lead:
    """The lead by its number or ext:ID; 404 when there is none that may be seen."""
    lead = seen_leads(request).referred_to(reference, system=key_of(request).name).first()  # type: ignore[attr-defined]
    if lead is None:
        raise Http404("There is no such lead.")
    return cast("Lead", lead)
