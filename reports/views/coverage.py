"""Coverage: page and files."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.coverage import coverage
from reports.findings.coverage import coverage_finding
from reports.forms.coverage import CoverageForm
from reports.sheets.coverage import coverage_sheet
from reports.views.common import refuse, send_table


@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    form = CoverageForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "coverage")
    query = form.query()
    report = coverage(signed_in(request), query)
    finding = coverage_finding(report)
    context = {"form": form, "query": query, "coverage": report, "finding": finding}
    return render_page(request, "reports/coverage.html", context, fragment="coverage")


@require_safe
def coverage_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = CoverageForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, "coverage")
    query = form.query()
    rows = coverage_sheet(coverage(signed_in(request), query))
    return send_table(kind, f"coverage-{query.start}-{query.end}", rows)
