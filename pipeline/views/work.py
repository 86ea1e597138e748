"""Daily work on a lead: activities, tasks, status, owner, answers."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from leads.actions import NewActivity, add_task, answer_question, complete_task, log_activity, set_status
from leads.models import Task
from leads.models.activities import Origin
from leads.requests import signed_in
from pipeline.actions import assign_lead
from pipeline.forms.work import ActivityForm, AnswerForm, OwnerForm, StatusForm, TaskForm, as_typed
from pipeline.leadpage import questions_for
from pipeline.views.dialogs import Dialog, ask, lead_of

asked_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@asked_or_sent
def lead_activity(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = ActivityForm(lead, request.POST or None, kind=request.GET.get("kind", "call"))
    dialog = Dialog(f"Log for {lead}", "Log", reverse("leads:activity", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        activity = log_activity(NewActivity(lead.pk, **form.facts), by=signed_in(request), origin=Origin.HAND)
        return f"{activity.kind} logged"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_task(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = TaskForm(signed_in(request), request.POST or None)
    dialog = Dialog(
        f"Next task for {lead}", "Add task", reverse("leads:task", args=[pk]), lead.get_absolute_url()
    )

    def change() -> str:
        return f"Task added: {add_task(lead, by=signed_in(request), **form.cleaned_data)}"

    return ask(request, dialog, form, change)


@require_POST
def lead_task_done(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    task = get_object_or_404(Task.objects.select_related("kind"), lead=lead, pk=task_pk)
    dialog = Dialog(
        f"{task}", "Done", reverse("leads:task_done", args=[pk, task_pk]), lead.get_absolute_url()
    )

    def change() -> str:
        complete_task(task, by=signed_in(request), outcome=task.kind.key if task.kind else None)
        return f"Done: {task}"

    return ask(request, dialog, forms.Form(request.POST), change)


@asked_or_sent
def lead_status(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = StatusForm(request.POST or None, initial={"status": lead.status})
    dialog = Dialog(
        f"Status of {lead}", "Set status", reverse("leads:status", args=[pk]), lead.get_absolute_url()
    )

    def change() -> str:
        changed = set_status(lead, by=signed_in(request), **form.cleaned_data)
        return f"{lead} is {changed.get_status_display().lower()}"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_assign(request: HttpRequest, pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    form = OwnerForm(signed_in(request), request.POST or None, initial={"owner": lead.owner_id})
    dialog = Dialog(f"Owner of {lead}", "Assign", reverse("leads:assign", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        owner = form.cleaned_data["owner"]
        assign_lead(lead, to=owner, by=signed_in(request), why=form.reason)
        return f"{lead} belongs to {owner or 'nobody'}"

    return ask(request, dialog, form, change)


@asked_or_sent
def lead_answer(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    lead = lead_of(request, pk)
    question = get_object_or_404(questions_for(lead), pk=question_pk)
    form = AnswerForm(question, request.POST or None, initial={"value": as_typed(question)})
    action = reverse("leads:answer", args=[pk, question_pk])
    dialog = Dialog(question.get_area_display(), "Save answer", action, lead.get_absolute_url())

    def change() -> str:
        answer_question(lead, question, form.cleaned_data["value"], by=signed_in(request))
        return "Answer saved"

    return ask(request, dialog, form, change)
