"""Several workers route at the same moment, each with a connection of their own."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from leads.actions import NewLead, add_leads
from leads.models import Lead, User
from pipeline.actions import drain_routing, route_leads
from pipeline.models import Assignment, PendingRouting, RoutingCredit
from scoring.models import Band, LeadScore
from tests.factories_routing import RoutingPoolFactory

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS = 4


def at_once(*works):
    """Everything in threads, each with its own connection; what each answers."""

    def with_own_connection(work):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(with_own_connection, works))


def hot_leads(number):
    ids = [lead.pk for lead in add_leads([NewLead() for _ in range(number)], by=None)]
    hot = Band.objects.get(key="hot")
    LeadScore.objects.filter(pk__in=ids).update(state="scored", total=80, band=hot)
    return ids


def received():
    return Counter(Assignment.objects.values_list("after__username", flat=True))


def test_leads_that_several_workers_route_at_once_are_fair_and_given_once(alice, bob, charlie):
    RoutingPoolFactory(members=[alice, bob, charlie])
    ids = hot_leads(50)
    parts = [ids[start::WORKERS] for start in range(WORKERS)]
    at_once(*[lambda part=part: route_leads(part, by=None) for part in parts])
    assert sorted(received().values()) == [16, 17, 17]
    assert Assignment.objects.count() == 50
    assert sum(RoutingCredit.objects.values_list("credit", flat=True)) == 0


def test_the_same_leads_at_once_are_given_once(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    ids = hot_leads(20)
    at_once(*[lambda: route_leads(ids, by=None)] * WORKERS)
    assert Assignment.objects.count() == 20
    assert received() == {"alice": 10, "bob": 10}


def test_two_pools_that_share_a_rep_never_fill_the_last_place_twice(alice, bob):
    User.objects.filter(pk=alice.pk).update(capacity=5)
    hot = Band.objects.get(key="hot")
    RoutingPoolFactory(order=1, members=[alice, bob], bands=[hot])
    RoutingPoolFactory(order=2, members=[alice, bob])
    first, second = hot_leads(12), hot_leads(12)
    LeadScore.objects.filter(pk__in=second).update(band=Band.objects.get(key="warm"))
    at_once(lambda: route_leads(first, by=None), lambda: route_leads(second, by=None))
    assert Lead.objects.filter(owner=alice).count() == 5
    assert Lead.objects.filter(owner=bob).count() == 19


def test_workers_that_drain_at_once_lose_nothing(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    ids = hot_leads(30)
    PendingRouting.objects.bulk_create(PendingRouting(lead_id=pk) for pk in ids)
    at_once(*[drain_routing] * WORKERS)
    drain_routing()
    assert not PendingRouting.objects.exists()
    assert sum(received().values()) == 30
