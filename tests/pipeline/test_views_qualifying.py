"""Qualified, disqualified, rejected, recycled and qualified again from the lead's page, with history."""

from datetime import timedelta

import pytest

from leads.models import Lead, StatusChange
from leads.models.leads import REJECTED
from leads.organisation import today
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def lead(alice) -> Lead:
    return LeadFactory(owner=alice)


def decide(pages, lead, what, **facts):
    return pages.post(f"/leads/{lead.pk}/{what}/", facts, headers=HTMX).status_code


def where(lead):
    return Lead.objects.values_list("status", "outcome").get(pk=lead.pk)


def last(lead) -> StatusChange:
    return StatusChange.objects.filter(lead=lead).latest("pk")


def test_a_lead_is_qualified_by_hand(pages, lead, alice):
    assert decide(pages, lead, "qualify", note="They signed the letter") == 204
    assert where(lead) == ("qualified", "open")
    assert (last(lead).reason, last(lead).note, last(lead).by) == (
        "By hand",
        "They signed the letter",
        alice,
    )


def test_disqualifying_needs_a_reason_and_closes(pages, lead):
    assert decide(pages, lead, "disqualify") == 422
    assert decide(pages, lead, "disqualify", reason="No budget", note="Asked twice") == 204
    assert where(lead) == ("disqualified", "disqualified")
    assert (last(lead).reason, last(lead).note) == ("No budget", "Asked twice")


def test_rejecting_needs_words_for_marketing(pages, lead):
    assert decide(pages, lead, "reject", note=" ") == 422
    assert decide(pages, lead, "reject", note="A student’s address") == 204
    assert where(lead) == ("nurturing", "open")
    assert (last(lead).reason, last(lead).note, last(lead).returns_on) == (
        REJECTED,
        "A student’s address",
        None,
    )


def test_recycling_needs_a_day_to_come(pages, lead):
    back = today() + timedelta(days=30)
    assert decide(pages, lead, "recycle") == 422
    assert decide(pages, lead, "recycle", returns_on=today().isoformat()) == 409
    assert decide(pages, lead, "recycle", returns_on=back.isoformat(), reason="Budget in spring") == 204
    assert where(lead) == ("nurturing", "open")
    assert (last(lead).returns_on, last(lead).reason) == (back, "Budget in spring")


@pytest.mark.parametrize(
    ("first", "facts"),
    [("reject", {"note": "Wrong person"}), ("disqualify", {"reason": "No need"})],
)
def test_what_was_turned_down_is_qualified_again(pages, lead, first, facts):
    decide(pages, lead, first, **facts)

    assert decide(pages, lead, "requalify", note="New budget") == 204
    assert where(lead) == ("qualified", "open")
    assert (last(lead).reason, last(lead).note) == ("Qualified again", "New budget")
    assert decide(pages, lead, "requalify") == 409


def test_the_menu_offers_what_is_possible(pages, lead):
    offered = pages.get(f"/leads/{lead.pk}/").content.decode()
    decide(pages, lead, "disqualify", reason="No need")
    closed = pages.get(f"/leads/{lead.pk}/").content.decode()

    assert all(word in offered for word in ("Qualify…", "Recycle until a day…", "Reject to marketing…"))
    assert "Qualify again…" not in offered
    assert "Qualify again…" in closed
    assert "Reject to marketing…" not in closed


def test_another_reps_lead_is_not_there(pages, charlie):
    hidden = LeadFactory(owner=charlie)
    for what in ("qualify", "disqualify", "reject", "recycle", "requalify", "comment", "exclude", "include"):
        assert decide(pages, hidden, what) == 404
