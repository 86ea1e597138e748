"""How a change is asked for and answered: a dialog for htmx, else a page; refusals stay where they arose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect

from config.http import announce_events, render_page, wants_fragment
from config.refusals import Refusal
from leads.models import Lead

Change = Callable[[], str]
"""Calls one verb and says in a sentence what happened."""


@dataclass(frozen=True, slots=True)
class Dialog:
    """A question to somebody: its title, the button's verb, where it is sent, and the page behind it.

    `fragment` is the part of the template that htmx puts into its place, named after that place.
    """

    title: str
    verb: str
    action: str
    back: str
    text: str = ""
    is_grave: bool = False
    template: str = "pipeline/dialog.html"
    fragment: str = "dialog"


def lead_of(request: HttpRequest, pk: int) -> Lead:
    """The lead with its deal, if this user may see it."""
    leads = Lead.objects.visible_to(request.user).with_names()  # type: ignore[arg-type]
    return get_object_or_404(
        leads.select_related("deal__stage__pipeline", "deal__product", "company", "owner"), pk=pk
    )


def sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when that is nothing; none while the form is only asked for."""
    return request.POST if request.method == "POST" else None


def ask(request: HttpRequest, dialog: Dialog, form: forms.Form, change: Change, **more: Any) -> HttpResponse:
    """Show the form; when it is sent, check it, carry out the change, and say what happened or why not."""
    if request.method != "POST":
        return show(request, dialog, form, **more)
    if not form.is_valid():
        return show(request, dialog, form, status=422, **more)
    try:
        return done(request, change(), dialog.back)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return show(request, dialog, form, status=409, **more)
    except ValidationError as error:
        form.add_error(None, error)
        return show(request, dialog, form, status=422, **more)


def show(
    request: HttpRequest, dialog: Dialog, form: forms.Form, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"dialog": dialog, "form": form, "is_part": wants_fragment(request), **more}
    return render_page(request, dialog.template, context, fragment=dialog.fragment, status=status)


def done(request: HttpRequest, sentence: str, back: str) -> HttpResponse:
    """Nothing but the news for htmx, whose panels refresh by themselves; a page for everyone else."""
    if request.htmx:  # type: ignore[attr-defined]
        return announce_events(HttpResponse(status=204), "lead-changed", toast={"text": sentence})
    messages.success(request, sentence)
    return redirect(back)
