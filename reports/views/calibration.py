"""Calibration: page, files, the deals behind its numbers, and the adoption of proposals."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from config.http import render_page
from config.refusals import Refusal
from leads.requests import signed_in
from pipeline.actions import adopt_bases
from pipeline.actions.calibrating import CHANGE
from pipeline.tasks import sweep_pending
from reports.charts.calibration import calibration_chart
from reports.findings.calibration import adopted, calibration_finding, verdict_finding, worst_stage
from reports.forms.calibration import AdoptionForm, CalibrationDealsForm, CalibrationForm
from reports.sheets.calibration import calibration_sheet
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "calibration"


@require_safe
def calibration_page(request: HttpRequest) -> HttpResponse:
    form = CalibrationForm(request.GET, user=signed_in(request))
    return _show(request, form) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def calibration_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    form = CalibrationForm(request.GET, user=signed_in(request))
    if not form.is_valid():
        return refuse(request, form, REPORT)
    rows = calibration_sheet(form.report)
    return send_table(kind, f"calibration-{form.query().pipeline.key}", rows)


@require_safe
def calibration_deal_list(request: HttpRequest) -> HttpResponse:
    form = CalibrationDealsForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def calibration_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = CalibrationDealsForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def calibration_adopt(request: HttpRequest) -> HttpResponse:
    """Adopt the proposals that were shown, and have the open deals of their stages follow."""
    user = signed_in(request)
    form = CalibrationForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    adoption = AdoptionForm(request.POST, report=form.report)
    if not adoption.is_valid():
        return _show(request, form, refusal=" ".join(map(str, adoption.non_field_errors())), status=422)
    try:
        waiting = adopt_bases(adoption.rows, by=user)
    except Refusal as refusal:
        fresh = CalibrationForm(request.GET, user=user)
        fresh.is_valid()
        return _show(request, fresh, refusal=refusal.sentence, status=409)
    sweep_pending.delay_on_commit()  # type: ignore[attr-defined]
    messages.success(request, adopted(adoption.rows, form.report, waiting))
    return redirect(f"{reverse('reports:calibration')}?{request.GET.urlencode()}")


def _show(
    request: HttpRequest, form: CalibrationForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    report = form.report
    context = {
        "form": form,
        "query": report.query,
        "calibration": report,
        "worst": worst_stage(report),
        "finding": calibration_finding(report),
        "verdict": verdict_finding(report),
        "chart": calibration_chart(report),
        "may_adopt": report.query.is_everything and signed_in(request).has_perm(CHANGE),
        "refusal": refusal,
    }
    return render_page(request, "reports/calibration.html", context, fragment=REPORT, status=status)
