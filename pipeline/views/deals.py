"""Changes of a deal: its stage, its end, its facts, its confidence."""

from __future__ import annotations

from collections.abc import Sequence

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leads.formats import percent
from leads.models import Lead
from leads.requests import signed_in
from pipeline.actions import (
    categorise_deal,
    lose_deal,
    move_deal,
    release_confidence,
    reopen_deal,
    set_confidence,
    set_deal,
    win_deal,
)
from pipeline.forms.categories import CategoryForm, told
from pipeline.forms.deals import (
    ConfidenceForm,
    DealForm,
    LoseForm,
    StageForm,
    WinForm,
    closing_today,
    deal_facts,
    products_of,
)
from pipeline.forms.needs import NeedsForm, needs_of
from pipeline.models import Requirement
from pipeline.views.dialogs import Dialog, ask, lead_of, show

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@asked_or_sent
def lead_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move to the chosen stage; what is missing for it is asked for first, and comes with the move."""
    lead = lead_of(request, pk)
    form = StageForm(lead.deal, _with_what_was_seen(request))
    if _is_on_time(lead, form) and (needs := needs_of(lead, form.chosen)):
        return _move_with(request, lead, form, needs)
    dialog = Dialog(f"Move {lead}", "Move", reverse("leads:move", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        move_deal(lead.deal, to=form.chosen, by=signed_in(request), expected_stage=form.expected)
        return f"{lead} moved to {form.chosen}"

    return ask(request, dialog, form, change)


def _with_what_was_seen(request: HttpRequest) -> QueryDict | None:
    """What was sent; a board, which has one form for all its cards, says in the address what it showed."""
    sent = request.POST.copy()
    if sent and "seen" in request.GET:
        sent.setdefault("seen", request.GET["seen"])
    return sent or None


def _is_on_time(lead: Lead, form: StageForm) -> bool:
    """The deal is open and where the page showed it; else the move is refused before anything is asked."""
    return form.is_valid() and not lead.is_closed and form.expected in (None, lead.deal.stage)


def _move_with(
    request: HttpRequest, lead: Lead, chosen: StageForm, needs: Sequence[Requirement]
) -> HttpResponse:
    stage, user = chosen.chosen, signed_in(request)
    form = NeedsForm(lead, stage, needs, user, request.POST if "asked" in request.POST else None)
    text = f"{stage} asks for this. It is saved together with the move."
    action = reverse("leads:move", args=[lead.pk])
    dialog = Dialog(f"Move {lead} to {stage}", f"Move to {stage}", action, lead.get_absolute_url(), text=text)

    def change() -> str:
        move_deal(
            lead.deal,
            to=stage,
            by=user,
            expected_stage=chosen.expected,
            supplies=form.supplies,
            waiver=form.waiver,
        )
        return f"{lead} moved to {stage}"

    if not form.is_bound:
        return show(request, dialog, form, status=422)
    return ask(request, dialog, form, change)


@asked_or_sent
def lead_win(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = WinForm(request.POST or None, initial=closing_today())
    dialog = Dialog(f"Win {lead}", "Mark as won", reverse("leads:win", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        win_deal(lead.deal, by=signed_in(request), **form.cleaned_data)
        return f"{lead} is won"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_lose(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = LoseForm(signed_in(request), request.POST or None)
    action = reverse("leads:lose", args=[pk])
    dialog = Dialog(f"Lose {lead}", "Mark as lost", action, lead.get_absolute_url(), is_grave=True)

    def change() -> str:
        lose_deal(lead.deal, by=signed_in(request), **form.cleaned_data)
        return f"{lead} is lost"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = StageForm(lead.deal, request.POST or None)
    action = reverse("leads:reopen", args=[pk])
    dialog = Dialog(
        f"Reopen {lead}", "Reopen", action, lead.get_absolute_url(), text="In which stage does it go on?"
    )

    def change() -> str:
        reopen_deal(lead.deal, to=form.chosen, by=signed_in(request))
        return f"{lead} is open again"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_deal(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    products = products_of(lead.product_line_id)
    form = DealForm(request.POST or None, initial=deal_facts(lead.deal), products=products)
    action = reverse("leads:deal", args=[pk])
    dialog = Dialog(
        "Deal",
        "Save",
        action,
        lead.get_absolute_url(),
        template="pipeline/deal_form.html",
        fragment="lead-deal",
    )

    def change() -> str:
        set_deal(lead.deal, by=signed_in(request), **form.facts)
        return "Deal saved"

    return ask(request, dialog, form, change, lead=lead)


@asked_or_sent
def lead_confidence(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = ConfidenceForm(request.POST or None, initial={"percent": lead.deal.confidence})
    text = f"Automatic is {percent(lead.deal.automatic_confidence)}. Yours stays until you release it."
    action = reverse("leads:confidence", args=[pk])
    dialog = Dialog(f"Confidence of {lead}", "Set", action, lead.get_absolute_url(), text=text)

    def change() -> str:
        set_confidence(lead.deal, by=signed_in(request), **form.cleaned_data)
        return f"Confidence of {lead} set to {percent(form.cleaned_data['percent'])}"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_category(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = CategoryForm(lead.deal, request.POST or None)
    action = reverse("leads:category", args=[pk])
    dialog = Dialog(
        f"Forecast category of {lead}", "Set", action, lead.get_absolute_url(), text=told(lead.deal)
    )

    def change() -> str:
        categorise_deal(lead.deal, by=signed_in(request), **form.cleaned_data)
        return f"The forecast has {lead} where you put it"

    return ask(request, dialog, form, change)


@require_POST
def lead_release(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    dialog = Dialog(
        f"Release {lead}", "Release", reverse("leads:release", args=[pk]), lead.get_absolute_url()
    )

    def change() -> str:
        deal = release_confidence(lead.deal, by=signed_in(request))
        return f"Confidence released to {percent(deal.confidence)}"

    return ask(request, dialog, forms.Form(request.POST), change)
