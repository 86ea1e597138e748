"""The targets of a year: the sheet, and the form for one team, person or the organisation."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from config.http import render_page
from config.refusals import Refusal
from leads.organisation import organisation
from leads.requests import signed_in, whole_number
from pipeline.actions import set_targets
from pipeline.actions.targets import Whose
from pipeline.forms.targets import TargetsForm, YearForm
from pipeline.targets import target_sheet, targets_of, this_year, whose_of
from pipeline.years import months_of_year, periods_of_year

FIRST_YEAR, LAST_YEAR = 1990, 2099
QUARTER = "quarter"


@require_safe
def target_list(request: HttpRequest) -> HttpResponse:
    user, by = signed_in(request), _grouping(request)
    sheet = target_sheet(user, _year(request), by_quarter=by == QUARTER)
    may_set = any(row.may_set for row in sheet.rows)
    context = {"sheet": sheet, "by": by, "may_set": may_set, "this_year": this_year()}
    return render_page(request, "pipeline/targets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def target_edit(request: HttpRequest, key: str, year: int) -> HttpResponse:
    whose = whose_of(signed_in(request), key)
    if whose is None or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    by, start = _grouping(request), organisation().fiscal_year_start
    periods = periods_of_year(year, start, by_quarter=by == QUARTER)
    is_yearly = "yearly" in request.POST
    form = TargetsForm(periods, targets_of(whose, periods), None if is_yearly else request.POST or None)
    yearly = YearForm(months_of_year(year, start), request.POST if is_yearly else None)
    sent = yearly if is_yearly else form
    status = _carry_out(request, sent, whose) if request.method == "POST" else 200
    if status == 302:
        return redirect(f"{reverse('pipeline:targets')}?year={year}&by={by}")
    context = {"form": form, "yearly": yearly, "whose": whose, "year": year, "by": by}
    return render_page(request, "pipeline/target_form.html", context, status=status)


def _carry_out(request: HttpRequest, form: TargetsForm | YearForm, whose: Whose) -> int:
    """Set what was sent; the status of the answer."""
    if not form.is_valid():
        return 422
    try:
        currency = form.cleaned_data["currency"]
        changed = set_targets(form.wanted, whose=whose, currency=currency, by=signed_in(request))
    except Refusal as refusal:
        form.add_error(None, refusal.sentence)
        return 409
    months = "1 month is" if changed == 1 else f"{changed or 'No'} months are"
    messages.success(request, f"{months} changed in the targets of {whose}.")
    return 302


def _grouping(request: HttpRequest) -> str:
    return QUARTER if request.GET.get("by") == QUARTER else "month"


def _year(request: HttpRequest) -> int:
    year = whole_number(request.GET.get("year", ""))
    return year if year and FIRST_YEAR <= year <= LAST_YEAR else this_year()
