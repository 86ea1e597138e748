"""Leads find their rep: lanes, pools, turns, capacity, absence, and the reason of every assignment."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from leads.actions import NewLead, NewStatus, add_leads, set_status, set_statuses
from leads.models import Lead, Notification, StatusChange, User
from leads.organisation import today
from leads.tasks import deliver_outbox
from pipeline.actions import (
    assign_lead,
    drain_routing,
    queue_routing,
    queue_unowned,
    queue_waiting,
    route_leads,
)
from pipeline.models import Assignment, Deal, PendingRouting, RoutingCredit, RoutingPool, RoutingWait
from pipeline.tasks import route_pending, route_waiting
from scoring.actions import exclude_lead
from scoring.models import Band
from scoring.pending import drain_scores
from tests.factories import (
    AbsenceFactory,
    CompanyFactory,
    LeadFactory,
    ProductLineFactory,
    SourceFactory,
    UserFactory,
)
from tests.factories_routing import NurtureProgrammeFactory, RoutingPoolFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

HOT, WARM, COLD, DEAD = 80, 50, 20, 0


def lead_of(total=HOT, **facts):
    return score(LeadFactory(**({"company": None} | facts)), total)


def leads_of(number, total=HOT):
    """Many leads with a score, without the engine's work for each."""
    leads = add_leads([NewLead() for _ in range(number)], by=None)
    drain_scores([lead.pk for lead in leads])
    sample = score(leads[0], total).score
    for lead in leads:
        type(sample).objects.filter(pk=lead.pk).update(state="scored", total=total, band=sample.band)
    return [lead.pk for lead in leads]


def route(*leads, **how):
    return route_leads([lead if isinstance(lead, int) else lead.pk for lead in leads], by=None, **how)


def owner_of(lead):
    return Lead.objects.get(pk=lead.pk).owner


def counts():
    return Counter(Assignment.objects.exclude(after=None).values_list("after__username", flat=True))


# ---- when


def test_nothing_is_routed_before_the_first_scoring(alice):
    RoutingPoolFactory(members=[alice])
    lead = LeadFactory()
    assert not PendingRouting.objects.exists()
    route(lead)
    assert owner_of(lead) is None


def test_the_first_scoring_queues_a_lead_and_the_worker_routes_it(alice):
    RoutingPoolFactory(members=[alice])
    lead = lead_of()
    assert set(PendingRouting.objects.values_list("lead", flat=True)) == {lead.pk}
    route_pending()
    assert owner_of(lead) == alice
    assert not PendingRouting.objects.exists()


def test_a_qualified_lead_goes_to_a_rep_whatever_its_band(alice):
    RoutingPoolFactory(members=[alice])
    lead = lead_of(COLD)
    drain_routing()
    assert owner_of(lead) is None
    set_status(lead, "qualified", by=None)
    drain_routing()
    assert owner_of(lead) == alice
    assert Assignment.objects.get().why.startswith("Qualified. In turn in")


