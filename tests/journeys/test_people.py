"""Companies, contacts and notifications in the browser."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from leads.models import Company
from tests.factories import CompanyFactory, LeadFactory, NotificationFactory
from tests.journeys.conftest import PHONE


def test_a_company_that_is_here_already_is_told_while_it_is_typed(page_as, alice):
    CompanyFactory(name="Norrland Timber")
    page = page_as(alice)
    page.goto(reverse("leads:company_add"))
    page.get_by_label("Name").press_sequentially("norrland timber")
    expect(page.get_by_role("link", name="Norrland Timber is already here.")).to_be_visible()
    page.get_by_role("button", name="Add company").click()
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_role("heading", name="norrland timber")).to_be_visible()
    expect(page.get_by_text("norrland timber is saved.")).to_be_visible()
    assert Company.objects.count() == 2


def test_the_list_of_companies_narrows_while_somebody_types(page_as, alice):
    CompanyFactory(name="Norrland Timber")
    CompanyFactory(name="Kobe Precision")
    page = page_as(alice)
    page.goto(reverse("leads:companies"))
    page.get_by_role("searchbox", name="Find companies by name or domain").press_sequentially("kobe")
    expect(page.get_by_text("Norrland Timber")).to_be_hidden()
    expect(page).to_have_url("/companies/?q=kobe")
    page.get_by_role("link", name="Kobe Precision").click()
    expect(page.get_by_role("heading", name="Kobe Precision")).to_be_visible()


def test_a_contact_is_added_to_a_company_without_leaving_the_keyboard(page_as, alice):
    company = CompanyFactory(name="Kobe Precision")
    page = page_as(alice)
    page.goto(company.get_absolute_url())
    page.get_by_role("link", name="Contact", exact=True).click()
    page.get_by_label("First name").fill("Yuki")
    page.get_by_label("E-mail").fill("yuki@")
    page.keyboard.press("Enter")
    expect(page.get_by_text("“yuki@” is no e-mail address.")).to_be_visible()
    page.get_by_label("E-mail").fill("yuki@kobe.example")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Yuki")).to_be_visible()
    assert company.contacts.get().email == "yuki@kobe.example"


def test_the_bell_leads_to_the_news_and_falls_silent_when_they_are_read(page_as, alice):
    NotificationFactory(user=alice, text="Ines Mattern is now hot.", lead=LeadFactory(owner=alice))
    page = page_as(alice)
    page.goto(reverse("leads:companies"))
    # Workers that are at hand tell of the lead's first score as well.
    page.get_by_role("link", name=re.compile(r"Notifications, \d new")).click()
    expect(page.get_by_role("link", name="Ines Mattern is now hot.")).to_be_visible()
    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("All read")).to_be_visible()
    expect(page.get_by_role("link", name="Notifications", exact=True)).to_be_visible()


@pytest.mark.parametrize("size", [None, PHONE])
def test_the_pages_of_people_are_accessible(size, page_as, faults, alice):
    lead = LeadFactory(owner=alice)
    NotificationFactory(user=alice, lead=lead)
    contact = lead.contacts.get()
    page = page_as(alice)
    if size:
        page.set_viewport_size(size)
    addresses = [
        reverse("leads:companies"),
        reverse("leads:contacts"),
        reverse("leads:notifications"),
        reverse("leads:company_add"),
        contact.get_absolute_url(),
        contact.company.get_absolute_url(),
        reverse("leads:contact_edit", args=[contact.pk]),
    ]
    for address in addresses:
        page.goto(address)
        assert faults(page) == [], address
