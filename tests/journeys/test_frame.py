"""The frame of every page: signing in and out, theme, keyboard, search, and the phone's drawer."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PHONE


def test_somebody_signs_in_by_name_and_out_again(new_context, alice, complaints):
    page = new_context().new_page()
    page.goto("/leads/")
    page.get_by_label("User name or e-mail").fill("alice")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Password", exact=True).fill("secret-42")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Triage")).to_be_visible()
    page.get_by_role("button", name="Account of Alice Abel").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Plumbline")).to_be_visible()


def test_a_chosen_theme_is_sent_by_the_server_from_then_on(page_as, alice):
    page = page_as(alice, color_scheme="light")
    page.goto("/leads/")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert 'data-bs-theme="dark"' in page.request.get("/leads/").text()


def test_keys_open_the_list_of_keys_and_the_search(page_as, alice):
    page = page_as(alice)
    page.goto("/leads/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()
    page.keyboard.press("/")
    page.keyboard.type("nobody is called this?")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/leads/?q=nobody+is+called+this%3F")
    expect(page.get_by_role("searchbox", name="Search leads")).to_have_value("nobody is called this?")


def test_on_a_phone_the_rest_is_in_a_drawer(page_as, alice):
    page = page_as(alice)
    page.set_viewport_size(PHONE)
    page.goto("/leads/")
    drawer = page.locator("#more")
    expect(drawer).to_be_hidden()
    page.get_by_role("button", name="More").click()
    drawer.get_by_role("link", name="Password").click()
    expect(page.get_by_role("heading", name="Change the password")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_frame_and_entrance_are_accessible(page_as, new_context, faults, alice, theme):
    signed_in = page_as(alice, color_scheme=theme)
    for address in ("/leads/", "/accounts/password/change/", "/accounts/2fa/"):
        signed_in.goto(address)
        assert faults(signed_in) == []
    outside = new_context(color_scheme=theme).new_page()
    for address in ("/accounts/login/", "/accounts/password/reset/"):
        outside.goto(address)
        assert faults(outside) == []
