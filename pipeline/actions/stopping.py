"""How a programme ends before its last step."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from leads.models import Activity, User
from pipeline.models import Enrolment, EnrolmentState, NurtureEvent

ANSWERS = {
    # kinds of activity that end a programme: what is said of it
    "unsubscribe": "They unsubscribed",
    "email_complaint": "They reported an e-mail as spam",
    "email_reply": "They answered",
    "chat": "They answered",
    "contact_request": "They asked for a call",
    "demo_request": "They asked for a demo",
    "trial_request": "They asked for a trial",
}


def stop_programmes(
    lead_ids: Iterable[int], *, why: str, at: datetime | None = None, by: User | None = None
) -> int:
    """End the programmes that these locked leads go through, and say why; answers how many."""
    return _stop(Enrolment.objects.filter(lead__in=list(lead_ids)), why, at or timezone.now(), by)


def stop_answered(lead_ids: Iterable[int], kinds: Iterable[str]) -> None:
    """End the programmes of those who have answered or want no more mail since they began."""
    running = Enrolment.objects.filter(lead__in=list(lead_ids))
    for kind, why in ANSWERS.items():
        if kind in kinds:
            since = Activity.objects.trusted().filter(
                lead=OuterRef("lead"), kind__key=kind, occurred_at__gte=OuterRef("started_at")
            )
            _stop(running.filter(Exists(since)), why, timezone.now(), None)


def _stop(enrolments: QuerySet[Enrolment], why: str, at: datetime, by: User | None) -> int:
    running = enrolments.filter(state=EnrolmentState.RUNNING).order_by("lead").select_for_update(of=("self",))
    rows = list(running.select_related("programme"))
    ended = Enrolment.objects.filter(pk__in=[row.pk for row in rows])
    ended.update(state=EnrolmentState.STOPPED, ended_why=why, ended_at=at)
    detail = f"{why}, {by}" if by else why
    NurtureEvent.objects.bulk_create(
        NurtureEvent(
            enrolment=row,
            lead_id=row.lead_id,
            text=f"Programme stopped: {row.programme}",
            detail=detail,
            at=at,
        )
        for row in rows
    )
    return len(rows)
