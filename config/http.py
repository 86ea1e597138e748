"""Answers to browsers: whole pages, fragments for htmx, and the events that tell other panels to refresh."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """Only a part of a page is asked for: by htmx, and neither boosted nor restored from history."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    fragment: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer htmx with the template's inline partial `fragment`, and everyone else with the whole page."""
    name = f"{template}#{fragment}" if fragment and wants_fragment(request) else template
    response = render(request, name, context, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return response


def announce_events(response: HttpResponse, *events: str, **details: Mapping[str, Any]) -> HttpResponse:
    """Have htmx fire events on the page, such as "lead-changed", so that other panels refresh."""
    fired: dict[str, Any] = json.loads(response.get("HX-Trigger", "{}"))
    fired |= dict.fromkeys(events, True) | {name.replace("_", "-"): value for name, value in details.items()}
    response["HX-Trigger"] = json.dumps(fired)
    return response


def redirect_browser(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page, whether it asked by itself or through htmx."""
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponse(status=303, headers={"Location": address})
