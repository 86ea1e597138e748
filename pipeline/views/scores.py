"""More about a lead's score: between two dates, and under every product line's model."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.models import Lead
from leads.organisation import today
from leads.querysets import LeadQuerySet
from leads.requests import signed_in
from pipeline.views.leads import day_of
from pipeline.why import plainly
from scoring.comparison import scores_under_all
from scoring.differences import differences
from scoring.explain import explain

USUAL_SPAN = timedelta(days=30)


@require_safe
def lead_compare(request: HttpRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(_leads(request), pk=pk)
    first, fault = _day(request, "from", today() - USUAL_SPAN)
    last, other_fault = _day(request, "to", today())
    first, last = min(first, last), max(first, last)
    before, after = explain(lead, at=first), explain(lead, at=last)
    rows = differences(before, after)
    context = {
        "lead": lead,
        "first": first,
        "last": last,
        "before": before,
        "after": after,
        "rows": [(row, plainly(row.what, row.reason)) for row in rows],
        "points": sum(row.points for row in rows),
        "has_other_model": None not in (before.model_id, after.model_id)
        and before.model_id != after.model_id,
        "fault": fault or other_fault,
        "today": today(),
    }
    return render_page(request, "pipeline/compare.html", context, fragment="lead-compare")


@require_safe
def lead_models(request: HttpRequest, pk: int) -> HttpResponse:
    lead = get_object_or_404(_leads(request), pk=pk)
    context = {"lead": lead, "scores": scores_under_all(lead)}
    return render_page(request, "pipeline/models.html", context, fragment="lead-models")


def _leads(request: HttpRequest) -> LeadQuerySet:
    leads = Lead.objects.visible_to(signed_in(request)).with_names()
    return leads.select_related("company", "product_line", "score__model", "score__band")


def _day(request: HttpRequest, name: str, usual: date) -> tuple[date, str]:
    day, fault = day_of(request.GET.get(name, ""))
    return day or usual, fault
