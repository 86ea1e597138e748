"""The triage list and the changes of all that are selected."""

from decimal import Decimal

import pytest
from django.contrib.messages import get_messages

from leads.models import Lead, Organisation, StatusChange
from pipeline.models import Assignment, Deal
from scoring.models import LeadScore
from tests.factories import ActivityFactory, CompanyFactory, ContactFactory, LeadFactory
from tests.scored import score

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def marta(alice) -> Lead:
    company = CompanyFactory(name="Norrland Timber")
    contact = ContactFactory(first_name="Marta", last_name="Lindqvist", company=company)
    lead = LeadFactory(owner=alice, contact=contact)
    Deal.objects.filter(pk=lead.pk).update(value=Decimal(48_000), confidence=50)
    return score(lead, 89, week_ago=69)


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_a_row_shows_what_a_rep_decides_by(pages, marta):
    ActivityFactory(lead=marta, url="https://example.com/pricing")

    page = text_of(pages.get("/leads/"))

    assert "Marta Lindqvist" in page
    assert "Norrland Timber" in page
    assert 'aria-label="Hot, 89 of 100: fit 44.5, engagement 44.5"' in page
    assert '<span class="pl-grade">B2</span>' in page
    assert "+20" in page
    assert "/pricing" in page
    assert "50 %" in page
    assert "€48,000" in page
    assert '<b>Hot</b> 1 <span class="pl-3">70 and above' in page
    assert "1–1 of 1" in page


def test_change_over_a_week_is_a_dash_where_there_was_no_score(pages, alice):
    score(LeadFactory(owner=alice), 50)

    assert '<span class="pl-delta pl-delta--flat">–</span>' in text_of(pages.get("/leads/"))


def test_an_excluded_and_an_unscored_lead_have_their_own_headings(pages, alice):
    LeadFactory(owner=alice)
    LeadScore.objects.filter(pk=LeadFactory(owner=alice).pk).update(state="excluded")

    page = text_of(pages.get("/leads/"))

    assert "<b>Excluded</b> 1" in page
    assert "<b>Not scored yet</b> 1" in page


@pytest.mark.parametrize(
    ("display", "shown"), [("points", ">89<"), ("percent", ">89 %<"), ("grade", ">B2<"), ("words", ">Hot<")]
)
def test_the_team_chooses_how_a_score_is_shown(pages, marta, display, shown):
    Organisation.objects.update(score_display=display)

    assert f'<span class="pl-score__n"{shown}' in text_of(pages.get("/leads/"))
    assert '<span class="pl-score__n">89<' in text_of(pages.get("/leads/?show=points"))


def test_others_leads_are_not_in_the_list(pages, charlie):
    LeadFactory(owner=charlie, contact=ContactFactory(first_name="Secret"))

    assert "Secret" not in text_of(pages.get("/leads/"))


def test_htmx_gets_the_list_alone_and_everyone_else_the_page(pages, marta):
    fragment = pages.get("/leads/", headers=HTMX)

    assert "<html" not in text_of(fragment)
    assert 'id="lead-list"' in text_of(fragment)
    assert "<html" in text_of(pages.get("/leads/"))
    assert "<html" in text_of(pages.get("/leads/", headers={**HTMX, "HX-History-Restore-Request": "true"}))


def test_twenty_leads_cost_as_many_queries_as_one_and_fewer_than_twelve(
    pages, alice, django_assert_max_num_queries
):
    score(LeadFactory(owner=alice), 50)
    pages.get("/leads/")
    with django_assert_max_num_queries(11) as one:
        pages.get("/leads/")
    for total in range(20):
        ActivityFactory(lead=score(LeadFactory(owner=alice), total * 5, week_ago=1))
    with django_assert_max_num_queries(11) as many:
        pages.get("/leads/")

    assert len(many) == len(one)


def test_an_empty_list_offers_the_first_step(pages):
    page = text_of(pages.get("/leads/"))

    assert "No leads yet" in page
    assert 'href="/leads/add/"' in page


