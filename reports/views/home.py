"""Where everybody lands; the month at a glance: page, files, and the deals that rot."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.requests import signed_in
from reports.charts.home import month_bar
from reports.findings.calibration import calibration_finding, worst_stage
from reports.findings.funnel import leak_finding
from reports.findings.home import home_finding
from reports.forms.home import HomeForm
from reports.home import home
from reports.sheets.home import home_sheet
from reports.views.common import list_deals, refuse, send_deals, send_table

REPORT = "home"


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """Those who lead people begin with the month, the others with the leads that wait for them."""
    leads_people = signed_in(request).has_perm("leads.view_team_leads")
    return redirect("reports:home" if leads_people else "leads:list")


@require_safe
def home_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = HomeForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = home(user, form.query())
    context = {
        "form": form,
        "home": report,
        "bar": month_bar(report.month),
        "rot_length": round(100 * float(report.rot.share or 0), 2),
        "finding": home_finding(report, user),
        "leak": leak_finding(report.funnel),
        "worst": worst_stage(report.calibration),
        "calibrated": calibration_finding(report.calibration),
    }
    return render_page(request, "reports/home.html", context, fragment=REPORT)


@require_safe
def home_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    user = signed_in(request)
    form = HomeForm(request.GET, user=user)
    if not form.is_valid():
        return refuse(request, form, REPORT)
    report = home(user, form.query())
    return send_table(kind, f"month-{report.query.forecast.start:%Y-%m}", home_sheet(report))


@require_safe
def home_deal_list(request: HttpRequest) -> HttpResponse:
    form = HomeForm(request.GET, user=signed_in(request))
    return list_deals(request, form, REPORT) if form.is_valid() else refuse(request, form, REPORT)


@require_safe
def home_deal_file(request: HttpRequest) -> HttpResponseBase:
    form = HomeForm(request.GET, user=signed_in(request))
    return send_deals(form, REPORT) if form.is_valid() else refuse(request, form, REPORT)
