"""Whose a lead becomes: who may give it to whom, and what is recorded."""

import pytest

from leads.actions import LeadClosed
from leads.models import Lead, Notification, Organisation, Outbox
from leads.tasks import deliver_outbox
from pipeline.actions import MayNotAssign, assign_lead, assign_leads
from pipeline.models import Assignment
from tests.factories import LeadFactory, UserFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def owner_of(lead):
    return Lead.objects.get(pk=lead.pk).owner


def test_an_assignment_records_both_sides_and_why_and_keeps_the_status(alice, bob):
    lead = assign_lead(LeadFactory(owner=alice), to=bob, by=alice, why="Speaks Finnish")
    record = Assignment.objects.get()
    assert (lead.owner, lead.status) == (bob, "new")
    assert (record.before, record.after, record.why, record.by) == (alice, bob, "Speaks Finnish", alice)


def test_the_receiver_is_told_unless_they_took_it(alice, bob):
    assign_lead(LeadFactory(owner=alice), to=bob, by=alice, why="")
    assign_lead(LeadFactory(), to=alice, by=alice, why="")
    deliver_outbox()
    note = Notification.objects.get()
    assert (note.user, note.text.endswith("is yours now, given by Alice Abel.")) == (bob, True)


def test_giving_it_to_whom_it_belongs_already_leaves_no_trace(alice):
    assign_lead(LeadFactory(owner=alice), to=alice, by=alice, why="")
    assert not Assignment.objects.exists()
    assert not Outbox.objects.exists()


ALLOWED = [
    # by, the lead's owner, to
    ("alice", None, "alice"),
    ("alice", "alice", None),
    ("alice", "alice", "bob"),
    ("manager", "alice", "bob"),
    ("manager", None, "alice"),
    ("manager", "alice", None),
    ("manager", "bob", "manager"),
    ("admin", "charlie", "alice"),
    ("admin", "alice", None),
    (None, "alice", "charlie"),
]
REFUSED = [
    ("alice", None, "bob", "belongs to nobody: you can take it, but not give it"),
    ("alice", "alice", "charlie", "choose yourself, or somebody of your team"),
    ("alice", "bob", "alice", "is not yours to give"),
    ("alice", "charlie", "alice", "is not yours to give"),
    ("manager", "alice", "charlie", "choose yourself, or somebody of your team"),
    ("manager", "charlie", "alice", "is not yours to give"),
    ("other_manager", "alice", "charlie", "is not yours to give"),
    ("admin", "alice", "gone", "cannot go to"),
    (None, "alice", "gone", "cannot go to"),
]


@pytest.fixture
def person(request):
    """The user of a fixture's name; `gone` can no longer sign in, None is nobody."""
    for name in ("alice", "bob", "charlie", "manager", "other_manager", "admin"):
        request.getfixturevalue(name)
    gone = UserFactory(is_active=False)
    return lambda name: gone if name == "gone" else name and request.getfixturevalue(name)


@pytest.mark.parametrize(("by", "owner", "to"), ALLOWED)
def test_who_may_give_which_lead_to_whom(person, by, owner, to):
    lead = LeadFactory(owner=person(owner))
    assign_lead(lead, to=person(to), by=person(by), why="")
    assert owner_of(lead) == person(to)


@pytest.mark.parametrize(("by", "owner", "to", "sentence"), REFUSED)
def test_who_may_not(person, by, owner, to, sentence):
    lead = LeadFactory(owner=person(owner))
    with pytest.raises(MayNotAssign, match=sentence):
        assign_lead(lead, to=person(to), by=person(by), why="")
    assert owner_of(lead) == person(owner)
    assert not Assignment.objects.exists()


def test_where_reps_may_not_pick_they_do_not_take(alice):
    Organisation.objects.update(reps_may_pick=False)
    with pytest.raises(MayNotAssign, match="is not yours to give"):
        assign_lead(LeadFactory(), to=alice, by=alice, why="")


def test_a_closed_lead_keeps_its_owner(alice, bob):
    lead = LeadFactory(owner=alice, outcome="won")
    with pytest.raises(LeadClosed, match="is already won, so it keeps its owner"):
        assign_lead(lead, to=bob, by=alice, why="")


def test_a_row_that_is_refused_never_loses_the_others(alice, bob):
    mine, theirs = LeadFactory(owner=alice), LeadFactory(owner=bob)
    refused = assign_leads([theirs.pk, mine.pk], to=bob, by=alice, why="")
    assert [(row.index, row.refusal) for row in refused] == [(0, MayNotAssign)]
    assert owner_of(mine) == bob


def test_twenty_assignments_cost_as_many_statements_as_one(admin, bob):
    leads = [LeadFactory().pk for _ in range(21)]
    admin.has_perm("leads.view_all_leads")
    one = statements_of(lambda: assign_leads(leads[:1], to=bob, by=admin, why=""))
    assert statements_of(lambda: assign_leads(leads[1:], to=bob, by=admin, why="")) == one