def test_news_that_comes_while_the_worker_is_away_waits_in_order(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    first, second, third = (lead_of() for _ in range(3))
    drain_routing()
    order = Assignment.objects.order_by("id").values_list("lead", flat=True)
    assert list(order) == [first.pk, second.pk, third.pk]


def test_without_pools_and_programmes_nothing_happens(alice):
    lead = lead_of()
    assert statements_of(lambda: route(lead)) <= 5
    assert owner_of(lead) is None


# ---- lanes and pools


@pytest.mark.parametrize(("total", "gets_a_rep"), [(HOT, True), (WARM, True), (COLD, False), (DEAD, False)])
def test_the_band_decides_the_lane(total, gets_a_rep, alice):
    RoutingPoolFactory(members=[alice])
    lead = lead_of(total)
    route(lead)
    assert (owner_of(lead) is not None) == gets_a_rep


def test_the_first_pool_whose_conditions_are_met_has_the_lead(alice, bob, charlie):
    line, source = ProductLineFactory(), SourceFactory()
    RoutingPoolFactory(order=1, members=[alice], product_lines=[line], countries=["SE", "NO"])
    RoutingPoolFactory(order=2, members=[bob], sources=[source], bands=[Band.objects.get(key="hot")])
    RoutingPoolFactory(order=3, members=[charlie])
    swedish = CompanyFactory(country="SE")
    assert_owner = {
        lead_of(product_line=line, company=swedish): alice,
        lead_of(product_line=line, source=source): bob,
        lead_of(WARM, source=source): charlie,
        lead_of(company=CompanyFactory(country="SE")): charlie,
    }
    for lead, owner in assert_owner.items():
        route(lead)
        assert owner_of(lead) == owner


def test_an_inactive_pool_and_a_lead_that_fits_none_are_left_alone(alice, bob):
    RoutingPoolFactory(is_active=False, members=[alice])
    RoutingPoolFactory(members=[bob], product_lines=[ProductLineFactory()])
    lead = lead_of()
    assert route(lead) == {}
    assert owner_of(lead) is None
    assert not RoutingWait.objects.exists()


def test_what_somebody_owns_or_nobody_may_score_or_is_closed_stays_where_it_is(alice, bob):
    RoutingPoolFactory(members=[bob])
    owned, closed, excluded = lead_of(owner=alice), lead_of(), lead_of()
    set_status(closed, "disqualified", by=None, reason="no_fit")
    exclude_lead(excluded, by=None, why="A competitor")
    drain_scores()
    route(owned, closed, excluded)
    assert [owner_of(lead) for lead in (owned, closed, excluded)] == [alice, None, None]


# ---- fairness


@pytest.mark.parametrize("number", [50, 47])
def test_many_at_once_are_fair_to_within_one_in_every_band(number, alice, bob, charlie):
    RoutingPoolFactory(members=[alice, bob, charlie])
    hot, warm = leads_of(number, HOT), leads_of(number, WARM)
    route(*hot, *warm)
    for ids in (hot, warm):
        got = Counter(Lead.objects.filter(pk__in=ids).values_list("owner", flat=True))
        assert sum(got.values()) == number
        assert max(got.values()) - min(got.values()) <= 1


def test_shares_weigh_and_credits_say_what_is_still_due(alice, bob):
    pool = RoutingPoolFactory(members=[(alice, 3), bob])
    route(*leads_of(40))
    assert counts() == {"alice": 30, "bob": 10}
    rows = RoutingCredit.objects.filter(pool=pool).values_list("user__username", "received", "credit")
    assert set(rows) == {("alice", 30, 0), ("bob", 10, 0)}


def test_batches_go_on_where_the_last_one_ended(alice, bob, charlie):
    RoutingPoolFactory(members=[alice, bob, charlie])
    for number in (1, 2, 4, 1, 5):
        route(*leads_of(number))
    assert set(counts().values()) <= {4, 5}


def test_statements_do_not_grow_with_the_leads(alice, bob):
    RoutingPoolFactory(members=[alice, bob], seconds=[UserFactory()], second_from=Band.objects.get(key="hot"))
    NurtureProgrammeFactory(steps=[("task", "Call")])
    few, many = leads_of(2) + leads_of(2, COLD), leads_of(30) + leads_of(30, COLD)
    assert statements_of(lambda: route(*few)) == statements_of(lambda: route(*many))


# ---- who can


def test_absent_off_full_and_deactivated_reps_get_nothing_and_earn_nothing(alice, bob, charlie):
    AbsenceFactory(user=alice, starts_on=today(), ends_on=today())
    tomorrow = (today() + timedelta(days=1)).isoweekday()
    User.objects.filter(pk=bob.pk).update(working_days=[tomorrow])
    gone, full = UserFactory(is_active=False), UserFactory(capacity=0)
    pool = RoutingPoolFactory(members=[alice, bob, charlie, gone, full])
    route(*leads_of(4))
    assert counts() == {"charlie": 4}
    assert set(RoutingCredit.objects.filter(pool=pool).values_list("user", flat=True)) == {charlie.pk}
    why = Assignment.objects.first().why
    assert why.endswith("next of 1 with a credit of +1.00 (1 absent, 1 off today, 1 deactivated, 1 full).")


def test_an_absence_counts_on_its_days_only(alice):
    RoutingPoolFactory(members=[alice])
    AbsenceFactory(user=alice, starts_on=today() - timedelta(days=9), ends_on=today() - timedelta(days=1))
    AbsenceFactory(user=alice, starts_on=today() + timedelta(days=1))
    lead = lead_of()
    route(lead)
    assert owner_of(lead) == alice


def test_capacity_is_open_leads_in_hand_and_holds_within_a_batch(alice, bob):
    User.objects.filter(pk=alice.pk).update(capacity=3)
    RoutingPoolFactory(members=[alice, bob])
    LeadFactory(owner=alice)
    resting = LeadFactory(owner=alice)
    set_status(resting, "nurturing", by=alice)
    route(*leads_of(10))
    assert counts() == {"alice": 2, "bob": 8}


def test_a_new_rep_starts_at_nought_and_catches_up_nothing(alice, bob, charlie):
    pool = RoutingPoolFactory(members=[alice, bob])
    route(*leads_of(20))
    pool.members.create(user=charlie)
    route(*leads_of(9))
    assert counts() == {"alice": 13, "bob": 13, "charlie": 3}


def test_when_nobody_can_the_lead_waits_with_the_reason_and_is_tried_again(alice, bob):
    RoutingPoolFactory(name="North", members=[alice, bob])
    away = AbsenceFactory(user=alice)
    User.objects.filter(pk=bob.pk).update(capacity=0)
    lead = lead_of()
    route(lead)
    wait = RoutingWait.objects.get()
    assert (wait.lead, wait.why) == (lead, "Nobody in North can take a lead now: 1 absent, 1 full.")
    away.delete()
    assert queue_waiting() == 0  # it was tried a moment ago
    RoutingWait.objects.update(since=timezone.now() - timedelta(minutes=10))
    PendingRouting.objects.all().delete()
    route_waiting()
    assert owner_of(lead) == alice
    assert not RoutingWait.objects.exists()


def test_a_pool_without_members_makes_its_leads_wait(alice):
    RoutingPoolFactory(name="Empty", order=1)
    RoutingPoolFactory(order=2, members=[alice])
    lead = lead_of()
    route(lead)
    assert owner_of(lead) is None
    assert RoutingWait.objects.get().why == "The pool Empty has nobody who gets leads."


def test_taking_a_waiting_lead_by_hand_ends_its_waiting(alice):
    RoutingPoolFactory()
    lead = lead_of()
    route(lead)
    assign_lead(lead, to=alice, by=alice, why="Mine")
    assert not RoutingWait.objects.exists()


# ---- kept together


def test_whoever_has_the_companys_other_leads_gets_the_new_one_outside_the_turns(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    company = CompanyFactory(name="Norrland Timber")
    LeadFactory(company=company, owner=bob)
    lead = lead_of(company=company)
    route(lead)
    assignment = Assignment.objects.get()
    assert (assignment.after, assignment.how) == (bob, "together")
    assert assignment.why == "Hot. Bob Berg has other leads of Norrland Timber."
    assert not RoutingCredit.objects.exists()


def test_leads_of_one_company_in_one_batch_stay_together(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    company = CompanyFactory()
    leads = [lead_of(company=company) for _ in range(4)]
    route(*leads)
    assert len({owner_of(lead) for lead in leads}) == 1


@pytest.mark.parametrize("reason", ["absent", "full", "deactivated", "lost"])
def test_an_owner_who_cannot_take_it_does_not_keep_the_company(reason, alice, bob):
    RoutingPoolFactory(members=[alice])
    company = CompanyFactory()
    other = LeadFactory(company=company, owner=bob)
    if reason == "absent":
        AbsenceFactory(user=bob)
    elif reason == "lost":
        Lead.objects.filter(pk=other.pk).update(outcome="lost")
    else:
        User.objects.filter(pk=bob.pk).update(
            **({"capacity": 1} if reason == "full" else {"is_active": False})
        )
    lead = lead_of(company=company)
    route(lead)
    assert owner_of(lead) == alice


# ---- a second person


@pytest.fixture
def engineer(db):
    return UserFactory(first_name="Eva", last_name="Eng")


@pytest.mark.parametrize(
    ("facts", "gets_help"),
    [
        ((HOT, 60_000, None), True),
        ((HOT, 10, 600), True),
        ((HOT, 10, 10), False),
        ((HOT, None, None), False),
        ((WARM, 60_000, 900), False),
    ],
)
def test_a_hot_large_lead_gets_a_second_person_who_sees_it(facts, gets_help, alice, engineer):
    total, value, employees = facts
    hot = Band.objects.get(key="hot")
    RoutingPoolFactory(
        members=[alice], seconds=[engineer], second_from=hot, second_value=50_000, second_employees=500
    )
    lead = lead_of(total, company=CompanyFactory(employees=employees))
    Deal.objects.filter(pk=lead.pk).update(value=value)
    route(lead)
    second = engineer if gets_help else None
    assert (owner_of(lead), Lead.objects.get(pk=lead.pk).second) == (alice, second)
    assert Lead.objects.visible_to(engineer).filter(pk=lead.pk, owner=alice).exists() == gets_help
    assert Assignment.objects.get().why.endswith("Large, so Eva Eng helps.") == gets_help


def test_second_people_take_turns_and_their_own_lists_stay_empty(alice, engineer):
    other = UserFactory(capacity=1)
    RoutingPoolFactory(members=[alice], seconds=[engineer, other], second_from=Band.objects.get(key="hot"))
    route(*leads_of(6))
    assert Counter(Lead.objects.values_list("second", flat=True)) == {engineer.pk: 3, other.pk: 3}


def test_the_second_person_is_told_and_stays_when_the_owner_changes(alice, bob, engineer):
    RoutingPoolFactory(members=[alice], seconds=[engineer], second_from=Band.objects.get(key="hot"))
    lead = lead_of()
    route(lead)
    assign_lead(lead, to=bob, by=None, why="Speaks Finnish")
    deliver_outbox()
    assert Lead.objects.get(pk=lead.pk).second == engineer
    told = Notification.objects.filter(user=engineer).values_list("kind", flat=True)
    assert list(told) == ["lead_seconded"]


# ---- what is told, and what comes back


def test_few_leads_are_told_one_by_one_and_many_in_one_sentence(alice, bob):
    RoutingPoolFactory(members=[alice])
    route(*leads_of(2))
    route(*leads_of(12))
    deliver_outbox()
    texts = [note.text for note in Notification.objects.filter(user=alice, kind__startswith="lead")]
    assert len(texts) == 3
    assert texts[0] == "12 leads are yours now, given by Plumbline."


def test_a_back_dated_routing_announces_nothing_and_keeps_its_date(alice):
    RoutingPoolFactory(members=[alice])
    lead, then = lead_of(), timezone.now() - timedelta(days=30)
    deliver_outbox()
    route(lead, at=then)
    deliver_outbox()
    assert Assignment.objects.get().at == then
    assert not Notification.objects.filter(kind="lead_assigned").exists()


def test_what_rests_in_nurturing_is_left_alone_until_it_rises(alice):
    RoutingPoolFactory(members=[alice])
    lead = lead_of(HOT)
    PendingRouting.objects.all().delete()
    set_statuses([NewStatus(lead.pk, "nurturing", at=timezone.now() - timedelta(days=3))], by=None)
    drain_routing()
    assert owner_of(lead) is None
    lead.crossings.create(
        before=Band.objects.get(key="warm"), after=Band.objects.get(key="hot"), total=HOT,
        model=lead.score.model, day=today(), at=timezone.now(),
    )  # fmt: skip
    route(lead)
    lead.refresh_from_db()
    assert (lead.owner, lead.status) == (alice, "new")
    assert StatusChange.objects.filter(lead=lead).last().reason == "Better than when it was sent to nurturing"


def test_after_pools_have_changed_everything_that_is_nobodys_can_be_routed(alice, bob):
    lead_of(owner=bob)
    lead = lead_of()
    drain_routing()
    RoutingPoolFactory(members=[alice])
    assert queue_unowned() == 1
    drain_routing()
    assert owner_of(lead) == alice


def test_a_rep_deactivated_while_holding_leads_keeps_them_and_gets_no_more(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    held = LeadFactory(owner=alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    route(*leads_of(3))
    assert counts() == {"bob": 3}
    assert owner_of(held) == alice


def test_a_deleted_lead_in_the_queue_does_no_harm(alice):
    RoutingPoolFactory(members=[alice])
    lead = lead_of()
    queue_routing([lead.pk, 999_999_999])
    drain_routing()
    assert owner_of(lead) == alice


def test_value_decides_between_equals(alice, bob):
    RoutingPoolFactory(members=[alice, bob])
    rich = LeadFactory(owner=alice)
    Deal.objects.filter(pk=rich.pk).update(value=Decimal(90_000), confidence=50)
    lead = lead_of()
    route(lead)
    assert owner_of(lead) == bob
    assert "level with 1 other, but with less expected value" in Assignment.objects.get().why
    assert RoutingPool.objects.get().assignments.get().band.key == "hot"
