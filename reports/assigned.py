"""Leads that were given to people, and what these did with them: what distribution counts and lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL

from leads.models import User
from leads.models.leads import REJECTED
from leads.organisation import local_midnight
from pipeline.models import Assignment, How, RoutingPool
from reports.asking import people_seen_by
from reports.periods import DAY
from reports.scope import Scope

COLUMNS = ("id", "lead_id", "after_id", "how", "pool_id", "band_id", "circle_id", "at")
# Hands are read from the whole history of the leads; work counts while a lead is in these hands.
FATES = """
WITH concerned AS MATERIALIZED ({concerned}),
held AS MATERIALIZED (
    SELECT concerned.*, hands.until FROM concerned JOIN (
        SELECT id, lead(at) OVER (PARTITION BY lead_id ORDER BY at, id) AS until FROM pipeline_assignment
        WHERE lead_id IN (SELECT lead_id FROM concerned) AND before_id IS DISTINCT FROM after_id
    ) AS hands ON hands.id = concerned.id
),
work AS (
    SELECT lead_id, actor_id AS user_id, occurred_at AS at, FALSE AS rejects
    FROM leads_activity AS activity JOIN leads_activitykind AS kind ON kind.id = activity.kind_id
    WHERE kind.by = 'rep'
    UNION ALL
    SELECT lead_id, by_id, at, after = 'nurturing' AND (reason = %s OR before = 'new')
    FROM leads_statuschange
    UNION ALL
    SELECT deal_id, by_id, entered_at, FALSE FROM pipeline_stagechange WHERE NOT reconstructed
),
done AS (
    SELECT held.id, min(work.at) AS responded_at, bool_or(work.rejects) AS is_rejected
    FROM held JOIN work ON work.lead_id = held.lead_id AND work.user_id = held.after_id
        AND work.at >= held.at AND (held.until IS NULL OR work.at < held.until)
    GROUP BY held.id
),
given AS (
    SELECT concerned.id, pool_id, band_id, after_id AS user_id, responded_at - at AS response, responded_at,
        CASE WHEN how = 'turn' AND circle_id IS NULL THEN %s ELSE how END AS way,
        CASE WHEN is_rejected THEN %s WHEN responded_at IS NULL THEN %s
             ELSE %s END AS fate
    FROM concerned LEFT JOIN done ON done.id = concerned.id
)
"""
OF_FATE = "SELECT id FROM given WHERE fate = %s"
UNRECORDED = "unrecorded"  # turns of a time when nobody noted who could have had them
WAYS = dict(How.choices) | {UNRECORDED: "In turn, circle unknown"}


class Fate(StrEnum):
    """What the one who got a lead did with it while it was theirs."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    WAITING = "waiting"

    @property
    def label(self) -> str:
        return {"waiting": "Not worked yet"}.get(self, self.capitalize())


@dataclass(frozen=True, kw_only=True)
class DistributionQuery(Scope):
    """Which assignments are asked for, by day and pool; owner and team are those of who got the lead."""

    start: date | None = None
    end: date | None = None
    pool: RoutingPool | None = None


def assignments(query: DistributionQuery) -> QuerySet[Assignment]:
    """The leads that came into somebody's hands, whoever's."""
    condition = Q(after__isnull=False)
    if query.start:
        condition &= Q(at__gte=local_midnight(query.start))
    if query.end:
        condition &= Q(at__lt=local_midnight(query.end + DAY))
    for name in ("product_line", "source", "campaign"):
        if row := getattr(query, name):
            condition &= Q(**{f"lead__{name}": row})
    if query.currency:
        condition &= Q(lead__deal__currency=query.currency)
    if query.pool:
        condition &= Q(pool=query.pool)
    # Only the second person is another one when both are the same.
    return Assignment.objects.filter(condition).exclude(before=F("after")).order_by()


def receivers(user: User, query: DistributionQuery) -> QuerySet[User]:
    """The people among those asked for whose figures this user may see."""
    people = people_seen_by(user)
    if query.owner:
        people = people.filter(pk=query.owner.pk)
    return people.filter(team=query.team) if query.team else people


def received_by(user: User, query: DistributionQuery) -> QuerySet[Assignment]:
    """Of these assignments, those to people whose figures this user may see."""
    people = receivers(user, query).order_by().values("pk")
    return assignments(query).filter(after__in=people)


def turns(query: DistributionQuery) -> QuerySet[Assignment]:
    """The leads dealt out in turn whose circle is known."""
    return assignments(query).filter(how=How.TURN, circle__isnull=False)


def ask_fates(concerned: QuerySet[Assignment], select: str) -> list[Sequence[Any]]:
    """The rows of a statement over `given`: one row for each assignment, with way, fate and response."""
    sql, params = _fates(concerned)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} {select}", params)
        return list(cursor.fetchall())


def with_fate(concerned: QuerySet[Assignment], fate: Fate) -> QuerySet[Assignment]:
    """Those of these assignments that met this fate."""
    sql, params = _fates(concerned)
    ids = RawSQL(f"{sql} {OF_FATE}", (*params, str(fate)))  # noqa: S611 (text of ours)
    return Assignment.objects.filter(pk__in=ids)


def _fates(concerned: QuerySet[Assignment]) -> tuple[str, tuple[Any, ...]]:
    asked, params = concerned.values(*COLUMNS).query.sql_with_params()
    words = (REJECTED, UNRECORDED, str(Fate.REJECTED), str(Fate.WAITING), str(Fate.ACCEPTED))
    return FATES.format(concerned=asked), (*params, *words)
