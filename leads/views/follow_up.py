"""How one is followed up: letters that remind, and the calendar feed with its secret link."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.http import render_page
from leads.actions import end_calendar_feed, renew_calendar_feed, set_reminders
from leads.calendar import calendar_of, feed_token, user_of_feed
from leads.models import Task
from leads.requests import signed_in

MOST_EVENTS = 1_000


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    if request.method == "POST":
        set_reminders(user, by_mail="by_mail" in request.POST, by=user)
        messages.success(request, "Saved.")
        return redirect("leads:follow_up")
    link = reverse("leads:calendar", args=[feed_token(user)]) if user.calendar_key else ""
    return render_page(request, "leads/follow_up.html", {"link": link and settings.PUBLIC_URL + link})


@require_POST
def calendar_renew(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    sentence = "There is a new link; the old one has ended." if user.calendar_key else "Here is your link."
    renew_calendar_feed(user, by=user)
    messages.success(request, sentence)
    return redirect("leads:follow_up")


@require_POST
def calendar_end(request: HttpRequest) -> HttpResponse:
    end_calendar_feed(signed_in(request), by=signed_in(request))
    messages.success(request, "The link has ended.")
    return redirect("leads:follow_up")


@login_not_required  # calendars cannot sign in: the link is the secret
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    user = user_of_feed(token)
    if user is None:
        raise Http404
    events = calendar_of(Task.objects.waiting_for(user).with_leads()[:MOST_EVENTS], f"Plumbline, {user}")
    answer = HttpResponse(events, content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, no-store"
    return answer
