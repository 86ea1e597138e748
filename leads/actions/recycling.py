"""Leads that return from nurturing on their day."""

from django.db.models import Exists, OuterRef, Subquery

from leads.actions.audit import audited
from leads.actions.statuses import NewStatus, set_statuses
from leads.models import Lead, StatusChange, User
from leads.models.leads import Status
from leads.organisation import today

BATCH = 5_000


def was_worked() -> Exists:
    """Whether somebody has ever worked a lead: then it returns to work, and is not new again."""
    changes = StatusChange.objects.filter(lead=OuterRef("pk"))
    return Exists(changes.filter(after__in=[Status.WORKING, Status.QUALIFIED]))


@audited
def return_recycled_leads(*, by: User | None) -> int:
    """Those whose day has come are worked again, or new when nobody ever worked them. Answers how many."""
    changes = StatusChange.objects.filter(lead=OuterRef("pk"))
    nurturing = Lead.objects.open().filter(status=Status.NURTURING)
    due = nurturing.annotate(
        returns_on=Subquery(
            changes.filter(after=Status.NURTURING).order_by("-at", "-pk").values("returns_on")[:1]
        ),
        was_worked=was_worked(),
    ).filter(returns_on__lte=today())
    rows = [
        NewStatus(lead_id, Status.WORKING if was_worked else Status.NEW, reason="The day of return has come.")
        for lead_id, was_worked in due.order_by("pk").values_list("pk", "was_worked")[:BATCH]
    ]
    set_statuses(rows, by=by)
    return len(rows)
