"""The team: who is there, their days, and leads in other hands."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.http import render_page
from config.refusals import Refusal
from leads.actions import (
    add_absence,
    may_arrange,
    may_set_capacity,
    remove_absence,
    set_capacity,
    set_working_days,
)
from leads.formats import count
from leads.models import Absence, User
from leads.organisation import organisation, today
from leads.requests import signed_in
from pipeline import tasks
from pipeline.actions import give_back_leads, release_to_routing, take_over_leads
from pipeline.actions.takeovers import may_stand_in
from pipeline.forms.team import AbsenceForm, AvailabilityForm, TakeOverForm
from pipeline.models import Takeover
from pipeline.team import colleagues, stand_ins, waiting_leads
from pipeline.views.dialogs import Dialog, ask

ALL_LEADS = "All open leads change hands. Those still open can be given back together later."

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "colleagues": colleagues(user),
        "stand_ins": stand_ins(user),
        "waiting": waiting_leads(user),
        "currency": organisation().currency,
        "is_manager": may_set_capacity(user),
    }
    return render_page(request, "pipeline/team.html", context)


@asked_or_sent
def availability(request: HttpRequest, pk: int) -> HttpResponse:
    """Working days and capacity in one form; absences are added and removed beside it."""
    person, by = _arranged(request, pk)
    form = AvailabilityForm(person, request.POST or None, by=by)
    if request.method == "POST" and form.is_valid():
        set_working_days(person, form.cleaned_data["working_days"], by=by)
        if "capacity" in form.fields:
            set_capacity(person, form.cleaned_data["capacity"], by=by)
        messages.success(request, f"The days of {person} are saved.")
        return redirect("team:availability", pk)
    return _availability(request, person, form, AbsenceForm(), status=422 if form.is_bound else 200)


@require_POST
def absence_add(request: HttpRequest, pk: int) -> HttpResponse:
    person, by = _arranged(request, pk)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        try:
            add_absence(person, **form.cleaned_data, by=by)
        except Refusal as refusal:
            form.add_error("ends_on", refusal.sentence)
        else:
            messages.success(request, f"The absence of {person} is noted.")
            return redirect("team:availability", pk)
    return _availability(request, person, AvailabilityForm(person, by=by), form, status=422)


@require_POST
def absence_remove(request: HttpRequest, pk: int, absence_pk: int) -> HttpResponse:
    person, by = _arranged(request, pk)
    remove_absence(get_object_or_404(Absence, pk=absence_pk, user=person), by=by)
    messages.success(request, "The absence is gone.")
    return redirect("team:availability", pk)


@asked_or_sent
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    person = get_object_or_404(User.objects.colleagues_of(by), pk=pk)
    form = TakeOverForm(person, request.POST or None, by=by)
    action = reverse("team:take_over", args=[pk])
    dialog = Dialog(f"Leads of {person}", "Take over", action, reverse("team:team"), text=ALL_LEADS)

    def change() -> str:
        if form.substitute is None:
            number = release_to_routing(person, by=by)
            tasks.route_pending.delay_on_commit()  # type: ignore[attr-defined]
            return f"{count(number)} leads of {person} are being routed"
        take_over_leads(person, to=form.substitute, by=by, note=form.cleaned_data["note"])
        return f"The leads of {person} are with {form.substitute}"

    return ask(request, dialog, form, change)


@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    by = signed_in(request)
    people = User.objects.colleagues_of(by)
    takeover = get_object_or_404(Takeover.objects.filter(colleague__in=people), pk=pk)
    try:
        number = give_back_leads(takeover, by=by)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{count(number)} leads are back with {takeover.colleague}.")
    return redirect("team:team")


def _arranged(request: HttpRequest, pk: int) -> tuple[User, User]:
    """Somebody whose days this user may arrange, and this user."""
    by = signed_in(request)
    person = get_object_or_404(User.objects.colleagues_of(by), pk=pk)
    if not may_arrange(person, by):
        raise Http404
    return person, by


def _availability(
    request: HttpRequest, person: User, form: forms.Form, absence_form: forms.Form, *, status: int
) -> HttpResponse:
    context = {
        "person": person,
        "form": form,
        "absence_form": absence_form,
        "absences": person.absences.filter(ends_on__gte=today()),
        "may_take_over": may_stand_in(person, signed_in(request)),
    }
    return render_page(request, "pipeline/availability.html", context, status=status)