def test_if_only_closed_leads_match_it_says_so_and_links_to_them(pages, alice):
    LeadFactory(owner=alice, outcome="lost", contact=ContactFactory(first_name="Gone"))

    page = text_of(pages.get("/leads/?q=gone"))

    assert "Only closed leads match" in page
    assert "1 closed lead matches, and none that is open." in page
    assert 'href="?q=gone&amp;status=closed"' in page
    assert "Gone" in text_of(pages.get("/leads/?q=gone&status=closed"))


def test_nothing_found_names_the_filter_to_drop_and_what_that_brings(
    pages, alice, django_assert_max_num_queries
):
    for _ in range(3):
        score(LeadFactory(owner=alice), 50)

    with django_assert_max_num_queries(11):
        page = text_of(pages.get("/leads/?band=hot&owner=me"))

    assert "No lead matches these 2 filters" in page
    assert "3 leads match without “Band: Hot”." in page
    assert 'href="?owner=me"' in page


def test_an_unknown_filter_value_is_said_in_the_place_where_it_was_set(pages, marta):
    page = text_of(pages.get("/leads/?band=purple"))

    assert "pl-chip--wrong" in page
    assert "purple is not one of the available choices" in page
    assert "Marta" in page


# ---- selected leads


def test_all_selected_leads_change_owner(client, manager, alice, bob):
    leads = [LeadFactory(owner=alice), LeadFactory(owner=alice)]
    client.force_login(manager)

    answer = client.post(
        "/leads/bulk/owner/",
        {"lead": [lead.pk for lead in leads], "owner": bob.pk, "why": "Holiday"},
        headers=HTMX,
    )

    assert answer.status_code == 204
    assert "lead-changed" in answer["HX-Trigger"]
    assert set(Lead.objects.values_list("owner", flat=True)) == {bob.pk}
    assert set(Assignment.objects.values_list("why", "by")) == {("Holiday", manager.pk)}


def test_refusals_are_listed_and_the_rest_is_changed(pages, alice):
    open_lead = LeadFactory(owner=alice)
    won = LeadFactory(owner=alice, outcome="won", contact=ContactFactory(first_name="Wanda", last_name="Won"))

    answer = pages.post(
        "/leads/bulk/status/", {"lead": [open_lead.pk, won.pk], "status": "qualified"}, headers=HTMX
    )

    assert answer.status_code == 409
    assert "1 of 2 leads changed." in text_of(answer)
    assert "Wanda Won is already won. Reopen it first." in text_of(answer)
    assert "lead-changed" in answer["HX-Trigger"]
    assert StatusChange.objects.get().lead == open_lead


def test_selected_leads_that_are_not_visible_stay_untouched(pages, charlie, alice):
    hidden = LeadFactory(owner=charlie)

    answer = pages.post("/leads/bulk/status/", {"lead": [hidden.pk], "status": "qualified"})

    assert answer.status_code == 422
    assert "No lead is selected" in text_of(answer)
    assert Lead.objects.get(pk=hidden.pk).status == "new"


def test_without_javascript_the_change_is_asked_for_on_a_page_and_answered_with_the_list(pages, alice):
    lead = LeadFactory(owner=alice)

    form = text_of(pages.get(f"/leads/bulk/status/?lead={lead.pk}"))
    answer = pages.post("/leads/bulk/status/", {"lead": [lead.pk], "status": "working"})

    assert f'<input type="hidden" name="lead" value="{lead.pk}">' in form
    assert answer["Location"] == "/leads/"
    assert [str(message) for message in get_messages(answer.wsgi_request)] == ["1 of 1 leads changed"]


def test_disqualifying_without_a_reason_is_refused_for_each(pages, alice):
    lead = LeadFactory(owner=alice)

    answer = pages.post("/leads/bulk/status/", {"lead": [lead.pk], "status": "disqualified"}, headers=HTMX)

    assert answer.status_code == 409
    assert "Say why" in text_of(answer)
