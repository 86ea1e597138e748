"""The lead's page in a browser: logging, scores that follow, confidence, the deal, tasks, adding a lead."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from leads.models import Contact, Lead
from leads.organisation import today
from scoring.pending import drain_scores
from tests.factories import CompanyFactory, ContactFactory, LeadFactory, ProductLineFactory, QuestionFactory
from tests.journeys.conftest import PHONE


@pytest.fixture
def marta(alice, transactional_db) -> Lead:
    company = CompanyFactory(name="Norrland Timber", employees=620)
    contact = ContactFactory(
        first_name="Marta", last_name="Lindqvist", company=company, job_title="Head of Operations"
    )
    lead = LeadFactory(owner=alice, contact=contact)
    drain_scores([lead.pk])
    return lead


def test_a_logged_request_changes_the_score_within_seconds(page_as, alice, marta, workers):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    before = page.locator(".pl-scale__n").inner_text()
    page.keyboard.press("l")
    dialog = page.get_by_role("dialog", name="Log for Marta Lindqvist")
    dialog.get_by_label("What").select_option("demo_request")
    dialog.get_by_label("Note").fill("At the fair")
    dialog.get_by_role("button", name="Log").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#timeline")).to_contain_text("At the fair")
    expect(page.locator(".pl-scale__n")).not_to_have_text(before)
    expect(page.locator("#lead-score")).to_contain_text("Demo requested")


def test_confidence_is_set_by_hand_and_released(page_as, alice, marta):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    page.get_by_role("link", name="Set by hand").click()
    dialog = page.get_by_role("dialog", name="Confidence of Marta Lindqvist")
    dialog.get_by_label("Confidence in per cent").fill("70")
    dialog.get_by_role("button", name="Set").click()
    expect(dialog).to_contain_text("This field is required.")
    dialog.get_by_label("Why").fill("The CFO told me")
    dialog.get_by_role("button", name="Set").click()
    confidence = page.locator("#lead-confidence")
    expect(confidence).to_contain_text("“The CFO told me” Alice Abel")
    confidence.get_by_role("button", name=re.compile("Release to 10")).click()
    expect(confidence).to_contain_text("Automatic")
    expect(page.locator("#timeline")).to_contain_text("Alice Abel set the confidence to 70")


def test_a_question_opened_as_a_page_of_its_own_ends_on_the_leads_page(page_as, alice, marta):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/confidence/")
    page.get_by_label("Confidence in per cent").fill("70")
    page.get_by_role("button", name="Set").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    page.get_by_label("Why").fill("The CFO told me")
    page.get_by_role("button", name="Set").click()
    expect(page).to_have_url(re.compile(rf"/leads/{marta.pk}/$"))
    expect(page.locator("#lead-confidence")).to_contain_text("“The CFO told me”")

    page.goto(f"/leads/{marta.pk}/deal/")
    page.get_by_label("Value").fill("12500")
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_url(re.compile(rf"/leads/{marta.pk}/$"))
    expect(page.locator("#lead-deal")).to_contain_text("12,500")


def test_the_deal_is_edited_in_its_place(page_as, alice, marta):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    deal = page.locator("#lead-deal")
    deal.get_by_role("link", name="Edit").click()
    deal.get_by_label("Value").fill("-5")
    deal.get_by_role("button", name="Save").click()
    expect(deal).to_contain_text("A value is never below 0.")
    deal.get_by_label("Value").fill("48000")
    deal.get_by_role("button", name="Save").click()
    expect(deal).to_contain_text("€48,000")
    expect(deal).to_contain_text("€4,800")


def test_a_deal_is_moved_won_and_reopened(page_as, alice, marta):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    page.keyboard.press("s")
    page.get_by_role("button", name="Proposal").click()
    expect(page.locator("#lead-deal")).to_contain_text("Proposal for 0 days")
    page.get_by_label("More actions").first.click()
    page.get_by_role("link", name="Won…").click()
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("Ask what else they need.")).to_be_visible()
    page.get_by_role("link", name="Reopen").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("Plan the next step.")).to_be_visible()


def test_tasks_are_added_and_ticked_off(page_as, alice, marta):
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    page.keyboard.press("t")
    dialog = page.get_by_role("dialog", name="Next task for Marta Lindqvist")
    dialog.get_by_label("What").fill("Send figures per mill")
    dialog.get_by_label("Due").fill((today() + timedelta(days=2)).isoformat())
    dialog.get_by_role("button", name="Add task").click()
    tasks = page.locator("#lead-tasks")
    expect(tasks).to_contain_text("Send figures per mill")
    tasks.get_by_role("button", name="Done: Send figures per mill").click()
    expect(tasks.get_by_role("button", name="Done: Send figures per mill")).to_be_hidden()
    expect(page.locator("#toasts")).to_contain_text("Done: Send figures per mill")


def test_a_question_is_answered(page_as, alice, marta):
    QuestionFactory(text="Is the budget approved?", area="budget")
    page = page_as(alice)
    page.goto(f"/leads/{marta.pk}/")
    answers = page.locator("#lead-answers")
    answers.get_by_role("button", name="Yes").click()
    expect(answers).to_contain_text("1 of 1 answered")
    answers.get_by_role("link", name="Yes").click()
    page.get_by_role("dialog").get_by_label("Is the budget approved?").select_option(label="No")
    page.get_by_role("button", name="Save answer").click()
    expect(answers.get_by_role("link", name="No")).to_be_visible()


def test_on_a_phone_groups_start_closed_and_the_actions_stay_at_the_bottom(page_as, alice, marta):
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/leads/{marta.pk}/")
    group = page.locator(".pl-why tbody").first
    expect(group.locator(".pl-why__line").first).to_be_hidden()
    group.locator("label").click()
    expect(group.locator(".pl-why__line").first).to_be_visible()
    expect(page.get_by_role("link", name="Log call").last).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_a_lead_reads_from_its_score_to_its_timeline(page_as, alice, marta):
    QuestionFactory(text="Is the budget approved?", area="budget")
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/leads/{marta.pk}/")
    parts = [
        "lead-score",
        "lead-confidence",
        "lead-deal",
        "lead-tasks",
        "lead-curve",
        "lead-answers",
        "timeline",
    ]
    tops = [page.locator(f"#{part}").bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)


def test_on_a_phone_a_name_without_spaces_is_read_to_its_end(page_as, alice, marta):
    Contact.objects.update(last_name="Wolfeschlegelsteinhausenbergerdorff" * 3)
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto(f"/leads/{marta.pk}/")
    name = page.get_by_role("heading", level=1)
    assert name.evaluate("name => name.scrollWidth <= name.clientWidth")
    assert name.evaluate("name => name.getBoundingClientRect().right") <= PHONE["width"]


def test_a_lead_is_added_with_a_warning_about_what_is_here_already(page_as, alice, marta):
    ProductLineFactory(name="Monitoring")
    page = page_as(alice)
    page.goto("/leads/")
    page.get_by_role("link", name="New lead").click()
    page.get_by_label("First name").first.fill("Jonas")
    page.get_by_label("Company", exact=False).first.fill("Norrland Timber")
    expect(page.locator("#duplicates")).to_contain_text("Norrland Timber is already here.")
    page.get_by_label("Product line").select_option(label="Monitoring")
    page.get_by_label("Value").fill("48000")
    page.get_by_label("First confidence").fill("35")
    page.get_by_role("button", name="Add lead").click()
    expect(page.get_by_text("Save anyway?")).to_be_visible()
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_role("heading", level=1, name="Jonas")).to_be_visible()
    expect(page.locator("#lead-confidence")).to_contain_text("Given when added")
    assert Lead.objects.count() == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_and_the_form_meet_the_rules_of_accessibility(page_as, faults, alice, marta, scheme):
    page = page_as(alice, color_scheme=scheme)
    page.goto(f"/leads/{marta.pk}/")
    expect(page.get_by_role("heading", level=1, name="Marta Lindqvist")).to_be_visible()
    assert not faults(page)
    page.keyboard.press("c")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not faults(page)
    page.goto("/leads/add/")
    assert not faults(page)
