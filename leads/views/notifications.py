"""What happened while somebody looked elsewhere: the bell and the list behind it."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from config.http import announce_events, redirect_browser, render_page, wants_fragment
from leads.actions import read_notifications
from leads.models import Notification
from leads.paging import page_of
from leads.requests import signed_in, whole_number


@require_safe
def notification_list(request: HttpRequest) -> HttpResponse:
    return _show(request)


@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """The bell of the top bar, asked for once a minute."""
    unread = Notification.objects.visible_to(signed_in(request)).unread().count()
    return render_page(request, "leads/bell.html", {"unread": unread})


@require_POST
def notification_read(request: HttpRequest) -> HttpResponse:
    """Mark one as read, or all without a number."""
    number = whole_number(request.POST.get("notification", ""))
    read_notifications(signed_in(request), ids=None if number is None else [number])
    if not wants_fragment(request):
        return redirect_browser(request, reverse("leads:notifications"))
    return announce_events(_show(request), "notifications-read")


def _show(request: HttpRequest) -> HttpResponse:
    notifications = Notification.objects.visible_to(signed_in(request))
    context = {
        "page": page_of(notifications, request.GET.get("page", ""), shown=Notification.objects.all()),
        "unread": notifications.unread().count(),
    }
    return render_page(request, "leads/notifications.html", context, fragment="notifications")
