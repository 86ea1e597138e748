"""The ideal customer: page, files, the leads behind its numbers, and learning it anew."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from config.http import render_page
from leads.exports import csv_response
from leads.models import User
from leads.requests import signed_in
from reports.findings.profile import missing_sentence, profile_finding
from reports.forms.profile import ProfileForm, ProfileLeadsForm
from reports.lists import ON_A_PAGE
from reports.profile import profile
from reports.sheets.profile import lead_sheet, profile_sheet
from reports.views.common import back_to, refuse, send_table
from scoring.trials import start_profile

REPORT = "profile"


@require_safe
def profile_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = ProfileForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = profile(user, form.query())
    context: dict[str, Any] = {"form": form, "query": form.query(), "report": report}
    context |= {
        "finding": profile_finding(report),
        "missing": missing_sentence(report),
        "may_learn": may_learn(user),
    }
    return render_page(request, "reports/profile.html", context, fragment=REPORT)


def may_learn(user: User) -> bool:
    """Learning reads all history, so it is for those who see more than their own leads."""
    return user.has_perm("leads.view_team_leads") or user.has_perm("leads.view_all_leads")


@require_POST
def profile_learn(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if not may_learn(user):
        raise PermissionDenied
    form = ProfileForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    start_profile(form.query().product_line, by=user)
    return redirect(f"{reverse('reports:profile')}?{request.GET.urlencode()}")


@require_safe
def profile_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = ProfileForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return send_table(kind, "ideal-customer", profile_sheet(profile(user, form.query())))


@require_safe
def profile_lead_list(request: HttpRequest) -> HttpResponse:
    form = ProfileLeadsForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    page = Paginator(form.leads().as_listed(), ON_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[attr-defined]
    context = {
        "title": form.title,
        "back": back_to(request, REPORT),
        "file": f"{reverse('reports:profile_leads_csv')}?{request.GET.urlencode()}",
        "page": page,
        "range": f"{page.start_index():,}–{page.end_index():,} of {page.paginator.count:,}",
    }
    return render_page(request, "reports/profile_leads.html", context)


@require_safe
def profile_lead_file(request: HttpRequest) -> HttpResponseBase:
    form = ProfileLeadsForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return csv_response("ideal-customer-leads", lead_sheet(form.leads()))
