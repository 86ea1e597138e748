"""The board in a browser: moving by the menu, losing with a reason, further cards, the phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads.models import Lead
from pipeline.models import Deal, Stage
from tests.factories import ContactFactory, LeadFactory
from tests.journeys.conftest import PHONE
from tests.scored import score


@pytest.fixture
def marta(alice, transactional_db) -> Lead:
    lead = LeadFactory(
        owner=alice, status="working", contact=ContactFactory(first_name="Marta", last_name="Lindqvist")
    )
    Deal.objects.filter(pk=lead.pk).update(
        stage=Stage.objects.get(key="discovery"), value=48_000, entered_at=timezone.now(), confidence=20
    )
    return score(lead, 89)


def test_a_deal_moves_by_the_menu_on_its_card_and_the_sums_follow(page_as, alice, marta):
    page = page_as(alice)
    page.goto("/board/")
    discovery, demo = page.get_by_role("region", name="Discovery"), page.get_by_role("region", name="Demo")
    expect(discovery).to_contain_text("€48,000")
    page.get_by_label("Move, win or lose Marta Lindqvist").click()
    page.get_by_role("button", name="Demo").click()
    expect(demo.get_by_role("link", name="Marta Lindqvist")).to_be_visible()
    expect(demo).to_contain_text("€19,200")
    expect(page.locator("#toasts")).to_contain_text("Marta Lindqvist moved to Demo")


def test_a_deal_is_lost_with_a_reason(page_as, alice, marta):
    page = page_as(alice)
    page.goto("/board/")
    page.get_by_label("Move, win or lose Marta Lindqvist").click()
    page.get_by_role("link", name="Lost…").click()
    dialog = page.get_by_role("dialog", name="Lose Marta Lindqvist")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(dialog).to_contain_text("This field is required.")
    dialog.get_by_label("Reason").select_option(label="Price")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(page.get_by_text("Marta Lindqvist", exact=True)).to_be_hidden()
    assert Lead.objects.get(pk=marta.pk).outcome == "lost"


def test_a_refusal_appears_where_the_user_is(page_as, alice, marta):
    page = page_as(alice)
    page.goto("/board/")
    page.get_by_label("Move, win or lose Marta Lindqvist").click()
    Lead.objects.filter(pk=marta.pk).update(outcome="won")
    page.get_by_role("button", name="Demo").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("Marta Lindqvist is already won.")


def test_on_a_phone_one_stage_fills_the_screen(page_as, alice, marta):
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto("/board/")
    box = page.get_by_role("region", name="Qualify").bounding_box()
    assert box["width"] > 0.75 * PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_without_javascript_a_card_moves_too(page_as, alice, marta):
    page = page_as(alice, java_script_enabled=False)
    page.goto("/board/")
    page.get_by_label("Move, win or lose Marta Lindqvist").click()
    page.get_by_role("button", name="Demo").click()
    expect(page.get_by_role("heading", level=1, name="Marta Lindqvist")).to_be_visible()
    assert Deal.objects.get(pk=marta.pk).stage.key == "demo"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_board_meets_the_rules_of_accessibility(page_as, faults, alice, marta, scheme):
    page = page_as(alice, color_scheme=scheme)
    page.goto("/board/")
    expect(page.get_by_role("link", name="Marta Lindqvist")).to_be_visible()

    assert not faults(page)
