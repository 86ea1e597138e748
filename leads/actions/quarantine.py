"""Activities of machines: kept, but not counted until somebody releases them."""

from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from leads.machines import ABOUT_MAIL, SOON, Hit, sign_of, signs_of
from leads.models import Activity, ActivityReview
from leads.models.activities import Doer, Origin, Trust

WIRED = {
    Origin.API,
    Origin.TRACKING,
    Origin.MAIL,
    Origin.FORM,
}  # people's own and imported ones are not judged


def quarantine(activities: Sequence[Activity]) -> set[int]:
    """Hold back those just stored that are no person's, and earlier ones that these give away.

    The reason is the note of a review by nobody. Answers the leads whose earlier activities no longer count.
    """
    wired = [activity for activity in activities if activity.origin in WIRED]
    alone = {activity.pk: sign for activity in wired if (sign := _sign(activity))}
    together, earlier = _seen_together(wired)
    reasons = together | alone
    held = [activity for activity in (*wired, *earlier) if activity.pk in reasons]
    if held:
        _hold(held, reasons)
    return {activity.lead_id for activity in earlier if activity.pk in reasons}


def _sign(activity: Activity) -> str:
    if activity.kind.by != Doer.PROSPECT:
        return ""
    return sign_of(activity.url, activity.properties)


def _seen_together(wired: Sequence[Activity]) -> tuple[dict[int, str], list[Activity]]:
    """Signs of hits about mails, and the trusted activities stored earlier among them."""
    new = {activity.pk: activity for activity in wired if activity.kind.key in ABOUT_MAIL}
    if not new:
        return {}, []
    moments = [activity.occurred_at for activity in new.values()]
    around = Activity.objects.filter(
        lead__in={activity.lead_id for activity in new.values()},
        kind__key__in=ABOUT_MAIL,
        occurred_at__range=(min(moments) - SOON, max(moments) + SOON),
    )
    near = list(around.select_related("kind").annotate(was_reviewed=Exists(_reviews())))
    signs = signs_of(map(_hit, near))
    earlier = [
        activity
        for activity in near
        if activity.pk not in new and activity.trust == Trust.OK and not activity.was_reviewed  # type: ignore[attr-defined]
    ]
    return signs, [activity for activity in earlier if activity.origin in WIRED]


def _reviews() -> QuerySet[ActivityReview]:
    return ActivityReview.objects.filter(activity_id=OuterRef("pk"))


def _hit(activity: Activity) -> Hit:
    return Hit(
        activity.pk,
        activity.lead_id,
        activity.kind.key,
        activity.occurred_at,
        activity.url,
        activity.properties,
    )


def _hold(held: Iterable[Activity], reasons: Mapping[int, str]) -> None:
    now = timezone.now()
    reviews = [
        ActivityReview(
            activity_id=activity.pk,
            trust_before=activity.trust,
            trust_after=Trust.QUARANTINED,
            lead_before_id=activity.lead_id,
            lead_after_id=activity.lead_id,
            note=reasons[activity.pk],
            at=now,
        )
        for activity in held
    ]
    ActivityReview.objects.bulk_create(reviews)
    Activity.objects.filter(pk__in=[activity.pk for activity in held]).update(trust=Trust.QUARANTINED)
    for activity in held:
        activity.trust = Trust.QUARANTINED
