"""Distribution: page, files, and the leads behind its numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.exports import csv_response
from leads.requests import signed_in
from reports.assigned_lists import assigned_list, assigned_sheet
from reports.distribution import distribution
from reports.findings.distribution import distribution_finding
from reports.forms.distribution import AssignedForm, DistributionForm
from reports.sheets.distribution import distribution_sheet, way_table
from reports.views.common import back_to, refuse, send_table

REPORT = "distribution"


@require_safe
def distribution_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = DistributionForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = distribution(user, form.query())
    context = {
        "form": form,
        "query": form.query(),
        "report": report,
        "finding": distribution_finding(report),
        "ways": way_table(report),
    }
    return render_page(request, "reports/distribution.html", context, fragment=REPORT)


@require_safe
def distribution_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = DistributionForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return send_table(kind, REPORT, distribution_sheet(distribution(user, form.query())))


@require_safe
def distribution_lead_list(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = AssignedForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    context = {
        "title": form.title,
        "back": back_to(request, REPORT),
        "file": f"{reverse('reports:distribution_leads_csv')}?{request.GET.urlencode()}",
        "list": assigned_list(form.found(), user, request.GET.get("page")),
    }
    return render_page(request, "reports/assigned.html", context)


@require_safe
def distribution_lead_file(request: HttpRequest) -> HttpResponseBase:
    user = signed_in(request)
    form = AssignedForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return csv_response("distribution-leads", assigned_sheet(form.found(), user))
