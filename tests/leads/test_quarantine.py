"""Activities of machines are kept with the reason, do not count, and are released or rejected by hand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.actions import NewActivity, log_activities, review_activity
from leads.models import Activity, ActivityReview, Lead
from leads.models.activities import Origin
from leads.signals import activities_logged
from tests.factories import LeadFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
BOT = {"user_agent": "Mozilla/5.0 (compatible; bingbot/2.0)"}
NOON = timezone.now().replace(microsecond=0) - timedelta(hours=1)


def log(*rows, origin=Origin.MAIL):
    return log_activities(rows, by=None, origin=origin)


def row(lead, kind, seconds=0, url="", **properties):
    given = {"message": "m1", **properties}
    return NewActivity(lead.pk, kind, NOON + timedelta(seconds=seconds), url=url, properties=given)


def trusts(lead):
    return list(lead.activities.order_by("pk").values_list("trust", flat=True))


def test_a_bots_visit_is_kept_with_its_reason_beside_a_persons():
    lead = LeadFactory()
    assert log(row(lead, "page_view", **BOT), row(lead, "page_view")).accepted == 2

    review = ActivityReview.objects.get()
    assert trusts(lead) == ["quarantined", "ok"]
    assert (review.activity_id, review.trust_before, review.trust_after, review.by) == (
        lead.activities.order_by("pk").first().pk,
        "ok",
        "quarantined",
        None,
    )
    assert review.note == "Known bot: bingbot"


def test_what_people_log_or_import_is_not_judged():
    lead = LeadFactory()
    log(row(lead, "page_view", **BOT), origin=Origin.HAND)
    log(row(lead, "page_view", **BOT), origin=Origin.IMPORT)

    assert trusts(lead) == ["ok", "ok"]


def test_a_machine_is_no_contact():
    lead = LeadFactory()
    log(row(lead, "email_reply", **BOT))

    assert Lead.objects.get(pk=lead.pk).last_contact_at is None


def test_the_third_link_gives_away_the_first_two():
    lead = LeadFactory()
    log(row(lead, "email_delivered"))
    log(row(lead, "email_click", 10, "/1"), row(lead, "email_click", 11, "/2"))
    assert trusts(lead) == ["ok", "ok", "ok"]

    log(row(lead, "email_click", 12, "/3"))
    assert trusts(lead) == ["ok", "quarantined", "quarantined", "quarantined"]


def test_a_delivery_that_is_told_late_still_gives_away_the_clicks_and_their_lead_is_news():
    lead = LeadFactory()
    log(row(lead, "email_click", 1, "/1"))
    with heard(activities_logged) as news:
        log(row(lead, "email_delivered"))

    assert trusts(lead) == ["quarantined", "ok"]
    assert news[0]["lead_ids"] == [lead.pk]


def test_what_somebody_released_is_not_held_back_again(alice):
    lead = LeadFactory()
    log(row(lead, "email_delivered"), row(lead, "email_click", 1, "/1"))
    click = lead.activities.get(kind__key="email_click")
    assert click.trust == "quarantined"
    review_activity(click, trust="ok", by=alice)

    log(row(lead, "email_click", 2, "/2"), row(lead, "email_click", 3, "/3"))
    assert trusts(lead) == ["ok", "ok", "quarantined", "quarantined"]


def test_twenty_machines_cost_as_many_statements_as_one():
    def batch(size):
        rows = [row(LeadFactory(), "email_click", **BOT) for _ in range(size)]
        return statements_of(lambda: log(*rows))

    assert batch(20) == batch(1)


def test_the_same_machine_sent_twice_is_stored_once():
    lead = LeadFactory()
    sent = NewActivity(lead.pk, "page_view", NOON, properties=BOT, key="k1")

    assert (log(sent).accepted, log(sent).duplicates) == (1, 1)
    assert Activity.objects.filter(lead=lead).count() == ActivityReview.objects.count() == 1
