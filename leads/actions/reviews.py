"""Second looks at activities: which lead they belong to, and whether they are to be trusted."""

from collections.abc import Collection

from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from leads.actions.audit import audited
from leads.models import Activity, ActivityReview, Lead, User
from leads.signals import activities_logged


@audited
def review_activity(
    activity: Activity, *, by: User | None, trust: str | None = None, lead: Lead | None = None, note: str = ""
) -> Activity:
    """Trust, quarantine or reject an activity, or give it to another lead; both sides are recorded.

    What is so already is left alone, so that two clicks are one review.
    """
    activity = Activity.objects.select_related("kind").locked([activity.pk]).get()  # first: its lead may move
    lead_before, lead_after = activity.lead_id, lead.pk if lead else activity.lead_id
    review = ActivityReview(
        activity_id=activity.pk,
        trust_before=activity.trust,
        trust_after=trust or activity.trust,
        lead_before_id=lead_before,
        lead_after_id=lead_after,
        note=note,
        by=by,
        at=timezone.now(),
    )
    if (review.trust_before, lead_before) == (review.trust_after, lead_after):
        return activity
    review.save()
    activity.trust, activity.lead_id = review.trust_after, lead_after
    activity.save(update_fields=["trust", "lead"])
    _tell(activity, {lead_before, lead_after})
    return activity


def _tell(activity: Activity, lead_ids: Collection[int]) -> None:
    ids = sorted(lead_ids)
    if activity.kind.counts_as_contact:
        list(Lead.objects.locked(ids))
        _find_last_contacts(ids)
    activities_logged.send(sender=Lead, lead_ids=ids, kinds=None)


def _find_last_contacts(lead_ids: list[int]) -> None:
    contacts = Activity.objects.trusted().filter(lead=OuterRef("pk"), kind__counts_as_contact=True)
    latest = contacts.order_by().values("lead").annotate(latest=Max("occurred_at")).values("latest")
    Lead.objects.filter(pk__in=lead_ids).update(last_contact_at=Subquery(latest))
