"""What journeys share: pages of signed-in people, and the rules of accessibility."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from leads.models import User

PHONE = {"width": 390, "height": 844}

expect.set_options(timeout=20_000)  # milliseconds; a slow machine is no fault of the page


@pytest.fixture
def page_as(new_context, live_server) -> Callable[..., Page]:
    """A page of somebody who is signed in; the arguments are those of a browser context."""

    def open_page(user: User, **arguments: object) -> Page:
        client = Client()
        client.force_login(user)
        context = new_context(**arguments)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        return context.new_page()

    return open_page


@pytest.fixture
def faults() -> Callable[[Page], list[str]]:
    """What axe finds on a page, one line for each rule that is broken."""

    def find(page: Page) -> list[str]:
        options = {"preload": False}  # axe would read our imported styles at wrong addresses
        broken = Axe().run(page, options=options).response["violations"]
        return [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in broken]

    return find
