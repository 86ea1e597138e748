"""The pages of the reports: a form reads the address, a query module answers, a template draws."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.exports import csv_response
from leads.models import User
from leads.organisation import organisation
from reports import charts, findings, sheets
from reports.forms import ForecastDealsForm, ForecastForm, FunnelDealsForm, FunnelForm, SpanForm
from reports.funnel import funnel
from reports.lists import deal_list
from reports.outlook import forecast_report
from reports.stays import median_stays


@require_safe
def forecast_page(request: HttpRequest) -> HttpResponse:
    form = ForecastForm(request.GET, user=_user(request))
    if not form.is_valid():
        return _refuse(request, form, "forecast")
    report = forecast_report(_user(request), form.query())
    context = {
        "form": form,
        "report": report,
        "finding": findings.forecast_finding(report, _user(request)),
        "summary": findings.forecast_summary(report),
        "beside": findings.beside(report),
        "chart": charts.forecast_chart(report),
    }
    return render_page(request, "reports/forecast.html", context, fragment="forecast")


@require_safe
def forecast_csv(request: HttpRequest) -> HttpResponseBase:
    form = ForecastForm(request.GET, user=_user(request))
    if not form.is_valid():
        return _refuse(request, form, "forecast")
    report = forecast_report(_user(request), form.query())
    return csv_response(f"forecast-{report.query.start}-{report.query.end}", sheets.forecast_sheet(report))


@require_safe
def forecast_deal_list(request: HttpRequest) -> HttpResponse:
    form = ForecastDealsForm(request.GET, user=_user(request))
    return _list_deals(request, form, "forecast") if form.is_valid() else _refuse(request, form, "forecast")


@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    form = FunnelForm(request.GET, user=_user(request))
    if not form.is_valid():
        return _refuse(request, form, "funnel")
    query = form.query()
    figures, stays = funnel(_user(request), query), median_stays(_user(request), query)
    by_value = form.cleaned_data["measure"] == "value"
    context = {
        "form": form,
        "query": query,
        "funnel": figures,
        "rows": sheets.stage_rows(figures, stays, by_value=by_value),
        "reasons": sheets.reason_rows(figures, by_value=by_value),
        "by_value": by_value,
        "totals": figures.value if by_value else figures.deals,
        "period_name": query.cohort.capitalize(),
        "unit": figures.currency if by_value else "",
        "finding": findings.funnel_finding(figures),
        "chart": charts.funnel_chart(figures, stays, by_value=by_value),
    }
    return render_page(request, "reports/funnel.html", context, fragment="funnel")


@require_safe
def funnel_csv(request: HttpRequest) -> HttpResponseBase:
    form = FunnelForm(request.GET, user=_user(request))
    if not form.is_valid():
        return _refuse(request, form, "funnel")
    query = form.query()
    figures, stays = funnel(_user(request), query), median_stays(_user(request), query)
    return csv_response(f"funnel-{query.pipeline.key}", sheets.funnel_sheet(figures, stays))


@require_safe
def funnel_deal_list(request: HttpRequest) -> HttpResponse:
    form = FunnelDealsForm(request.GET, user=_user(request))
    return _list_deals(request, form, "funnel") if form.is_valid() else _refuse(request, form, "funnel")


def _user(request: HttpRequest) -> User:
    """Who asks; the middleware lets nobody in who is not signed in."""
    return cast("User", request.user)


def _list_deals(request: HttpRequest, form: ForecastDealsForm | FunnelDealsForm, report: str) -> HttpResponse:
    context: dict[str, Any] = {
        "report": report,
        "back": f"{reverse(f'reports:{report}')}?{_kept(request).urlencode()}",
        "title": form.title,
        "list": deal_list(form.deals(), request.GET.get("page")),
        "currency": organisation().currency,
    }
    return render_page(request, "reports/deals.html", context)


def _kept(request: HttpRequest) -> QueryDict:
    """What the address asks of the report itself, without what chooses the list."""
    kept = request.GET.copy()
    for name in ("show", "period", "passed", "stage", "reason", "band", "page"):
        kept.pop(name, None)
    return kept


def _refuse(request: HttpRequest, form: SpanForm, report: str) -> HttpResponse:
    """Say on the page what is wrong with its address."""
    return render_page(request, f"reports/{report}.html", {"form": form}, fragment=report, status=422)
