"""The board in a browser: moving by the menu, losing with a reason, further cards, the phone."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads.models import Lead
from pipeline.actions import move_deal
from pipeline.board import CARDS
from pipeline.models import Deal, Stage
from tests.factories import ContactFactory, LeadFactory
from tests.factories_pipeline import RequirementFactory
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
    dialog.get_by_label("Price").check()
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


def test_a_card_is_dragged_to_another_stage_and_the_sums_follow(page_as, alice, marta):
    page = page_as(alice)
    page.goto("/board/")
    card, demo = page.locator(f"#card-{marta.pk}"), page.get_by_role("region", name="Demo")
    expect(card).to_have_attribute("tabindex", "0")
    card.drag_to(demo.locator(".pl-stage__cards"))
    expect(page.locator("#toasts")).to_contain_text("Marta Lindqvist moved to Demo")
    expect(demo.get_by_role("link", name="Marta Lindqvist")).to_be_visible()
    expect(demo).to_contain_text("€19,200")
    assert Deal.objects.get(pk=marta.pk).stage.key == "demo"


def test_a_card_goes_by_keys_and_each_step_is_said(page_as, alice, marta):
    page = page_as(alice)
    page.goto("/board/")
    says = page.locator("#board-says")
    card = page.locator(f"#card-{marta.pk}")
    expect(card).to_have_attribute("tabindex", "0")

    card.focus()
    page.keyboard.press("Space")
    expect(says).to_have_text("Marta Lindqvist picked up in Discovery.")
    page.keyboard.press("ArrowRight")
    expect(says).to_contain_text("Demo, stage 3 of 5.")
    expect(page.get_by_role("region", name="Demo").locator(".pl-drop")).to_contain_text("Automatic 10 → 40")
    page.keyboard.press("Escape")
    expect(says).to_have_text("Marta Lindqvist put back in Discovery.")
    assert Deal.objects.get(pk=marta.pk).stage.key == "discovery"

    for key in ("Space", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(says).to_have_text("Marta Lindqvist moved to Proposal.")
    expect(page.get_by_role("region", name="Proposal").locator(f"#card-{marta.pk}")).to_be_focused()
    expect(page.get_by_role("region", name="Proposal")).to_contain_text("€28,800")


def test_arrows_go_between_cards_and_enter_opens_one(page_as, alice, marta):
    other = LeadFactory(owner=alice, status="working", contact=ContactFactory(first_name="Tomás"))
    Deal.objects.filter(pk=other.pk).update(
        stage=Stage.objects.get(key="proposal"), entered_at=timezone.now()
    )
    page = page_as(alice)
    page.goto("/board/")
    expect(page.locator(f"#card-{marta.pk}")).to_have_attribute("tabindex", "0")

    page.locator(f"#card-{marta.pk}").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(f"#card-{other.pk}")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Marta Lindqvist")).to_be_visible()


def test_what_a_stage_asks_for_is_named_before_the_drop_and_asked_for_after_it(page_as, alice, marta):
    RequirementFactory(field="lead.pain")
    page = page_as(alice)
    page.goto("/board/")
    demo, card = page.get_by_role("region", name="Demo"), page.locator(f"#card-{marta.pk}")
    expect(card).to_have_attribute("tabindex", "0")

    card.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    expect(demo.locator(".pl-drop")).to_contain_text("Asks for: Pain.")
    page.keyboard.press("Space")
    dialog = page.get_by_role("dialog", name="Move Marta Lindqvist to Demo")
    expect(dialog).to_be_visible()
    expect(page.get_by_role("region", name="Discovery").locator(f"#card-{marta.pk}")).to_be_attached()
    dialog.get_by_label("Pain").fill("Unplanned stops")
    dialog.get_by_role("button", name="Move to Demo").click()

    expect(demo.get_by_role("link", name="Marta Lindqvist")).to_be_visible()
    assert Lead.objects.get(pk=marta.pk).pain == "Unplanned stops"


def test_who_drags_a_card_that_somebody_moved_meanwhile_is_told(page_as, alice, manager, marta):
    page = page_as(alice)
    page.goto("/board/")
    card = page.locator(f"#card-{marta.pk}")
    expect(card).to_have_attribute("tabindex", "0")
    move_deal(marta.deal, to=Stage.objects.get(key="negotiation"), by=manager)

    card.drag_to(page.get_by_role("region", name="Demo").locator(".pl-stage__cards"))

    told = page.get_by_role("dialog").get_by_role("alert")
    expect(told).to_contain_text("Marta Lindqvist has been moved to Negotiation meanwhile.")
    expect(page.get_by_role("region", name="Discovery").locator(f"#card-{marta.pk}")).to_be_attached()


def test_further_cards_come_as_the_column_scrolls_and_stay_after_a_move(page_as, alice, marta):
    demo = Stage.objects.get(key="demo")
    for _ in range(CARDS + 3):
        lead = LeadFactory(owner=alice, status="working")
        Deal.objects.filter(pk=lead.pk).update(stage=demo, entered_at=timezone.now())
    page = page_as(alice)
    page.goto("/board/")
    cards = page.get_by_role("region", name="Demo").locator(".pl-card")
    expect(cards).to_have_count(CARDS)

    cards.last.scroll_into_view_if_needed()
    page.get_by_role("region", name="Demo").locator(".pl-stage__cards").hover()
    page.mouse.wheel(0, 5_000)
    expect(cards).to_have_count(CARDS + 3)

    page.get_by_label("Move, win or lose Marta Lindqvist").click()
    page.get_by_role("button", name="Proposal").click()
    expect(page.get_by_role("region", name="Proposal").locator(f"#card-{marta.pk}")).to_be_visible()
    expect(cards).to_have_count(CARDS + 3)
