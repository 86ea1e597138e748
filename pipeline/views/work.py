"""Daily work on a lead: activities, tasks, status, owner, answers."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from leads.actions import (
    NewActivity,
    add_task,
    answer_question,
    change_task,
    complete_task,
    log_activity,
    set_status,
    snooze_task,
)
from leads.models import Lead, Task
from leads.models.activities import Origin
from leads.requests import signed_in
from pipeline.actions import assign_lead
from pipeline.forms.work import (
    ActivityForm,
    AnswerForm,
    OwnersForm,
    SnoozeForm,
    StatusForm,
    TaskDoneForm,
    TaskForm,
    as_typed,
)
from pipeline.leadpage import questions_for
from pipeline.views.dialogs import Dialog, ask, lead_of, sent

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


@asked_or_sent
def lead_task_edit(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    task = _task(lead_of(request, pk), task_pk)
    known = {name: getattr(task, name) for name in ("title", "due_on", "kind", "assignee")}
    form = TaskForm(signed_in(request), sent(request), initial=known)

    def change() -> str:
        change_task(task, by=signed_in(request), **form.cleaned_data)
        return f"Task changed: {task}"

    return ask(request, _about(task, "Save", "leads:task_edit"), form, change)


@asked_or_sent
def lead_task_snooze(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    task = _task(lead_of(request, pk), task_pk)
    form = SnoozeForm(sent(request))

    def change() -> str:
        snooze_task(task, until=form.chosen, by=signed_in(request))
        return f"Put off to {form.chosen:%a} {form.chosen.day} {form.chosen:%b}: {task}"

    return ask(request, _about(task, "Put off", "leads:task_snooze"), form, change)


@asked_or_sent
def lead_task_done(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Asked for, a form for what came of it; ticked off without one, the task's kind is logged."""
    task = _task(lead_of(request, pk), task_pk)
    ticked = request.method == "POST" and "outcome" not in request.POST
    form = forms.Form(request.POST) if ticked else TaskDoneForm(task, sent(request))

    def change() -> str:
        kind = task.kind.key if task.kind else None
        facts = form.facts if isinstance(form, TaskDoneForm) else {"outcome": kind}
        complete_task(task, by=signed_in(request), **facts)
        return f"Done: {task}"

    return ask(request, _about(task, "Done", "leads:task_done"), form, change)


def _task(lead: Lead, pk: int) -> Task:
    return get_object_or_404(Task.objects.select_related("kind", "lead"), lead=lead, pk=pk)


def _about(task: Task, verb: str, name: str) -> Dialog:
    address = reverse(name, args=[task.lead_id, task.pk])
    return Dialog(f"{task}", verb, address, task.lead.get_absolute_url())


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
    form = OwnersForm(signed_in(request), lead, request.POST or None)
    dialog = Dialog(f"Owner of {lead}", "Assign", reverse("leads:assign", args=[pk]), lead.get_absolute_url())

    def change() -> str:
        owner = form.cleaned_data["owner"]
        second = form.cleaned_data["second"]
        assign_lead(lead, to=owner, by=signed_in(request), why=form.reason, second=second)
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
