"""A draft is edited, put right and saved in the browser, with the mouse and with the keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from scoring.actions import import_model
from scoring.rows import load_definition
from tests.definitions import MODEL
from tests.journeys.conftest import PHONE


@pytest.fixture
def draft(transactional_db, admin):
    return import_model(MODEL, by=admin)


def test_a_draft_is_changed_by_somebody_who_has_never_seen_json(page_as, admin, draft, faults):
    page = page_as(admin)
    page.goto(reverse("admin:scoring_scoringmodel_change", args=[draft.pk]))
    page.get_by_label("Points of Large").fill("12")
    page.get_by_label("Points of Large").press("Tab")
    expect(page.locator("#at-groups-0-reach")).to_have_text("can give at most 22 of 33")
    expect(page.get_by_text("Not saved yet")).to_be_visible()
    page.get_by_role("button", name="Large", exact=True).press("Alt+ArrowDown")
    expect(page.locator("#at-groups-0-rules-1-open")).to_have_text("Large")
    expect(page.locator("#at-groups-0-rules-1-open")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Name of the rule")).to_be_focused()
    page.get_by_label("Comparison").select_option("between")
    page.get_by_label("From", exact=True).fill("1,000")
    with page.expect_response("**/change/"):  # the totals are counted anew
        page.get_by_label("From", exact=True).press("Tab")
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Nothing was stored yet: 1 thing to put right.")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("To", exact=True).fill("5,000")
    page.get_by_label("To", exact=True).press("Tab")
    expect(page.locator(".pl-faultlist")).to_be_hidden()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    [_, large] = load_definition(draft).groups[0].rules
    assert (large.name, large.points, large.when.value) == ("Large", 12, (1000, 5000))


def test_a_phone_shows_the_whole_draft(page_as, admin, draft, faults):
    page = page_as(admin)
    page.set_viewport_size(PHONE)
    page.goto(reverse("admin:scoring_scoringmodel_change", args=[draft.pk]))
    assert page.evaluate("document.scrollingElement.scrollWidth") <= PHONE["width"]
    expect(page.get_by_role("button", name="Save draft")).to_be_in_viewport()
    assert faults(page) == []


def test_the_page_stays_where_it_is_while_the_form_is_drawn_anew(page_as, admin, draft):
    page = page_as(admin)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(reverse("admin:scoring_scoringmodel_change", args=[draft.pk]))
    rule = page.locator("#at-groups-1-rules-0-open")
    rule.evaluate("element => window.scrollTo(0, element.getBoundingClientRect().top - 60)")
    before = rule.bounding_box()["y"]
    rule.click()
    expect(page.get_by_label("Name of the rule")).to_be_focused()
    assert abs(rule.bounding_box()["y"] - before) < 4


def test_who_is_refused_at_the_end_of_the_page_is_told_at_its_head(page_as, admin, draft):
    page = page_as(admin)
    page.set_viewport_size({"width": 1280, "height": 500})
    page.goto(reverse("admin:scoring_scoringmodel_change", args=[draft.pk]))
    page.get_by_label("Enters at").last.fill("5")
    page.get_by_label("Enters at").last.press("Tab")
    expect(page.get_by_text("To put right")).to_be_visible()
    page.get_by_role("button", name="Save draft").click()
    expect(page.get_by_text("Nothing was stored yet")).to_be_in_viewport()
