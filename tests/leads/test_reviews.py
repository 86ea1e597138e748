"""A second look at an activity changes what counts, and leaves a trace."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions import NewActivity, log_activities, review_activity
from leads.models import Activity, ActivityReview, Lead
from leads.models.activities import Origin
from leads.signals import activities_logged
from tests.factories import ActivityFactory, LeadFactory
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


def test_a_second_click_is_no_second_review(alice):
    _, later = two_calls(LeadFactory())
    review_activity(later, trust="rejected", by=alice)
    with heard(activities_logged) as news:
        review_activity(later, trust="rejected", by=alice)
    assert ActivityReview.objects.count() == 1
    assert news == []


def test_what_is_no_contact_leaves_the_last_contact_as_it_was(alice):
    lead = LeadFactory()
    Lead.objects.filter(pk=lead.pk).update(last_contact_at=timezone.now() - timedelta(days=9))
    before = Lead.objects.get(pk=lead.pk).last_contact_at
    view = ActivityFactory(lead=lead, kind__key="page_view")
    review_activity(view, trust="rejected", by=alice)
    assert Lead.objects.get(pk=lead.pk).last_contact_at == before


def test_one_who_holds_an_old_copy_reviews_the_activity_where_it_is_now(alice):
    lead, other, third = LeadFactory(), LeadFactory(), LeadFactory()
    _, later = two_calls(lead)
    stale = Activity.objects.get(pk=later.pk)
    review_activity(later, lead=other, by=alice)
    with heard(activities_logged) as news:
        review_activity(stale, lead=third, by=alice)
    assert [n["lead_ids"] for n in news] == [[other.pk, third.pk]]
