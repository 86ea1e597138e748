"""Scheduled reports: listed, set from a report, changed, stopped, resumed and sent by hand."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.http import render_page
from config.refusals import Refusal
from leads.actions import save_view
from leads.models import SavedView, User
from leads.organisation import zone
from leads.requests import signed_in
from reports.actions import (
    leave_schedule,
    resume_schedule,
    schedule_report,
    send_report_now,
    stop_schedule,
)
from reports.catalogue import CATALOGUE
from reports.forms.schedules import ScheduleForm, as_initial
from reports.models import ReportSchedule


@require_safe
def schedule_list(request: HttpRequest) -> HttpResponse:
    user, now = signed_in(request), timezone.now().astimezone(zone())
    schedules = ReportSchedule.objects.visible_to(user).with_last_issue()
    rows = schedules.select_related("view__user").prefetch_related("readers")
    context = {
        "rows": [(row, CATALOGUE[row.view.page], row.when.next_day(now)) for row in rows],
        "reports": {page: report.name for page, report in CATALOGUE.items()},
    }
    return render_page(request, "reports/schedules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_add(request: HttpRequest) -> HttpResponse:
    """The report and what it is asked stand in the address, as `page` and `query`."""
    user, page, query = signed_in(request), request.GET.get("page", ""), request.GET.get("query", "")
    if page not in CATALOGUE:
        raise Http404
    same = SavedView.objects.filter(user=user, page=page, query=query).first()
    form = ScheduleForm(request.POST or None, by=user, initial={"name": same.name if same else ""})
    return _answer(request, form, page, query)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_edit(request: HttpRequest, pk: int) -> HttpResponse:
    schedule = _own(request, pk)
    form = ScheduleForm(request.POST or None, by=signed_in(request), initial=as_initial(schedule))
    form.fields["name"].disabled = True
    return _answer(request, form, schedule.view.page, schedule.view.query)


@require_http_methods(["GET", "HEAD", "POST"])
def schedule_stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Where letters lead: its owner stops it, everybody else gets it no more."""
    user = signed_in(request)
    seen = ReportSchedule.objects.visible_to(user).select_related("view__user")
    schedule = get_object_or_404(seen, pk=pk)
    is_owner = schedule.view.user == user
    if request.method == "POST":
        (stop_schedule if is_owner else leave_schedule)(schedule, by=user)
        ended = "is stopped" if is_owner else "is sent to you no more"
        messages.success(request, f"“{schedule}” {ended}.")
        return redirect("reports:schedules")
    context = {"schedule": schedule, "report": CATALOGUE[schedule.view.page], "is_owner": is_owner}
    return render_page(request, "reports/schedule_stop.html", context)


@require_POST
def schedule_resume(request: HttpRequest, pk: int) -> HttpResponse:
    return _carry_out(request, resume_schedule, _own(request, pk), "is sent again")


@require_POST
def schedule_send(request: HttpRequest, pk: int) -> HttpResponse:
    return _carry_out(request, send_report_now, _own(request, pk), "is on its way")


def _own(request: HttpRequest, pk: int) -> ReportSchedule:
    own = ReportSchedule.objects.filter(view__user=signed_in(request)).select_related("view__user")
    return get_object_or_404(own.prefetch_related("readers"), pk=pk)


def _carry_out(
    request: HttpRequest, verb: Callable[..., None], schedule: ReportSchedule, done: str
) -> HttpResponse:
    try:
        verb(schedule, by=signed_in(request))
        messages.success(request, f"“{schedule}” {done}.")
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("reports:schedules")


def _answer(request: HttpRequest, form: ScheduleForm, page: str, query: str) -> HttpResponse:
    """Set what was sent, or show the form, with what is wrong in its place."""
    status = 200
    if request.method == "POST":
        status = _set(form, page, query, by=signed_in(request))
    if status == 302:
        messages.success(request, f"“{form.cleaned_data['name']}” is sent {form.when}.")
        return redirect("reports:schedules")
    back = f"{reverse(page)}?{query}" if query else reverse(page)
    context = {"form": form, "report": CATALOGUE[page], "back": back, "query": query}
    return render_page(request, "reports/schedule_form.html", context, status=status)


def _set(form: ScheduleForm, page: str, query: str, *, by: User) -> int:
    """The status of the answer; a view that cannot be sent is not saved either."""
    if not form.is_valid():
        return 422
    try:
        with transaction.atomic():
            view = save_view(form.cleaned_data["name"], page=page, query=query, by=by)
            schedule_report(view, when=form.when, readers=form.readers_named, by=by)
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return 409
    return 302
