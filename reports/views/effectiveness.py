"""Does scoring work?: page, files, and the deals behind its numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.effectiveness import quality_chart, rates_chart
from reports.effectiveness import effectiveness
from reports.findings.effectiveness import effectiveness_finding
from reports.forms.effectiveness import EffectivenessDealsForm, EffectivenessForm
from reports.sheets.effectiveness import effectiveness_sheet
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "effectiveness"


@require_safe
def effectiveness_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = EffectivenessForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query = form.query()
    report = effectiveness(user, query)
    context = {
        "form": form,
        "query": query,
        "report": report,
        "finding": effectiveness_finding(report),
        "quality": quality_chart(report, query.by),
        "rates": rates_chart(report, query.by),
    }
    return render_page(request, "reports/effectiveness.html", context, fragment=REPORT)


@require_safe
def effectiveness_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = EffectivenessForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query = form.query()
    return send_table(kind, REPORT, effectiveness_sheet(effectiveness(user, query), query.split, query.by))


@require_safe
def effectiveness_deal_list(request: HttpRequest) -> HttpResponse:
    form = EffectivenessDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def effectiveness_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = EffectivenessDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
