"""Second looks at activities: which lead they belong to, and whether they are to be trusted."""

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from leads.actions.audit import audited
from leads.models import Activity, ActivityReview, Lead, User
from leads.signals import activities_logged


@audited
def review_activity(
    activity: Activity, *, by: User | None, trust: str | None = None, lead: Lead | None = None, note: str = ""
) -> Activity:
    """Trust, quarantine or reject an activity, or give it to another lead; both sides are recorded."""
    ids = sorted({activity.lead_id, lead.pk if lead else activity.lead_id})
    list(Lead.objects.locked(ids))
    activity = Activity.objects.locked([activity.pk]).get()
    review = ActivityReview(
        activity_id=activity.pk,
        trust_before=activity.trust,
        trust_after=trust or activity.trust,
        lead_before_id=activity.lead_id,
        lead_after_id=lead.pk if lead else activity.lead_id,
        note=note,
        by=by,
        at=timezone.now(),
    )
    review.save()
    activity.trust, activity.lead_id = review.trust_after, review.lead_after_id
    activity.save(update_fields=["trust", "lead"])
    _find_last_contacts(ids)
    activities_logged.send(sender=Lead, lead_ids=ids, kinds=None)
    return activity


def _find_last_contacts(lead_ids: list[int]) -> None:
    contacts = Activity.objects.trusted().filter(lead=OuterRef("pk"), kind__counts_as_contact=True)
    latest = contacts.order_by().values("lead").annotate(latest=Max("occurred_at")).values("latest")
    Lead.objects.filter(pk__in=lead_ids).update(last_contact_at=Subquery(latest))
