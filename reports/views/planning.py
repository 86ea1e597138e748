"""Coverage and accuracy: pages, files, and the deals behind a movement."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports import findings_planning, sheets_planning
from reports.coverage import coverage
from reports.planning import AccuracyForm, CoverageForm
from reports.views.common import list_deals, refuse, send_deals, send_table


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    form = CoverageForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "coverage")
    query = form.query()
    report = coverage(signed_in(request), query)
    finding = findings_planning.coverage_finding(report)
    context = {"form": form, "query": query, "coverage": report, "finding": finding}
    return render_page(request, "reports/coverage.html", context, fragment="coverage")


@require_safe
def coverage_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = CoverageForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "coverage")
    query = form.query()
    rows = sheets_planning.coverage_sheet(coverage(signed_in(request), query))
    return send_table(kind, f"coverage-{query.start}-{query.end}", rows)


@require_safe
def accuracy_page(request: HttpRequest) -> HttpResponse:
    form = AccuracyForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "accuracy")
    context = {
        "form": form,
        "query": form.query(),
        "accuracy": form.accuracy(),
        "finding": findings_planning.accuracy_finding(form.accuracy()),
        "movement": form.movement(),
    }
    return render_page(request, "reports/accuracy.html", context, fragment="accuracy")


@require_safe
def accuracy_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = AccuracyForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "accuracy")
    rows = sheets_planning.accuracy_sheet(form.accuracy(), form.movement())
    return send_table(kind, f"accuracy-{form.query().start}-{form.query().end}", rows)


@require_safe
def accuracy_deal_list(request: HttpRequest) -> HttpResponse:
    form = AccuracyForm(request.GET, user=signed_in(request))
    return list_deals(request, form, "accuracy") if form.is_valid() else refuse(request, form, "accuracy")


@require_safe
def accuracy_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = AccuracyForm(request.GET, user=signed_in(request))
    return send_deals(form, "accuracy") if form.is_valid() else refuse(request, form, "accuracy")
