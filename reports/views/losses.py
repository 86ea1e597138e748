"""Losses: page, files, and the deals behind their numbers."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.losses import losses_chart
from reports.findings.losses import losses_finding
from reports.forms.losses import LossesDealsForm, LossesForm
from reports.losses import losses
from reports.sheets.losses import loss_matrix, losses_sheet, period_rows
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "losses"


@require_safe
def losses_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = LossesForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    query, split = form.query(), form.chosen_split
    report, by_value = losses(user, query), form.cleaned_data["measure"] == "value"
    context = {
        "form": form,
        "query": query,
        "split": split,
        "losses": report,
        "by_value": by_value,
        "unit": report.currency if by_value else "",
        "matrix": loss_matrix(report, split, by_value=by_value),
        "periods": period_rows(report, by_value=by_value),
        "finding": losses_finding(report),
        "chart": losses_chart(report, by_value=by_value),
    }
    return render_page(request, "reports/losses.html", context, fragment=REPORT)


@require_safe
def losses_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = LossesForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    return send_table(kind, REPORT, losses_sheet(losses(user, form.query())))


@require_safe
def losses_deal_list(request: HttpRequest) -> HttpResponse:
    form = LossesDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def losses_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = LossesDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
