"""A second look at an activity changes what counts, and leaves a trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions import NewActivity, log_activities, review_activity
from leads.models import Activity, ActivityReview, Lead
from leads.models.activities import Origin
from leads.signals import activities_logged
from tests.factories import LeadFactory
from tests.heard import heard

pytestmark = pytest.mark.django_db


def two_calls(lead):
    now = timezone.now()
    rows = [NewActivity(lead.pk, "call", now - timedelta(days=3)), NewActivity(lead.pk, "call", now)]
    log_activities(rows, by=None, origin=Origin.API)
    return Activity.objects.filter(kind__key="call").order_by("occurred_at")


def test_a_rejected_contact_is_no_contact(alice):
    lead = LeadFactory()
    earlier, later = two_calls(lead)
    with heard(activities_logged) as news:
        review_activity(later, trust="rejected", note="A wrong number", by=alice)
    review = ActivityReview.objects.get()
    assert (review.trust_before, review.trust_after, review.note, review.by) == (
        "ok",
        "rejected",
        "A wrong number",
        alice,
    )
    assert Lead.objects.get().last_contact_at == earlier.occurred_at
    assert [n["lead_ids"] for n in news] == [[lead.pk]]


def test_an_activity_that_moves_to_another_lead_counts_there(alice):
    lead, other = LeadFactory(), LeadFactory()
    earlier, later = two_calls(lead)
    with heard(activities_logged) as news:
        review_activity(later, lead=other, by=alice)
    review = ActivityReview.objects.get()
    assert (review.lead_before, review.lead_after) == (lead, other)
    assert Lead.objects.get(pk=lead.pk).last_contact_at == earlier.occurred_at
    assert Lead.objects.get(pk=other.pk).last_contact_at == later.occurred_at
    assert [n["lead_ids"] for n in news] == [[lead.pk, other.pk]]
