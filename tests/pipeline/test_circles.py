"""Each turn remembers who could have had it, so that a fair share can be told later."""

import pytest

from pipeline.actions import route_leads
from pipeline.models import Assignment, Circle, CircleMember, PoolMember
from tests.factories import AbsenceFactory, CompanyFactory, LeadFactory
from tests.factories_routing import RoutingPoolFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def route(number=1, **facts):
    leads = [score(LeadFactory(**({"company": None} | facts)), 80) for _ in range(number)]
    route_leads([lead.pk for lead in leads], by=None)
    return leads


def circles():
    """The members of each turn, in the order of the turns."""
    turns = Assignment.objects.filter(how="turn").order_by("pk")
    return [
        {member.user.username: member.share for member in turn.circle.members.select_related("user")}
        for turn in turns
    ]


def test_a_turn_remembers_its_members_with_their_shares(alice, bob):
    RoutingPoolFactory(members=[(alice, 2), bob])
    route()
    assert circles() == [{"alice": 2, "bob": 1}]
    assert Circle.objects.get().shares == 3


def test_whoever_is_absent_or_full_is_not_among_them(alice, bob, charlie):
    RoutingPoolFactory(members=[alice, bob, charlie])
    AbsenceFactory(user=alice)
    type(bob).objects.filter(pk=bob.pk).update(capacity=1)
    route(3)
    assert circles()[0] == {"bob": 1, "charlie": 1}
    assert circles()[2] == {"charlie": 1}


def test_equal_circles_are_one_row_and_a_changed_share_is_another(alice, bob):
    pool = RoutingPoolFactory(members=[alice, bob])
    route(4)
    route(2)
    assert Circle.objects.count() == 1
    PoolMember.objects.filter(pool=pool, user=bob).update(share=3)
    route()
    assert Circle.objects.count() == 2
    assert CircleMember.objects.count() == 4


def test_a_lead_kept_together_has_no_circle(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    company = CompanyFactory()
    LeadFactory(company=company, owner=alice)
    route(company=company)
    assert Assignment.objects.get().circle is None


def test_many_leads_cost_as_many_statements_as_few(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    few = [score(LeadFactory(company=None), 80).pk for _ in range(2)]
    many = [score(LeadFactory(company=None), 80).pk for _ in range(20)]
    route()
    assert statements_of(lambda: route_leads(few, by=None)) == statements_of(
        lambda: route_leads(many, by=None)
    )
