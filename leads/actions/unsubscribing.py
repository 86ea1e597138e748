"""Somebody wants no more mail."""

from django.utils import timezone

from leads.actions.activities import NewActivity, log_activities
from leads.actions.audit import audited
from leads.actions.contacts import ContactFacts, save_contact
from leads.models import Contact, Lead, User
from leads.models.activities import Origin
from leads.models.people import Consent


@audited
def unsubscribe_contact(contact: Contact, *, by: User | None) -> bool:
    """Note it on the contact, and as an activity on each of the open leads; False when it was noted before.

    When all leads are closed, the newest one has the activity.
    """
    contact = Contact.objects.locked([contact.pk]).get()
    if contact.unsubscribed_at:
        return False
    now = timezone.now()
    save_contact(ContactFacts(id=contact.pk, unsubscribed_at=now, consent=Consent.WITHDRAWN), by=by)
    leads = Lead.objects.filter(contacts=contact).order_by("-pk")
    concerned = list(leads.open()) or list(leads[:1])
    log_activities(
        [NewActivity(lead.pk, "unsubscribe", now, contact_id=contact.pk) for lead in concerned],
        by=by,
        origin=Origin.MAIL,
    )
    return True
