"""The lead: its page, the panel beside a list, its timeline, and whether its score is up to date."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from config.http import announce_events, render_page
from leads.models import Lead
from leads.organisation import organisation, today
from leads.requests import signed_in
from pipeline.curve import curve_of
from pipeline.leadpage import answers_of, has_waiting_news, lead_to_view, view_of
from pipeline.life import life_of
from pipeline.timeline import ALL, SHOWN, latest, timeline
from pipeline.views.dialogs import lead_of
from pipeline.why import laid_out
from scoring.explain import explain

LATEST = 3
PATIENCE = timedelta(seconds=10)  # a worker that takes longer is busy or away


@require_safe
def lead_detail(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_to_view(signed_in(request), pk, today())
    if (request.htmx.target or "").startswith("lead-panel"):  # type: ignore[attr-defined]
        return _panel(request, lead)
    view, answers = view_of(lead, today()), answers_of(lead)
    at, fault = day_of(request.GET.get("at", ""))
    explanation = explain(lead, at=at)
    context = {
        "view": view,
        "lead": lead,
        "explanation": explanation,
        "sides": laid_out(explanation, view.remarks),
        "at": at,
        "fault": fault,
        "answers": answers,
        "answered": sum(1 for asked in answers if asked.answer),
        "curve": curve_of(lead, view.bands, today()),
        "timeline": timeline(lead),
        "currency": organisation().currency,
        "shown": SHOWN,
        "since": int(timezone.now().timestamp()),
        "today": today(),
    }
    return render_page(request, "pipeline/lead.html", context, fragment="lead")


def _panel(request: HttpRequest, lead: Lead) -> HttpResponse:
    context = {
        "view": view_of(lead, today()),
        "lead": lead,
        "explanation": explain(lead),
        "latest": latest(lead, LATEST),
        "since": int(timezone.now().timestamp()),
    }
    return render_page(request, "pipeline/panel.html", context)


@require_safe
def lead_timeline(request: HttpRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(Lead.objects.visible_to(signed_in(request)).with_names(), pk=pk)
    shown = request.GET.get("shown", ALL)
    page = request.GET.get("page", "1")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 5 else 1
    history = timeline(lead, shown=shown if shown in SHOWN else ALL, page=max(number, 1))
    context = {"lead": lead, "timeline": history, "shown": SHOWN}
    return render_page(request, "pipeline/timeline.html", context, fragment="timeline")


@require_safe
def lead_life(request: HttpRequest, pk: int) -> HttpResponse:
    """The deal from birth to now, and how it stood on a day."""
    lead = lead_of(request, pk)
    at, fault = day_of(request.GET.get("at", ""))
    life = life_of(lead)
    context = {
        "lead": lead,
        "life": life,
        "at": at,
        "fault": fault,
        "state": life.on(at) if at else None,
    }
    return render_page(request, "pipeline/life.html", context, fragment="lead-life")


@require_safe
def lead_fresh(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked every moment after a change: nothing while news waits, then the event that refreshes all."""
    lead = get_object_or_404(Lead.objects.visible_to(signed_in(request)), pk=pk)
    since = request.GET.get("since", "")
    began = int(since) if since.isascii() and since.isdecimal() and len(since) < 12 else 0
    if not has_waiting_news(lead):
        return announce_events(HttpResponse(), "lead-changed")
    if timezone.now().timestamp() - began > PATIENCE.total_seconds():
        return render_page(request, "pipeline/late.html")
    return HttpResponse(status=204)


def day_of(text: str) -> tuple[date | None, str]:
    """The day asked for, or why it cannot be explained."""
    if not text:
        return None, ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None, f"“{text}” is no date such as {today().isoformat()}."
    if day > today():
        return None, "Nobody knows a score on a day still to come."
    return day, ""
