"""Triage: the list of leads."""

from __future__ import annotations

from collections.abc import Container

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.formats import SYMBOLS
from leads.models import Lead
from leads.models.organisation import ScoreDisplay
from leads.organisation import organisation, today
from leads.requests import signed_in
from pipeline.bands import live_ladder
from pipeline.choices import choices_for
from pipeline.filters import TriageFilter
from pipeline.triage import ORDERS, nothing_found, triage_list

SEGMENTS = [("points", "Points"), ("percent", "Percent"), ("grade", "Grade"), ("words", "Words")]
HINTS = [
    ("JK", "next, previous"),
    (["Enter"], "open"),
    ("X", "select"),
    ("F", "filter"),
    ("N", "new lead"),
    ("?", "all keys"),
]


@require_safe
def lead_list(request: HttpRequest) -> HttpResponse:
    leads = Lead.objects.visible_to(signed_in(request))
    ladder = live_ladder()
    filters = TriageFilter(
        request.GET, leads, user=signed_in(request), choices=choices_for(signed_in(request)), ladder=ladder
    )
    sort = _one_of(ORDERS, request.GET.get("sort"), "score")
    found = triage_list(filters.qs, ladder, sort=sort, cursor=request.GET.get("cursor", ""), today=today())
    context = {
        "filters": filters,
        "found": found,
        "sort": sort,
        "nothing": None if found.page.ids else nothing_found(filters),
        "display": _one_of(ScoreDisplay.values, request.GET.get("show"), organisation().score_display),
        "symbol": SYMBOLS.get(organisation().currency, organisation().currency),
        "displays": SEGMENTS,
        "hints": HINTS,
        "open_lead": _address(request.GET.get("lead", "")),
        "today": today(),
    }
    return render_page(request, "pipeline/triage.html", context, fragment="lead-list")


def _one_of(names: Container[str], name: str | None, otherwise: str) -> str:
    return name if name is not None and name in names else otherwise


def _address(number: str) -> str:
    """The page of the lead that stood beside the list when its address was kept."""
    is_number = number.isascii() and number.isdecimal() and len(number) < 19
    return reverse("leads:detail", args=[number]) if is_number else ""
