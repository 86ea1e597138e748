"""The rep's day in triage: list, panel, keyboard, filters, selected leads, and the same on a phone."""

import re

import pytest
from playwright.sync_api import expect

from leads.models import Lead
from tests.factories import ActivityFactory, CompanyFactory, ContactFactory, LeadFactory
from tests.journeys.conftest import PHONE
from tests.scored import score


@pytest.fixture
def leads(alice, transactional_db) -> dict[str, Lead]:
    """Marta is hot, Claire and Piotr are warm, Luis is nobody's and cold."""
    people = {"Marta": (89, alice), "Claire": (65, alice), "Piotr": (63, alice), "Luis": (34, None)}
    found = {}
    for name, (total, owner) in people.items():
        company = CompanyFactory(name=f"{name} & Co")
        contact = ContactFactory(first_name=name, last_name="Example", company=company)
        found[name] = score(LeadFactory(owner=owner, contact=contact), total, week_ago=total - 5)
        ActivityFactory(lead=found[name], url="https://example.com/pricing")
    return found


def test_a_click_opens_the_lead_beside_the_list_and_escape_closes_it(page_as, alice, leads):
    page = page_as(alice)
    page.goto("/leads/")
    page.get_by_role("link", name="Marta Example").click()
    panel = page.get_by_role("complementary", name="Lead")
    expect(panel.get_by_role("heading", name="Marta Example")).to_be_visible()
    expect(page).to_have_url(re.compile(f"lead={leads['Marta'].pk}"))
    page.keyboard.press("Escape")
    expect(panel.get_by_role("heading", name="Marta Example")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("lead="))


def test_the_address_of_an_open_panel_opens_it_again(page_as, alice, leads):
    page = page_as(alice)
    page.goto(f"/leads/?owner=me&lead={leads['Claire'].pk}")
    expect(page.get_by_role("heading", name="Claire Example")).to_be_visible()
    expect(page.locator("tr.is-focused")).to_contain_text("Claire")


def test_keys_walk_the_list_and_the_panel_follows(page_as, alice, leads):
    page = page_as(alice)
    page.goto("/leads/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    panel = page.get_by_role("complementary", name="Lead")
    expect(panel.get_by_role("heading", name="Marta Example")).to_be_visible()
    page.keyboard.press("j")
    expect(panel.get_by_role("heading", name="Claire Example")).to_be_visible()
    page.keyboard.press("k")
    expect(panel.get_by_role("heading", name="Marta Example")).to_be_visible()


def test_keys_press_the_actions_of_the_open_panel(page_as, alice, leads):
    page = page_as(alice)
    page.goto(f"/leads/?lead={leads['Marta'].pk}")
    expect(page.get_by_role("heading", name="Marta Example")).to_be_visible()
    for key, title in (("c", "Log for"), ("t", "Next task for"), ("q", "Status of"), ("a", "Owner of")):
        page.keyboard.press(key)
        expect(page.get_by_role("dialog").get_by_role("heading", name=title)).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_a_status_set_in_the_panel_refreshes_panel_and_list(page_as, alice, leads):
    page = page_as(alice)
    page.goto(f"/leads/?lead={leads['Marta'].pk}")
    expect(page.get_by_role("heading", name="Marta Example")).to_be_visible()
    page.keyboard.press("q")
    page.get_by_label("Nurturing", exact=True).check()
    page.get_by_role("button", name="Set status").click()
    expect(page.locator("#toasts")).to_contain_text("Marta Example is nurturing")
    expect(page.locator("#lead-list")).not_to_contain_text("Marta")
    expect(page.get_by_text("Let it mature.")).to_be_visible()


def test_filters_narrow_the_list_in_place_and_chips_take_them_away(page_as, alice, leads):
    page = page_as(alice)
    page.goto("/leads/")
    page.keyboard.press("f")
    page.get_by_label("Band", exact=True).select_option("warm")
    expect(page.locator("tr[data-row]")).to_have_count(2)
    expect(page).to_have_url(re.compile(r"\?band=warm$"))
    page.get_by_role("link", name="Nobody’s").click()
    expect(page.get_by_role("heading", name="No lead matches these 2 filters")).to_be_visible()
    page.get_by_role("link", name="Remove filter Band").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("heading", name="No lead matches these 2 filters")).to_be_visible()


def test_selected_leads_change_together_and_refusals_are_listed(page_as, alice, leads):
    Lead.objects.filter(pk=leads["Piotr"].pk).update(outcome="won")
    page = page_as(alice)
    page.goto("/leads/?status=any")
    bar = page.get_by_role("toolbar", name="Selected leads")
    expect(bar).to_be_hidden()
    page.get_by_label("Select Claire Example").check()
    page.get_by_label("Select Piotr Example").check()
    expect(bar).to_contain_text("2 selected")
    bar.get_by_role("button", name="Set status").click()
    page.get_by_label("Qualified", exact=True).check()
    page.get_by_role("dialog").get_by_role("button", name="Set status").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 of 2 leads changed.")
    expect(page.get_by_role("dialog")).to_contain_text("Piotr Example is already won. Reopen it first.")
    assert Lead.objects.get(pk=leads["Claire"].pk).status == "qualified"


def test_keys_select_and_clear(page_as, alice, leads):
    page = page_as(alice)
    page.goto("/leads/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.get_by_role("toolbar", name="Selected leads")).to_contain_text("2 selected")
    page.keyboard.press("Escape")
    expect(page.get_by_role("toolbar", name="Selected leads")).to_be_hidden()


def test_on_a_phone_rows_are_cards_and_a_lead_opens_as_its_own_page(page_as, alice, leads):
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto("/leads/")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"]
    page.get_by_role("link", name="Marta Example").click()
    expect(page).to_have_url(re.compile(rf"/leads/{leads['Marta'].pk}/$"))


def test_without_javascript_filters_sorting_and_leads_are_links_and_forms(new_context, page_as, alice, leads):
    page = page_as(alice, java_script_enabled=False)
    page.goto("/leads/")
    page.get_by_text("Filter", exact=True).click()
    page.get_by_label("Band", exact=True).select_option("hot")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("tr[data-row]")).to_have_count(1)
    page.get_by_role("link", name="Marta Example").click()
    expect(page.get_by_role("heading", level=1, name="Marta Example")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_and_the_panel_meet_the_rules_of_accessibility(page_as, faults, alice, leads, scheme):
    page = page_as(alice, color_scheme=scheme)
    page.goto(f"/leads/?lead={leads['Marta'].pk}")
    expect(page.get_by_role("heading", name="Marta Example")).to_be_visible()

    assert not faults(page)
