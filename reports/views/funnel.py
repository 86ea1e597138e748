"""The funnel: page, files, and the deals behind its numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.funnel import funnel_chart
from reports.findings.funnel import funnel_finding
from reports.forms.funnel import FunnelDealsForm, FunnelForm
from reports.funnel import funnel
from reports.sheets.funnel import funnel_sheet, reason_rows, stage_rows
from reports.stays import median_stays
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "funnel"


@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = FunnelForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query = form.query()
    figures, stays = funnel(user, query), median_stays(user, query)
    by_value = form.cleaned_data["measure"] == "value"
    context = {
        "form": form,
        "query": query,
        "funnel": figures,
        "rows": stage_rows(figures, stays, by_value=by_value),
        "reasons": reason_rows(figures, by_value=by_value),
        "by_value": by_value,
        "totals": figures.value if by_value else figures.deals,
        "period_name": query.cohort.capitalize(),
        "unit": figures.currency if by_value else "",
        "finding": funnel_finding(figures),
        "chart": funnel_chart(figures, stays, by_value=by_value),
    }
    return render_page(request, "reports/funnel.html", context, fragment=REPORT)


@require_safe
def funnel_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = FunnelForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query = form.query()
    figures, stays = funnel(user, query), median_stays(user, query)
    return send_table(kind, f"funnel-{query.pipeline.key}", funnel_sheet(figures, stays))


@require_safe
def funnel_deal_list(request: HttpRequest) -> HttpResponse:
    form = FunnelDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def funnel_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = FunnelDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
