"""Who is already there: the warning while a lead, contact or company is typed."""

from collections.abc import Iterator
from dataclasses import dataclass

from leads.models import Company, Contact, Lead, User

MOST = 5


@dataclass(frozen=True)
class Duplicate:
    """Something that is probably the same; about somebody else's record only to whom it belongs."""

    kind: str
    text: str
    url: str | None = None


def find_duplicates(
    *,
    user: User,
    email: str = "",
    company_name: str = "",
    domain: str = "",
    besides: Company | Contact | None = None,
) -> list[Duplicate]:
    """The contact with this e-mail address, companies of this name or domain, and who has leads of theirs.

    `besides` is what is being edited, and no duplicate of itself.
    """
    found = list(_contacts(email.strip().lower(), user, besides)) if email.strip() else []
    if company_name.strip() or domain.strip():
        others = [
            company for company in Company.objects.like(company_name, domain)[:MOST] if company != besides
        ]
        found += [
            Duplicate("company", f"{other} is already here.", other.get_absolute_url()) for other in others
        ]
        found += _leads_of(others, user)
    return found


def _contacts(email: str, user: User, besides: object) -> Iterator[Duplicate]:
    contact = Contact.objects.select_related("company").filter(email=email).first()
    if contact is None or contact == besides:
        return
    if Contact.objects.visible_to(user).filter(pk=contact.pk).exists():
        at = f" of {contact.company}" if contact.company else ""
        yield Duplicate("contact", f"{contact}{at} has this e-mail address.", contact.get_absolute_url())
        return
    lead = Lead.objects.filter(people__contact=contact).select_related("owner").order_by("-pk").first()
    yield Duplicate("contact", f"{email} belongs to {_owner(lead)}.")


def _leads_of(companies: list[Company], user: User) -> Iterator[Duplicate]:
    leads = Lead.objects.open().filter(company__in=companies)
    visible = leads.visible_to(user).with_names().select_related("company").order_by("-pk")[:MOST]
    for lead in visible:
        text = f"{lead} is a lead of {lead.company}, {lead.get_status_display().lower()}."
        yield Duplicate("lead", text, lead.get_absolute_url())
    hidden = leads.exclude(pk__in=leads.visible_to(user).values("pk")).select_related("company", "owner")
    for text in sorted({f"A lead of {lead.company} belongs to {_owner(lead)}." for lead in hidden[:MOST]}):
        yield Duplicate("lead", text)


def _owner(lead: Lead | None) -> str:
    return str(lead.owner) if lead and lead.owner else "nobody yet"
