"""What sales decides of a lead: qualified, disqualified, rejected, recycled, qualified again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse

from leads.actions import qualify_lead, recycle_lead, reject_lead, requalify_lead, set_status
from leads.models import Lead
from leads.models.leads import Status
from leads.requests import signed_in
from pipeline.forms.qualifying import DisqualifyForm, NoteForm, RecycleForm, RejectForm
from pipeline.views.dialogs import Dialog, ask, lead_of, sent
from pipeline.views.work import asked_or_sent


@dataclass(frozen=True, slots=True)
class Decision:
    """What is asked, the verb that takes it, and title and result with a place for the lead’s name."""

    form: type[forms.Form]
    decide: Callable[..., Lead]
    title: str
    done: str


@asked_or_sent
def lead_qualify(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, Decision(NoteForm, qualify_lead, "Qualify {}", "{} is qualified"))


@asked_or_sent
def lead_disqualify(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, Decision(DisqualifyForm, _disqualify, "Disqualify {}", "{} is disqualified"))


@asked_or_sent
def lead_reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, Decision(RejectForm, reject_lead, "Reject {}", "{} is back with marketing"))


@asked_or_sent
def lead_recycle(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, Decision(RecycleForm, recycle_lead, "Recycle {}", "{} rests until its day"))


@asked_or_sent
def lead_requalify(request: HttpRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, Decision(NoteForm, requalify_lead, "Requalify {}", "{} is qualified again"))


def _disqualify(lead: Lead, **decided: Any) -> Lead:
    return set_status(lead, Status.DISQUALIFIED, **decided)


def _decide(request: HttpRequest, pk: int, decision: Decision) -> HttpResponse:
    lead = lead_of(request, pk)
    form = decision.form(sent(request))
    verb = decision.title.partition(" ")[0]
    dialog = Dialog(
        decision.title.format(lead),
        verb,
        request.path,
        lead.get_absolute_url(),
        is_grave=decision.decide is _disqualify,
    )

    def change() -> str:
        decision.decide(lead, by=signed_in(request), **form.cleaned_data)
        return decision.done.format(lead)

    return ask(request, dialog, form, change)
