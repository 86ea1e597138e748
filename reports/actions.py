"""Reports by mail: set, stopped, left, sent by hand, and sent when they are due."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.utils import timezone

from config.refusals import Refusal
from leads.actions import Announcement, announce_many
from leads.actions.audit import audited
from leads.models import SavedView, User
from leads.organisation import zone
from reports.asking import people_seen_by
from reports.catalogue import CATALOGUE, faults_of, form_of
from reports.models import ReportIssue, ReportSchedule
from reports.rhythms import When, moment_of

MOST_READERS = 50
PAUSE = timedelta(minutes=10)  # between two sendings by hand


class CannotBeSent(Refusal):
    """The page is no report, somebody cannot get it, or it went out a moment ago."""


class NotYourReport(Refusal):
    """Only its owner changes or sends a scheduled report."""


@audited
def schedule_report(
    view: SavedView, *, when: When, readers: Collection[User] = (), by: User
) -> ReportSchedule:
    """Have a saved view sent to its owner and to `readers` from now on; it replaces what was set."""
    _check_owner(view, by)
    if view.page not in CATALOGUE:
        raise CannotBeSent("This page is no report that can be sent.")
    _check_sight(view, by)
    others = [reader for reader in readers if reader != by]
    _check_readers(others, by)
    settings = {**vars(when), "is_active": True, "since": timezone.now()}
    schedule = ReportSchedule.objects.update_or_create(view=view, defaults=settings)[0]
    schedule.readers.set(others)
    return schedule


@audited
def stop_schedule(schedule: ReportSchedule, *, by: User) -> None:
    """Send it to nobody until it is resumed."""
    _check_owner(schedule.view, by)
    ReportSchedule.objects.filter(pk=schedule.pk).update(is_active=False)


@audited
def resume_schedule(schedule: ReportSchedule, *, by: User) -> None:
    """Send it from the next day on which it is due; what was due in between stays unsent."""
    _check_owner(schedule.view, by)
    ReportSchedule.objects.filter(pk=schedule.pk).update(is_active=True, since=timezone.now())


@audited
def leave_schedule(schedule: ReportSchedule, *, by: User) -> None:
    """Get it no more; the others still do."""
    schedule.readers.remove(by)


@audited
def send_report_now(schedule: ReportSchedule, *, by: User) -> None:
    """Send it once more, whenever it is due."""
    _check_owner(schedule.view, by)
    schedule = ReportSchedule.objects.select_for_update(of=("self",)).get(pk=schedule.pk)
    if not schedule.is_active:
        raise CannotBeSent(f"“{schedule}” is stopped. Resume it first.")
    if schedule.issues.filter(sent_at__gt=timezone.now() - PAUSE).exists():
        raise CannotBeSent(f"“{schedule}” went out a moment ago. Wait ten minutes.")
    _send([(schedule, None)], by)


@audited
def send_due_reports(*, by: User | None, at: datetime | None = None) -> int:
    """Announce what is due and was not sent; how many reports.

    After a time without a beat each goes out once, for the latest day on which it was due.
    """
    now = (at or timezone.now()).astimezone(zone())
    running = ReportSchedule.objects.running().order_by("pk").select_related("view__user")
    # Two beats at once: the second passes over what the first has locked.
    locked = running.select_for_update(of=("self",), skip_locked=True).prefetch_related("readers")
    latest = [(schedule, schedule.when.last_day(now)) for schedule in locked]
    due = [(schedule, day) for schedule, day in latest if moment_of(day, now) > schedule.since]
    sent = set(
        ReportIssue.objects.filter(
            schedule__in=[schedule for schedule, _ in due], period__in={day for _, day in due}
        ).values_list("schedule", "period")
    )
    fresh = [(schedule, day) for schedule, day in due if (schedule.pk, day) not in sent]
    _send(fresh, by)
    return len(fresh)


def _send(due: Iterable[tuple[ReportSchedule, date | None]], by: User | None) -> None:
    due = list(due)
    ReportIssue.objects.bulk_create(
        ReportIssue(schedule=schedule, period=day, by=by, sent_at=timezone.now()) for schedule, day in due
    )
    announce_many(
        [
            Announcement("report_due", None, {"schedule": schedule.pk, "user": user.pk})
            for schedule, _ in due
            for user in [schedule.view.user, *schedule.readers.all()]
        ]
    )


def _check_owner(view: SavedView, by: User) -> None:
    if view.user_id != by.pk:
        raise NotYourReport(f"“{view}” is somebody else's. Save a view of your own.")


def _check_readers(readers: Collection[User], by: User) -> None:
    """Refuse those whom `by` may not name, and those who have no address."""
    if len(readers) > MOST_READERS:
        raise CannotBeSent(f"A report goes to at most {MOST_READERS} others.")
    seen = set(people_seen_by(by).filter(is_active=True, pk__in=[reader.pk for reader in readers]))
    for reader in readers:
        if reader not in seen:
            raise CannotBeSent(f"{reader} is not among the people whose leads you see.")
        if not reader.email:
            raise CannotBeSent(f"{reader} has no e-mail address.")


def _check_sight(view: SavedView, user: User) -> None:
    """Of the others it is known only as it is sent: then the owner is told."""
    if not user.email:
        raise CannotBeSent("You have no e-mail address.")
    if faults := faults_of(form_of(view, user)):
        raise CannotBeSent(faults)
