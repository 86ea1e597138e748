"""Leads that are nobody's get an owner, a programme, or the reason why they have to wait."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from leads.actions import NewStatus, note_leads, set_statuses
from leads.actions.audit import audited
from leads.models import Lead, User
from leads.models.leads import Status
from leads.organisation import local_date
from pipeline.actions.assignments import Giving, give_leads
from pipeline.actions.circles import store_circles
from pipeline.actions.nurture import enrol
from pipeline.actions.stopping import stop_programmes
from pipeline.distribution import Decision, Distribution, Given, Nurtured, Waiting
from pipeline.models import PendingRouting, RoutingCredit, RoutingWait
from pipeline.routing import (
    Candidate,
    read_candidates,
    read_company_owners,
    read_credits,
    read_pools,
    read_programmes,
    read_reps,
)
from pipeline.turns import Sharing

BATCH = 500  # rows of news in one transaction
PATIENCE = timedelta(minutes=5)  # before a lead that waits is tried again
BACK = "Better than when it was sent to nurturing"


@audited
def route_leads(
    lead_ids: Iterable[int], *, by: User | None, at: datetime | None = None
) -> dict[int, Decision]:
    """Give each of these leads that is nobody's to whom its lane and its pool say; back-dated, in silence.

    One batch routes at a time, for all pools are locked: so credits and capacities are true while it decides.
    """
    ids, moment = list(lead_ids), at or timezone.now()
    pools, programmes = read_pools(lock=True), read_programmes()
    if not pools and not programmes:
        return {}
    day = local_date(moment)
    candidates = read_candidates(ids, day)
    owners = read_company_owners({lead.company_id for lead in candidates if lead.company_id})
    people = {member.user_id for pool in pools for member in pool.members}
    reps = read_reps(people | {owner.user_id for owner in owners.values()}, day)
    read_credits(pools, reps)
    distribution = Distribution(pools, programmes, reps, owners, moment)
    decisions = {lead.lead_id: distribution.decide(lead) for lead in candidates}
    made = {lead_id: decision for lead_id, decision in decisions.items() if decision}
    _carry_out(list(made.values()), by=by, at=moment, quietly=at is not None)
    _store_credits(distribution)
    _note_waits(ids, list(made.values()), moment)
    return made


def queue_routing(lead_ids: Iterable[int]) -> int:
    """Note that these leads may be somebody's now, in the transaction of the news; answers how many."""
    return note_leads(PendingRouting, list(lead_ids))


def queue_waiting() -> int:
    """Try the leads again that nobody could take a while ago."""
    tried = PendingRouting.objects.values("lead")
    waiting = RoutingWait.objects.filter(since__lte=timezone.now() - PATIENCE).exclude(lead__in=tried)
    return queue_routing(waiting.order_by("since").values_list("lead", flat=True))


def queue_unowned() -> int:
    """Route every open lead that is nobody's, after pools have changed; answers how many."""
    return queue_routing(
        Lead.objects.in_triage().filter(owner=None).order_by("pk").values_list("pk", flat=True)
    )


def drain_routing(lead_ids: Iterable[int] | None = None) -> int:
    """Work off the news that no other worker has in hand, or all of these leads; answers how many pieces."""
    waiting = PendingRouting.objects.order_by("id")
    if lead_ids is None:
        return _drain(waiting.select_for_update(skip_locked=True))
    ids = sorted(lead_ids)
    batches = (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
    return sum(_drain(waiting.filter(lead__in=batch).select_for_update()) for batch in batches)


def _drain(waiting: QuerySet[PendingRouting]) -> int:
    taken = 0
    while count := _drain_batch(waiting):
        taken += count
    return taken


@transaction.atomic
def _drain_batch(waiting: QuerySet[PendingRouting]) -> int:
    """Take rows, route, delete exactly those: news that comes meanwhile is a row of its own."""
    rows = list(waiting[:BATCH])
    if rows:
        route_leads([row.lead_id for row in rows], by=None)
        PendingRouting.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _carry_out(decisions: Sequence[Decision], *, by: User | None, at: datetime, quietly: bool) -> None:
    given = [decision for decision in decisions if isinstance(decision, Given)]
    _take_back_to_work([row.candidate for row in given], by=by, at=at)
    circles = store_circles({row.circle for row in given if row.circle})
    give_leads([_giving(row, circles) for row in given], by=by, at=at, quietly=quietly)
    nurtured = [decision for decision in decisions if isinstance(decision, Nurtured)]
    if nurtured:
        enrol([(row.candidate, row.programme) for row in nurtured], by=by, at=at)


def _take_back_to_work(candidates: Iterable[Candidate], *, by: User | None, at: datetime) -> None:
    """What was nurtured has risen, and is somebody's work again."""
    rows = [
        NewStatus(lead.lead_id, Status.WORKING if lead.was_worked else Status.NEW, reason=BACK, at=at)
        for lead in candidates
        if lead.status == Status.NURTURING
    ]
    if rows:
        stop_programmes([row.lead_id for row in rows], why=BACK, at=at)
        set_statuses(rows, by=by)


def _giving(row: Given, circles: Mapping[Sharing, int]) -> Giving:
    return Giving(
        row.candidate.lead_id,
        None,
        row.user_id,
        row.why,
        row.how,
        second_id=row.second_id,
        pool_id=row.pool_id,
        band_id=row.candidate.facts.band_id,
        circle_id=circles.get(row.circle),
    )


def _store_credits(distribution: Distribution) -> None:
    RoutingCredit.objects.bulk_create(
        (
            RoutingCredit(
                pool_id=pool_id,
                band_id=band_id,
                user_id=place.rep.user_id,
                credit=place.credit,
                received=place.received,
                last_at=place.last_at,
            )
            for pool_id, band_id, place in distribution.moved()
        ),
        update_conflicts=True,
        unique_fields=["pool", "band", "user"],
        update_fields=["credit", "received", "last_at"],
    )


def _note_waits(lead_ids: Collection[int], decisions: Sequence[Decision], at: datetime) -> None:
    """Who waits, and why; whoever does not any more is taken off the list."""
    waiting = [decision for decision in decisions if isinstance(decision, Waiting)]
    still = [row.candidate.lead_id for row in waiting]
    given = {row.candidate.lead_id for row in decisions if isinstance(row, Given)}
    RoutingWait.objects.filter(lead__in=set(lead_ids) - given - set(still)).delete()
    RoutingWait.objects.bulk_create(
        (RoutingWait(lead_id=row.candidate.lead_id, why=row.why, since=at) for row in waiting),
        update_conflicts=True,
        unique_fields=["lead"],
        update_fields=["why"],
    )
