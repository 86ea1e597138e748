"""The board: the stages of a pipeline as columns, and the further cards of one of them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.models import Lead
from leads.organisation import organisation, today
from leads.requests import signed_in
from pipeline.ahead import ahead_of
from pipeline.bands import live_ladder
from pipeline.board import board_of, column_from, pipelines_with_stages, usual_pipeline
from pipeline.choices import choices_for
from pipeline.filters import LeadFilter
from pipeline.views.dialogs import lead_of

MOST = 240  # cards of a stage that are drawn again at once
LONGEST = 1_000  # characters of the header that says how many


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    filters = _filters(request)
    pipelines = pipelines_with_stages()
    if not pipelines:
        return render_page(request, "pipeline/board.html", {"filters": filters})
    named = {pipeline.key: pipeline for pipeline in pipelines}.get(request.GET.get("pipeline", ""))
    pipeline = named or usual_pipeline(pipelines, signed_in(request))
    currency = organisation().currency
    shown = _shown(request)
    context = {
        "filters": filters,
        "board": board_of(filters, pipeline, pipelines[pipeline], currency=currency, shown=shown),
        "pipelines": list(pipelines),
        "pipeline": pipeline,
        "stages": pipelines[pipeline],
        "currency": currency,
        "today": today(),
    }
    return render_page(request, "pipeline/board.html", context, fragment="board")


@require_safe
def board_cards(request: HttpRequest, stage_pk: int) -> HttpResponse:
    """The cards of one stage from a position on."""
    stages = {stage.pk: (stage, stages) for stages in pipelines_with_stages().values() for stage in stages}
    if stage_pk not in stages:
        raise Http404
    start = request.GET.get("start", "0")
    number = int(start) if start.isascii() and start.isdecimal() and len(start) < 8 else 0
    stage, siblings = stages[stage_pk]
    column = column_from(_filters(request), stage, number)
    context = {"column": column, "stages": siblings, "currency": organisation().currency, "today": today()}
    return render_page(request, "pipeline/board_cards.html", context, fragment="board-cards")


@require_safe
def lead_ahead(request: HttpRequest, pk: int) -> HttpResponse:
    """What a card that is picked up may expect of each stage."""
    lead = lead_of(request, pk)
    context = {"lead": lead, "places": ahead_of(lead.deal)}
    return render_page(request, "pipeline/ahead.html", context, fragment="ahead")


def _shown(request: HttpRequest) -> dict[int, int]:
    """How many cards of each stage somebody has in front of them, from `5:36,7:24`; never more than MOST."""
    pairs = (part.partition(":") for part in request.headers.get("X-Shown", "")[:LONGEST].split(","))
    return {
        int(stage): min(int(count), MOST)
        for stage, _, count in pairs
        if stage.isascii() and stage.isdecimal() and count.isascii() and count.isdecimal()
    }


def _filters(request: HttpRequest) -> LeadFilter:
    leads = Lead.objects.visible_to(signed_in(request))
    choices = choices_for(signed_in(request))
    return LeadFilter(request.GET, leads, user=signed_in(request), choices=choices, ladder=live_ladder())
