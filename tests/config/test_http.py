"""One view answers a browser with its page and htmx with its fragment."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxDetails

from config.http import announce_events, redirect_browser, render_page

PAGE = "<h1>{{ name }}</h1>{% partialdef lead-score inline %}<b>{{ name }}</b>{% endpartialdef %}"


@pytest.fixture(autouse=True)
def _templates(settings) -> None:
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    (
                        "template_partials.loader.Loader",
                        [("django.template.loaders.locmem.Loader", {"page.html": PAGE})],
                    )
                ],
                "builtins": ["template_partials.templatetags.partials"],
            },
        }
    ]


def request(**headers: str) -> HttpRequest:
    request = RequestFactory().get("/", headers=headers)
    request.htmx = HtmxDetails(request)
    return request


def body(request: HttpRequest) -> str:
    return render_page(request, "page.html", {"name": "Ada"}, fragment="lead-score").content.decode()


def test_htmx_gets_the_fragment() -> None:
    assert body(request(hx_request="true")) == "<b>Ada</b>"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"hx_request": "true", "hx_boosted": "true"},
        {"hx_request": "true", "hx_history_restore_request": "true"},
    ],
)
def test_everyone_else_gets_the_page(headers) -> None:
    assert body(request(**headers)) == "<h1>Ada</h1><b>Ada</b>"


def test_caches_are_told_that_the_two_differ() -> None:
    response = render_page(request(), "page.html", fragment="lead-score", status=422)
    assert (response.status_code, response["Vary"]) == (422, "HX-Request")


def test_events_add_up() -> None:
    response = announce_events(HttpResponse(), "lead-changed")
    announce_events(response, "deal-changed")
    assert json.loads(response["HX-Trigger"]) == {"lead-changed": True, "deal-changed": True}


def test_a_redirect_reaches_the_browser_behind_htmx() -> None:
    assert redirect_browser(request(), "/leads/")["Location"] == "/leads/"
    assert redirect_browser(request(hx_request="true"), "/leads/")["HX-Redirect"] == "/leads/"
