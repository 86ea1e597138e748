"""Sources: page, files, and the leads behind their numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.sources import sources_chart
from reports.findings.sources import sources_finding
from reports.forms.sources import SourcesDealsForm, SourcesForm
from reports.sheets.sources import sources_sheet
from reports.sources import CAMPAIGN, sources
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "sources"
MOST_ROWS = 100


@require_safe
def sources_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = SourcesForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query = form.query()
    report = sources(user, query)
    table = report.table(query.grouping)
    context = {
        "form": form,
        "query": query,
        "sources": report,
        "by_campaign": query.grouping == CAMPAIGN,
        "lines": table.lines[:MOST_ROWS],
        "more": max(0, len(table.lines) - MOST_ROWS),
        "finding": sources_finding(report),
        "chart": sources_chart(report, table),
    }
    return render_page(request, "reports/sources.html", context, fragment=REPORT)


@require_safe
def sources_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = SourcesForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return send_table(kind, REPORT, sources_sheet(sources(user, form.query())))


@require_safe
def sources_deal_list(request: HttpRequest) -> HttpResponse:
    form = SourcesDealsForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return list_deals(request, form, REPORT, noun="lead")


@require_safe
def sources_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = SourcesDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
