"""Routing against the plainest way of writing the same record; each run is taken back."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from benchmarks.measuring import seconds
from benchmarks.results import Table
from leads.models import Lead, User
from pipeline.actions import route_leads
from pipeline.models import Assignment, PoolMember, RoutingPool
from scoring.models import Band, LeadScore

LEADS = 5_000
REPS = 30
MOST = 3  # times


def measure_routing(table: Table) -> None:
    """Hot leads that are nobody's, of one pool of 30 reps, in one batch."""
    reps, ids = make_pool(), make_leads()
    insert = seconds(lambda: taken_back(lambda: insert_assignments(ids, reps)))
    route = seconds(lambda: taken_back(lambda: route_leads(ids, by=None)))
    table.add(f"inserting {len(ids):,} assignments", insert, "s")
    table.add(f"routing {len(ids):,} leads", route, "s")
    table.add("routing / inserting the assignments", route / insert, "times", MOST)


def make_pool() -> list[User]:
    """So many reps with equal shares."""
    reps: list[User] = User.objects.bulk_create(
        User(username=f"rep{n}", email=f"rep{n}@bench.example") for n in range(REPS)
    )
    pool = RoutingPool.objects.create(name="Bench")
    PoolMember.objects.bulk_create(PoolMember(pool=pool, user=rep) for rep in reps)
    return reps


def make_leads() -> list[int]:
    """Open leads without an owner or a company that would keep them together, all of them hot."""
    ids = list(Lead.objects.in_triage().order_by("pk").values_list("pk", flat=True)[:LEADS])
    Lead.objects.filter(pk__in=ids).update(owner=None, company=None)
    LeadScore.objects.filter(pk__in=ids).update(state="scored", total=90, band=Band.objects.get(key="hot"))
    return ids


def insert_assignments(lead_ids: list[int], reps: list[User]) -> None:
    """The yardstick: the same rows, their owners known."""
    now = timezone.now()
    Assignment.objects.bulk_create(
        Assignment(
            lead_id=lead_id,
            after=reps[place % len(reps)],
            why="Hot. In turn in Bench for hot leads: next of 30 with a credit of +0.75.",
            how="turn",
            at=now,
        )
        for place, lead_id in enumerate(lead_ids)
    )


def taken_back(work: Callable[[], object]) -> None:
    """Do it in a transaction that stores nothing."""
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
