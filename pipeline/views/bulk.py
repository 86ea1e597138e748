"""One change for all selected leads: what could not be changed is listed, the rest is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from config.http import announce_events
from leads.actions import NewStatus, Refused, set_statuses
from leads.models import Lead
from leads.models.leads import Outcome
from leads.requests import signed_in
from pipeline.actions import (
    DealClosing,
    Move,
    Reopening,
    assign_leads,
    close_deals,
    move_deals,
    reopen_deals,
)
from pipeline.forms.deals import LoseForm, StagesForm, WinForm, closing_today
from pipeline.forms.work import OwnerForm, StatusForm
from pipeline.views.dialogs import Dialog, show

MOST = 500  # a page holds fewer; more would be somebody's script
SetChange = Callable[[Sequence[int]], list[Refused]]

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@asked_or_sent
def bulk_assign(request: HttpRequest) -> HttpResponse:
    form = OwnerForm(signed_in(request), request.POST if _is_sent(request) else None)

    def change(ids: Sequence[int]) -> list[Refused]:
        return assign_leads(ids, to=form.cleaned_data["owner"], by=signed_in(request), why=form.reason)

    return _for_all(request, form, "Assign", reverse("leads:bulk_assign"), change)


@asked_or_sent
def bulk_status(request: HttpRequest) -> HttpResponse:
    form = StatusForm(request.POST if _is_sent(request) else None)

    def change(ids: Sequence[int]) -> list[Refused]:
        return set_statuses([NewStatus(pk, **form.cleaned_data) for pk in ids], by=signed_in(request))

    return _for_all(request, form, "Set status", reverse("leads:bulk_status"), change)


@asked_or_sent
def bulk_move(request: HttpRequest) -> HttpResponse:
    form = StagesForm(signed_in(request), request.POST if _is_sent(request) else None)

    def change(ids: Sequence[int]) -> list[Refused]:
        moves = [Move(pk, form.stage_id, waiver=form.waived_because) for pk in ids]
        return move_deals(moves, by=signed_in(request))

    return _for_all(request, form, "Move", reverse("leads:bulk_move"), change)


@asked_or_sent
def bulk_win(request: HttpRequest) -> HttpResponse:
    form = WinForm(request.POST if _is_sent(request) else None, initial=closing_today())

    def change(ids: Sequence[int]) -> list[Refused]:
        closings = [DealClosing(pk, Outcome.WON, **form.cleaned_data) for pk in ids]
        return close_deals(closings, by=signed_in(request))

    return _for_all(request, form, "Mark as won", reverse("leads:bulk_win"), change)


@asked_or_sent
def bulk_lose(request: HttpRequest) -> HttpResponse:
    form = LoseForm(signed_in(request), request.POST if _is_sent(request) else None)

    def change(ids: Sequence[int]) -> list[Refused]:
        closings = [DealClosing(pk, Outcome.LOST, **form.facts) for pk in ids]
        return close_deals(closings, by=signed_in(request))

    return _for_all(request, form, "Mark as lost", reverse("leads:bulk_lose"), change)


@asked_or_sent
def bulk_reopen(request: HttpRequest) -> HttpResponse:
    form = StagesForm(signed_in(request), request.POST if _is_sent(request) else None)

    def change(ids: Sequence[int]) -> list[Refused]:
        return reopen_deals([Reopening(pk, form.stage_id) for pk in ids], by=signed_in(request))

    return _for_all(request, form, "Reopen", reverse("leads:bulk_reopen"), change)


def _is_sent(request: HttpRequest) -> bool:
    return request.method == "POST"


def _for_all(
    request: HttpRequest, form: forms.Form, verb: str, action: str, change: SetChange
) -> HttpResponse:
    ids = _selected(request)
    dialog = Dialog(
        f"{verb}: {len(ids)} lead{'' if len(ids) == 1 else 's'}", verb, action, reverse("leads:list")
    )
    if not ids:
        return show(request, dialog, form, status=422 if _is_sent(request) else 200, nothing=True)
    if not _is_sent(request) or not form.is_valid():
        return show(request, dialog, form, status=422 if _is_sent(request) else 200, ids=ids)
    refused = change(ids)
    return _told(request, dialog, form, ids, refused)


def _selected(request: HttpRequest) -> list[int]:
    """Those of the chosen leads that this user may see."""
    chosen = request.POST if _is_sent(request) else request.GET
    numbers = [int(pk) for pk in chosen.getlist("lead")[:MOST] if pk.isdecimal() and len(pk) < 19]
    return list(
        Lead.objects.visible_to(signed_in(request)).filter(pk__in=numbers).values_list("pk", flat=True)
    )


def _told(
    request: HttpRequest, dialog: Dialog, form: forms.Form, ids: Sequence[int], refused: list[Refused]
) -> HttpResponse:
    """The sentence of each refusal beside what was done; nothing but news when all was done."""
    sentence = f"{len(ids) - len(refused)} of {len(ids)} leads changed"
    if refused:
        response = show(request, dialog, form, status=409, refused=refused, done=sentence)
        return announce_events(response, "lead-changed")
    if request.htmx:  # type: ignore[attr-defined]
        return announce_events(HttpResponse(status=204), "lead-changed", toast={"text": sentence})
    messages.success(request, sentence)
    return redirect(dialog.back)
