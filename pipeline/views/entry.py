"""Adding and editing a lead on one page, with a warning about what is there already."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from config.http import render_page
from config.refusals import Refusal
from leads.models import Company, Contact, Lead
from leads.requests import signed_in, whole_number
from pipeline.actions.entry import LeadEntry, enter_lead, revise_lead
from pipeline.forms.entry import (
    LeadForm,
    NewLeadForm,
    PeopleForm,
    duplicates_of,
    people_form,
)
from pipeline.views.dialogs import lead_of

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@asked_or_sent
def lead_add(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    contact = _named(
        Contact.objects.visible_to(user).select_related("company"), request.GET.get("contact", "")
    )
    company = _named(Company.objects.all(), request.GET.get("company", "")) or (contact and contact.company)
    form = NewLeadForm(user, request.POST or None, company=company)
    people = people_form(request.POST or None, None, contact)

    def save(entry: LeadEntry) -> Lead:
        owner, confidence = form.cleaned_data["owner"], form.cleaned_data["confidence"]
        return enter_lead(entry, owner=owner, confidence=confidence, by=user)

    return _answer(request, form, people, save)


@asked_or_sent
def lead_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_in(request)
    lead = lead_of(request, pk)
    form = LeadForm(request.POST or None, lead=lead)
    people = people_form(request.POST or None, lead, None)

    def save(entry: LeadEntry) -> Lead:
        return revise_lead(lead, entry, by=user)

    return _answer(request, form, people, save)


def _answer(
    request: HttpRequest, form: LeadForm, people: PeopleForm, save: Callable[[LeadEntry], Lead]
) -> HttpResponse:
    if request.method != "POST":
        return _page(request, form, people)
    if not (form.is_valid() and people.is_valid()):
        return _page(request, form, people, status=422)
    user = signed_in(request)
    if "anyway" not in request.POST and (found := duplicates_of(form, people, user)):
        return _page(request, form, people, status=422, duplicates=found)
    try:
        lead = save(form.entry(people.entries(form.lead, user)))
    except (Refusal, ValidationError) as fault:
        form.add_error(None, fault.sentence if isinstance(fault, Refusal) else fault)
        return _page(request, form, people, status=409 if isinstance(fault, Refusal) else 422)
    messages.success(request, f"{lead} is saved")
    return redirect(lead if Lead.objects.visible_to(user).filter(pk=lead.pk).exists() else "leads:list")


def _page(
    request: HttpRequest, form: LeadForm, people: PeopleForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"form": form, "people": people, "lead": form.lead, **more}
    return render_page(request, "pipeline/lead_form.html", context, status=status)


def _named(rows: QuerySet[Any], text: str) -> Any:
    """The row that the address names, if it names one."""
    number = whole_number(text)
    return None if number is None else get_object_or_404(rows, pk=number)
