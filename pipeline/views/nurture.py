"""What somebody does about a lead's programme."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from leads.requests import signed_in
from pipeline.actions import stop_programme
from pipeline.views.dialogs import Dialog, ask, lead_of


@require_POST
def programme_stop(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    action = reverse("leads:programme_stop", args=[pk])
    dialog = Dialog(f"Programme of {lead}", "Stop", action, lead.get_absolute_url())

    def change() -> str:
        stop_programme(lead, by=signed_in(request))
        return f"{lead} gets no more mail from the programme"

    return ask(request, dialog, forms.Form(request.POST), change)
