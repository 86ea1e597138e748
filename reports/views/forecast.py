"""The forecast: page, files, and the deals behind its numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.forecast import forecast_chart
from reports.findings.forecast import beside, forecast_finding, forecast_summary
from reports.forms.forecast import ForecastDealsForm, ForecastForm
from reports.outlook import forecast_report
from reports.sheets.forecast import forecast_sheet
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "forecast"


@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    form = ForecastForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = forecast_report(signed_in(request), form.query(), form.dimension)
    context = {
        "form": form,
        "report": report,
        "split": report.dimension,
        "slices": report.slices,
        "finding": forecast_finding(report, signed_in(request)),
        "summary": forecast_summary(report),
        "beside": beside(report),
        "chart": forecast_chart(report),
    }
    return render_page(request, "reports/forecast.html", context, fragment=REPORT)


@require_safe
def forecast_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = ForecastForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = forecast_report(signed_in(request), form.query(), form.dimension)
    rows = forecast_sheet(report)
    return send_table(kind, f"forecast-{report.query.start}-{report.query.end}", rows)


@require_safe
def forecast_deal_list(request: HttpRequest) -> HttpResponse:
    form = ForecastDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def forecast_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = ForecastDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
