"""What the beat wakes `reports` for."""

from celery import shared_task

from leads.organisation import today
from reports.actions import send_due_reports
from reports.snapshots import take_weekly_snapshot


@shared_task
def snapshot_forecast() -> None:
    """Once a week, however often it is called."""
    take_weekly_snapshot(today())


@shared_task
def send_reports() -> None:
    """Announce the reports whose hour has come."""
    send_due_reports(by=None)
