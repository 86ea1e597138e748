"""Accuracy: page, files, and the deals behind a movement."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.findings.accuracy import accuracy_finding
from reports.forms.accuracy import AccuracyForm
from reports.sheets.accuracy import accuracy_sheet
from reports.views.common import list_deals, refuse, send_deals, send_table


@require_safe
def accuracy_page(request: HttpRequest) -> HttpResponse:
    form = AccuracyForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "accuracy")
    context = {
        "form": form,
        "query": form.query(),
        "accuracy": form.accuracy(),
        "finding": accuracy_finding(form.accuracy()),
        "movement": form.movement(),
    }
    return render_page(request, "reports/accuracy.html", context, fragment="accuracy")


@require_safe
def accuracy_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = AccuracyForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "accuracy")
    rows = accuracy_sheet(form.accuracy(), form.movement())
    return send_table(kind, f"accuracy-{form.query().start}-{form.query().end}", rows)


@require_safe
def accuracy_deal_list(request: HttpRequest) -> HttpResponse:
    form = AccuracyForm(request.GET, user=signed_in(request))
    return list_deals(request, form, "accuracy") if form.is_valid() else refuse(request, form, "accuracy")


@require_safe
def accuracy_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = AccuracyForm(request.GET, user=signed_in(request))
    return send_deals(form, "accuracy") if form.is_valid() else refuse(request, form, "accuracy")
