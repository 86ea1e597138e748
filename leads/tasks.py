"""Work of `leads` in the background: the outbox delivered, recycled leads brought back, tasks reminded of."""

import structlog
from celery import shared_task

from leads.actions.news import deliver, due_announcements, note_failure
from leads.actions.recycling import return_recycled_leads
from leads.actions.reminders import remind_of_tasks as remind_everybody

BATCH = 200

log = structlog.get_logger(__name__)


@shared_task
def deliver_outbox() -> None:
    """Deliver what waits; one that fails is tried again later and stops no other."""
    for announcement_id in due_announcements(BATCH):
        try:
            deliver(announcement_id)
        except Exception as error:
            log.exception("announcement_not_delivered", announcement=announcement_id)
            note_failure(announcement_id, repr(error))


@shared_task
def return_recycled() -> None:
    """Bring back the leads whose day has come."""
    return_recycled_leads(by=None)


@shared_task
def remind_of_tasks() -> None:
    """Tell those whose day has begun what is due."""
    remind_everybody(by=None)
