"""A colleague's leads in other hands and back, and everybody's days."""

from datetime import timedelta

import pytest

from leads.actions import (
    AbsenceWrong,
    NotTheirs,
    add_absence,
    remove_absence,
    set_capacity,
    set_working_days,
)
from leads.models import Absence, Lead, User
from leads.organisation import today
from pipeline.actions import (
    GivenBackAlready,
    MayNotTakeOver,
    NothingToTakeOver,
    assign_lead,
    drain_routing,
    give_back_leads,
    release_to_routing,
    take_over_leads,
)
from pipeline.models import Assignment, PendingRouting, RoutingWait, Takeover
from pipeline.team import weekdays
from tests.factories import AbsenceFactory, LeadFactory, UserFactory
from tests.factories_routing import RoutingPoolFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def away(alice):
    return AbsenceFactory(user=alice)


def owners(*leads):
    return [Lead.objects.get(pk=lead.pk).owner for lead in leads]


# ---- taking over


def test_an_absent_team_mates_open_leads_change_hands_and_come_back(away, alice, bob):
    first, second = LeadFactory(owner=alice), LeadFactory(owner=alice)
    closed = LeadFactory(owner=alice, outcome="won")
    takeover = take_over_leads(alice, to=bob, by=bob, note="Holidays")
    assert owners(first, second, closed) == [bob, bob, alice]
    record = Assignment.objects.filter(lead=first).last()
    assert (record.how, record.why) == ("taken_over", "In place of Alice Abel: Holidays")
    assert give_back_leads(takeover, by=alice) == 2
    assert owners(first, second) == [alice, alice]
    assert Assignment.objects.filter(lead=first).last().why == "Back from Bob Berg"


def test_what_the_substitute_closed_or_gave_on_does_not_come_back(away, alice, bob, manager):
    kept, won, given = (LeadFactory(owner=alice) for _ in range(3))
    takeover = take_over_leads(alice, to=bob, by=manager)
    Lead.objects.filter(pk=won.pk).update(outcome="won")
    assign_lead(given, to=manager, by=manager, why="Mine")
    assert give_back_leads(takeover, by=manager) == 1
    assert owners(kept, won, given) == [alice, bob, manager]


def test_leads_are_given_back_once(away, alice, bob):
    LeadFactory(owner=alice)
    takeover = take_over_leads(alice, to=bob, by=bob)
    give_back_leads(takeover, by=bob)
    with pytest.raises(GivenBackAlready):
        give_back_leads(takeover, by=bob)


def test_nobody_takes_over_from_somebody_who_is_here_or_of_another_team(alice, bob, charlie, manager):
    LeadFactory(owner=alice)
    with pytest.raises(MayNotTakeOver, match="is here"):
        take_over_leads(alice, to=bob, by=bob)
    AbsenceFactory(user=alice)
    with pytest.raises(MayNotTakeOver):
        take_over_leads(alice, to=charlie, by=charlie)
    with pytest.raises(MayNotTakeOver):
        take_over_leads(alice, to=manager, by=bob)
    with pytest.raises(MayNotTakeOver):
        take_over_leads(alice, to=charlie, by=manager)
    with pytest.raises(MayNotTakeOver):
        take_over_leads(alice, to=alice, by=manager)
    assert not Takeover.objects.exists()


def test_there_must_be_leads_to_take_over(away, alice, bob):
    with pytest.raises(NothingToTakeOver):
        take_over_leads(alice, to=bob, by=bob)


def test_others_do_not_give_back_and_nothing_goes_to_the_deactivated(away, alice, bob, charlie, manager):
    LeadFactory(owner=alice)
    takeover = take_over_leads(alice, to=bob, by=bob)
    with pytest.raises(MayNotTakeOver):
        give_back_leads(takeover, by=charlie)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(MayNotTakeOver, match="deactivated"):
        give_back_leads(takeover, by=manager)


def test_the_leads_of_a_deactivated_rep_can_be_routed_anew(alice, bob, manager, charlie):
    RoutingPoolFactory(members=[alice, bob])
    hot, unscored = score(LeadFactory(owner=alice, company=None), 80), LeadFactory(owner=alice, company=None)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    with pytest.raises(MayNotTakeOver):
        release_to_routing(alice, by=charlie)
    PendingRouting.objects.all().delete()
    assert release_to_routing(alice, by=manager) == 2
    drain_routing()
    assert owners(hot, unscored) == [bob, None]


def test_statements_do_not_grow_with_the_leads(away, alice, bob, manager):
    LeadFactory(owner=alice)
    one = statements_of(lambda: take_over_leads(alice, to=bob, by=manager))
    for _ in range(8):
        LeadFactory(owner=bob)
    assert statements_of(lambda: take_over_leads(bob, to=alice, by=manager)) <= one


# ---- days


