"""Reports on their way out: counted as they are sent, with the eyes of whoever gets them."""

from html import unescape

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import slugify

from leads.exports import csv_file
from leads.models import Notification, Outbox, User
from leads.organisation import remembered, today, zone
from reports.catalogue import CATALOGUE, Report, faults_of, form_of
from reports.digests import Digest
from reports.models import ReportSchedule

MOST_BYTES = (
    5 * 1024 * 1024
)  # of the file: many servers take no larger letter than 10 MB, and mail grows by a third


def mail_report(announcement: Outbox) -> None:
    """Send one reader's letter, unless somebody has ended it or its reader has left meanwhile."""
    asked = announcement.payload
    schedules = ReportSchedule.objects.running().select_related("view__user").filter(pk=asked["schedule"])
    user = User.objects.active().filter(pk=asked["user"]).exclude(email="").first()
    schedule = schedules.visible_to(user).first() if user else None
    if user and schedule:
        with remembered(), timezone.override(zone()):
            _mail(schedule, user)


def _mail(schedule: ReportSchedule, user: User) -> None:
    form = form_of(schedule.view, user)
    if faults := faults_of(form):
        _tell_owner(schedule, f"“{schedule}” was not sent to {user}. {faults}")
        return
    report = CATALOGUE[schedule.view.page]
    letter(schedule, user, report, report.digest(form, user)).send()


def letter(schedule: ReportSchedule, user: User, report: Report, digest: Digest) -> EmailMultiAlternatives:
    """The figures and the finding as text and as HTML, and the table as a file."""
    stop = settings.PUBLIC_URL + reverse("reports:schedule_stop", args=[schedule.pk])
    context = {
        "user": user,
        "schedule": schedule,
        "report": report,
        "digest": digest,
        "said": unescape(strip_tags(digest.finding)),
        "is_owner": schedule.view.user == user,
        "url": settings.PUBLIC_URL + reverse(schedule.view.page) + f"?{schedule.view.query}",
        "stop_url": stop,
    }
    message = EmailMultiAlternatives(
        f"{schedule}: {report.name}, {digest.days}",
        render_to_string("reports/mail/report.txt", context),
        to=[user.email],
        headers={"List-Unsubscribe": f"<{stop}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(render_to_string("reports/mail/report.html", context), "text/html")
    name = f"{slugify(report.name)}-{today()}.csv"
    message.attach(name, csv_file(digest.sheet, most=MOST_BYTES), "text/csv")
    return message


def _tell_owner(schedule: ReportSchedule, text: str) -> None:
    Notification.objects.create(user=schedule.view.user, kind="report_due", text=text[:300])
