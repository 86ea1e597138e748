"""Who is out of scoring by hand, and by which domains a lead may be put there."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from leads.models import Lead
from scoring.models import ManualExclusion


def domains_of(lead: Lead) -> list[str]:
    """The company's domain, then those of its people's addresses, each once."""
    company = lead.company.domain if lead.company else ""
    addresses = lead.people.values_list("contact__email", flat=True)
    found = [company, *(address.rpartition("@")[2] for address in addresses)]
    return list(dict.fromkeys(domain.lower().removeprefix("www.") for domain in found if domain))


def exclusions_of(
    lead: Lead, domains: Sequence[str], *, at: datetime | None = None
) -> QuerySet[ManualExclusion]:
    """What keeps the lead out by hand, now or at a moment: it, one of its domains, or one above them."""
    in_force = Q(lifted_at=None)
    if at is not None:
        in_force = (in_force | Q(lifted_at__gt=at)) & Q(at__lte=at)
    above = [upper for domain in domains for upper in _with_above(domain)]
    return ManualExclusion.objects.filter(in_force, Q(lead=lead) | Q(domain__in=above)).order_by("lead", "at")


def _with_above(domain: str) -> Iterator[str]:
    """mail.rival.example, rival.example, example."""
    parts = domain.split(".")
    yield from (".".join(parts[place:]) for place in range(len(parts)))