def test_everybody_arranges_their_own_days_and_managers_those_of_their_people(
    alice, bob, manager, other_manager
):
    set_working_days(alice, [5, 1, 1], by=alice)
    set_capacity(alice, 30, by=manager)
    alice.refresh_from_db()
    assert (alice.working_days, alice.capacity) == ([1, 5], 30)
    for stranger in (bob, other_manager):
        with pytest.raises(NotTheirs):
            set_working_days(alice, [1], by=stranger)
    with pytest.raises(NotTheirs):
        set_capacity(alice, None, by=alice)


def test_absences_come_and_go(alice, bob):
    day = today()
    absence = add_absence(alice, day, day + timedelta(days=3), by=alice)
    with pytest.raises(AbsenceWrong):
        add_absence(alice, day, day - timedelta(days=1), by=alice)
    with pytest.raises(NotTheirs):
        remove_absence(absence, by=bob)
    remove_absence(absence, by=alice)
    assert not Absence.objects.exists()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], "Every day"),
        ([1, 2, 3, 4, 5], "Mon–Fri"),
        ([1, 3], "Mon, Wed"),
        ([6, 7], "Sat, Sun"),
        (range(1, 8), "Every day"),
    ],
)
def test_weekdays_in_words(days, words):
    assert weekdays(days) == words


# ---- pages


def test_the_team_page_says_who_is_there_and_costs_the_same_for_many(client, away, alice, manager):
    LeadFactory(owner=alice)
    client.force_login(manager)
    page = client.get("/team/").text
    assert "Absent until" in page
    assert f"/team/{alice.pk}/take-over/" in page
    one = statements_of(lambda: client.get("/team/"))
    for _ in range(20):
        LeadFactory(owner=UserFactory(team=alice.team))
    assert statements_of(lambda: client.get("/team/")) == one


def test_waiting_leads_stand_on_the_team_page(client, manager):
    RoutingPoolFactory(name="Empty")
    lead = score(LeadFactory(), 80)
    drain_routing()
    assert RoutingWait.objects.exists()
    client.force_login(manager)
    page = client.get("/team/").text
    assert "The pool Empty has nobody who gets leads." in page
    assert f"/leads/{lead.pk}/" in page


def test_a_rep_takes_over_and_gives_back_on_the_pages(client, away, alice, bob):
    lead = LeadFactory(owner=alice)
    client.force_login(bob)
    assert "Route them" not in client.get(f"/team/{alice.pk}/take-over/").text
    client.post(f"/team/{alice.pk}/take-over/", {"to": bob.pk, "note": "Ill"})
    assert owners(lead) == [bob]
    takeover = Takeover.objects.get()
    assert "works 1 open lead of Alice Abel" in " ".join(client.get("/team/").text.split()).replace(
        "</b>", ""
    )
    client.post(f"/team/takeovers/{takeover.pk}/give-back/")
    assert owners(lead) == [alice]


def test_a_refusal_stays_in_the_dialog(client, alice, bob):
    LeadFactory(owner=alice)
    client.force_login(bob)
    answer = client.post(f"/team/{alice.pk}/take-over/", {"to": bob.pk})
    assert (answer.status_code, "is here" in answer.text) == (409, True)


def test_a_manager_has_leads_routed_anew_on_the_page(client, alice, bob, manager):
    RoutingPoolFactory(members=[bob])
    lead = score(LeadFactory(owner=alice, company=None), 80)
    client.force_login(manager)
    client.post(f"/team/{alice.pk}/take-over/", {"to": "route"})
    drain_routing()
    assert owners(lead) == [bob]


def test_days_are_arranged_on_the_page(client, alice, manager):
    client.force_login(alice)
    address = f"/team/{alice.pk}/"
    client.post(address, {"working_days": ["1", "2"], "capacity": "9"})
    client.post(f"{address}absences/", {"starts_on": "2030-01-02", "ends_on": "2030-01-09"})
    wrong = client.post(f"{address}absences/", {"starts_on": "2030-01-02", "ends_on": "2029-01-09"})
    alice.refresh_from_db()
    assert (alice.working_days, alice.capacity, wrong.status_code) == ([1, 2], None, 422)
    absence = Absence.objects.get()
    client.post(f"{address}absences/{absence.pk}/remove/")
    assert not Absence.objects.exists()
    client.force_login(manager)
    client.post(address, {"capacity": "0"})
    assert client.post(address, {"capacity": "-1"}).status_code == 422
    alice.refresh_from_db()
    assert (alice.working_days, alice.capacity) == ([], 0)


# ---- the lead page


def test_the_lead_page_says_why_it_is_somebodys(client, alice):
    RoutingPoolFactory(name="North", members=[alice])
    lead = score(LeadFactory(), 80)
    drain_routing()
    client.force_login(alice)
    assert "In turn in North for hot leads" in client.get(f"/leads/{lead.pk}/").text


def test_the_lead_page_says_what_it_waits_for(client, alice):
    RoutingPoolFactory(name="North")
    lead = score(LeadFactory(), 80)
    drain_routing()
    client.force_login(alice)
    assert "The pool North has nobody who gets leads." in client.get(f"/leads/{lead.pk}/").text
