"""The funnel: page, files, and the deals behind its numbers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.funnel import funnel_chart
from reports.findings.comparison import comparison_finding
from reports.findings.funnel import funnel_finding
from reports.forms.funnel import FunnelDealsForm, FunnelForm
from reports.sheets.funnel import funnel_sheet, month_rows, part_rows, reason_rows, stage_rows
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "funnel"


@require_safe
def funnel_page(request: HttpRequest) -> HttpResponse:
    form = FunnelForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return render_page(request, "reports/funnel.html", _shown(form), fragment=REPORT)


@require_safe
def funnel_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = FunnelForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    table = form.cleaned_data["table"]
    name = "-".join(["funnel", form.query().pipeline.key, *([] if table == "stages" else [table])])
    return send_table(kind, name, funnel_sheet(form.report(), table))


@require_safe
def funnel_deal_list(request: HttpRequest) -> HttpResponse:
    form = FunnelDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def funnel_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = FunnelDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


def _shown(form: FunnelForm) -> dict[str, Any]:
    """The figures of a valid form, with what the page says beside them."""
    report = form.report()
    figures, by_value = report.funnel, form.cleaned_data["measure"] == "value"
    return {
        "form": form,
        "report": report,
        "query": report.query,
        "funnel": figures,
        "rows": stage_rows(figures, report.stays, by_value=by_value),
        "reasons": reason_rows(figures, by_value=by_value),
        "months": month_rows(report.months),
        "parts": part_rows(report.parts, form.address_of, form.signs),
        "by_value": by_value,
        "totals": figures.value if by_value else figures.deals,
        "period_name": report.query.cohort.capitalize(),
        "unit": figures.currency if by_value else "",
        "finding": funnel_finding(figures),
        "comparison": report.comparison,
        "compared": report.comparison and comparison_finding(report.comparison),
        "chart": funnel_chart(figures, report.stays, by_value=by_value),
    }
