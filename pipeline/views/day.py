"""My day: what waits for whoever is signed in."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.http import render_page
from leads.organisation import organisation, today
from leads.requests import signed_in
from pipeline.day import day_of


@require_safe
def my_day(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    context = {
        "day": day_of(user, today()),
        "today": today(),
        "display": organisation().score_display,
    }
    return render_page(request, "pipeline/day.html", context, fragment="day")
