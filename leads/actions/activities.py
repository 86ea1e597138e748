"""What happened to leads: activities logged, each of them once."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils import timezone

from config.refusals import Refusal
from leads.actions.audit import audited
from leads.actions.quarantine import quarantine
from leads.actions.refused import Refused, raise_refused, sift
from leads.actions.rows import store
from leads.actions.statuses import work_leads
from leads.models import Activity, ActivityKind, Contact, Lead, User
from leads.models.activities import Doer, Origin, Trust
from leads.organisation import local_date
from leads.signals import activities_logged

CLOCK_TOLERANCE = timedelta(minutes=5)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LONGEST_SECONDS = 31 * 86_400
LONGEST_KEY = 200


class ActivityRefused(Refusal):
    """An activity that cannot have happened, or is of no known kind or lead."""


class AlreadyLogged(Refusal):
    """An activity with this key is logged for this lead."""


@dataclass(frozen=True)
class NewActivity:
    """Something that happened to a lead; an activity with a `key` counts once per lead."""

    lead_id: int
    kind: str
    occurred_at: datetime
    contact_id: int | None = None
    url: str = ""
    duration_seconds: int | None = None
    properties: Mapping[str, object] = field(default_factory=dict)
    key: str = ""
    actor_id: int | None = None


@dataclass(frozen=True)
class Logged:
    """What became of a batch; `ids` are those of the accepted activities, in the order of their rows."""

    accepted: int
    duplicates: int
    rejected: list[Refused]
    ids: list[int]


@dataclass(frozen=True)
class Known:
    """What rows may refer to."""

    kinds: Mapping[str, ActivityKind]
    lead_ids: frozenset[int]
    contact_ids: frozenset[int]


@audited
def log_activities(
    rows: Sequence[NewActivity], *, by: User | None, origin: str, at: datetime | None = None
) -> Logged:
    """Log what is new and possible; a rep's activity makes a new lead working, a machine's is held back."""
    known = _known(rows)
    now = timezone.now()

    def judge(row: NewActivity) -> NewActivity:
        check_activity(row, known, now)
        return row

    possible, rejected = sift(rows, judge)
    new = _claim_keys(possible)
    activities = Activity.objects.bulk_create(_activity(row, known, by=by, origin=origin) for row in new)
    given_away = quarantine(activities)
    _touch_leads([activity for activity in activities if activity.trust == Trust.OK], by=by, at=at)
    if activities:
        _send_news(activities, given_away)
    ids = [activity.pk for activity in activities]
    return Logged(len(ids), len(possible) - len(ids), rejected, ids)


def log_activity(row: NewActivity, *, by: User | None, origin: str) -> Activity:
    """Log one activity; raises the refusal, AlreadyLogged among them."""
    logged = log_activities([row], by=by, origin=origin)
    raise_refused(logged.rejected)
    if logged.duplicates:
        raise AlreadyLogged("This is logged already.")
    return Activity.objects.get(pk=logged.ids[0])


def check_activity(row: NewActivity, known: Known, now: datetime) -> None:
    """Refuse what cannot be, in a sentence."""
    if row.lead_id not in known.lead_ids:
        raise ActivityRefused("There is no such lead.")
    if row.kind not in known.kinds:
        raise ActivityRefused(f"There is no kind of activity “{row.kind}”.")
    if row.contact_id is not None and row.contact_id not in known.contact_ids:
        raise ActivityRefused("There is no such contact.")
    check_moment(row.occurred_at, now)
    if row.duration_seconds is not None and not 0 <= row.duration_seconds <= LONGEST_SECONDS:
        raise ActivityRefused("A duration is between 0 seconds and 31 days.")
    if len(row.key) > LONGEST_KEY:
        raise ActivityRefused(f"A key has at most {LONGEST_KEY} characters.")
    if not _is_storable([row.url, row.key, dict(row.properties)]):
        raise ActivityRefused("This contains a character or number that cannot be stored.")


def check_moment(moment: datetime, now: datetime) -> None:
    """Refuse a moment without an offset, before 1990, or over five minutes (clock difference) ahead."""
    if moment.tzinfo is None:
        raise ActivityRefused("The time needs its offset from UTC, such as 2026-11-30T09:00:00+01:00.")
    if moment > now + CLOCK_TOLERANCE:
        raise ActivityRefused("This lies in the future. Plan a task instead.")
    if moment < EARLIEST:
        raise ActivityRefused("This lies before 1990.")


def _is_storable(facts: object) -> bool:
    """Neither NUL characters and halves of characters, which PostgreSQL refuses in text, nor NaN in JSON."""
    try:
        text = json.dumps(facts, ensure_ascii=False, allow_nan=False)
        text.encode()
    except ValueError:
        return False
    return "\\u0000" not in text.replace("\\\\", "")


def _known(rows: Sequence[NewActivity]) -> Known:
    lead_ids = {row.lead_id for row in rows}
    contact_ids = {row.contact_id for row in rows if row.contact_id is not None}
    return Known(
        kinds={kind.key: kind for kind in ActivityKind.objects.all()},
        lead_ids=frozenset(Lead.objects.filter(pk__in=lead_ids).values_list("pk", flat=True)),
        contact_ids=frozenset(Contact.objects.filter(pk__in=contact_ids).values_list("pk", flat=True)),
    )


def _claim_keys(rows: Sequence[NewActivity]) -> list[NewActivity]:
    """Rows without a key or whose key is new for their lead; of two at once, one waits and finds it taken."""
    pairs = sorted({(row.lead_id, row.key) for row in rows if row.key})
    if not pairs:
        return list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO leads_activitykey (key, lead_id) "
            "SELECT * FROM unnest(%s::varchar[], %s::bigint[]) AS given (key, lead_id) "
            "ON CONFLICT DO NOTHING RETURNING lead_id, key",
            [[key for _, key in pairs], [lead_id for lead_id, _ in pairs]],
        )
        claimed = set(cursor.fetchall())
    return [row for row in rows if not row.key or _take((row.lead_id, row.key), claimed)]


def _take(pair: tuple[int, str], claimed: set[tuple[int, str]]) -> bool:
    """Whether the pair was there; the second of two equal rows finds it gone."""
    try:
        claimed.remove(pair)
    except KeyError:
        return False
    return True


def _activity(row: NewActivity, known: Known, *, by: User | None, origin: str) -> Activity:
    kind = known.kinds[row.kind]
    acted = by.pk if by and (kind.by == Doer.REP or origin == Origin.HAND) else None
    return Activity(
        lead_id=row.lead_id,
        contact_id=row.contact_id,
        kind=kind,
        occurred_at=row.occurred_at,
        occurred_on=local_date(row.occurred_at),
        url=row.url,
        duration_seconds=row.duration_seconds,
        properties=dict(row.properties),
        origin=origin,
        actor_id=row.actor_id or acted,
    )


def _touch_leads(activities: Iterable[Activity], *, by: User | None, at: datetime | None) -> None:
    """Note the last contact, and begin work on new leads that a rep was busy with."""
    by_rep = {activity.lead_id for activity in activities if activity.kind.by == Doer.REP}
    contacts = [activity for activity in activities if activity.kind.counts_as_contact]
    touched = by_rep | {activity.lead_id for activity in contacts}
    if not touched:
        return
    leads = {lead.pk: lead for lead in Lead.objects.locked(touched)}
    _note_contacts(contacts, leads)
    work_leads(by_rep, by=by, at=at)


def _send_news(activities: Iterable[Activity], given_away: set[int]) -> None:
    activities_logged.send(
        sender=Lead,
        lead_ids=sorted(given_away | {activity.lead_id for activity in activities}),
        kinds={activity.kind.key for activity in activities},
    )


def _note_contacts(contacts: Iterable[Activity], leads: Mapping[int, Lead]) -> None:
    later = {}
    for activity in contacts:
        lead = leads[activity.lead_id]
        if lead.last_contact_at is None or lead.last_contact_at < activity.occurred_at:
            lead.last_contact_at = activity.occurred_at
            later[lead.pk] = lead
    store(later.values(), "last_contact_at")
