"""Who sees what: Alice owns, Bob is in her team, Charlie is not."""

import pytest

from leads.models import Activity, Contact, Lead, Notification, Task
from leads.models.organisation import Organisation
from tests.factories import ActivityFactory, ContactFactory, LeadFactory, NotificationFactory, TaskFactory

pytestmark = pytest.mark.django_db

EVERYONE = ["alice", "bob", "charlie", "manager", "other_manager", "admin"]


@pytest.fixture
def seers(request):
    people = {name: request.getfixturevalue(name) for name in EVERYONE}

    def seeing(model, row):
        visible = model.objects.visible_to
        return {name for name, user in people.items() if visible(user).filter(pk=row.pk).exists()}

    return seeing


ALICE_HERS = {"alice", "manager", "admin"}


def test_an_owned_lead_is_seen_by_its_owner_her_manager_and_the_admin(seers, alice):
    assert seers(Lead, LeadFactory(owner=alice)) == ALICE_HERS


def test_a_lead_of_nobody_is_seen_by_all_while_reps_may_pick(seers):
    assert seers(Lead, LeadFactory(owner=None)) == set(EVERYONE)


def test_a_lead_of_nobody_is_the_managers_when_reps_may_not_pick(seers):
    Organisation.objects.update(reps_may_pick=False)
    assert seers(Lead, LeadFactory(owner=None)) == {"manager", "other_manager", "admin"}


def test_contacts_follow_their_leads(seers, alice, charlie):
    contact = ContactFactory()
    assert seers(Contact, contact) == set(EVERYONE)
    LeadFactory(contact=contact, owner=alice)
    assert seers(Contact, contact) == ALICE_HERS
    LeadFactory(contact=contact, owner=charlie)
    assert seers(Contact, contact) == ALICE_HERS | {"charlie", "other_manager"}


def test_activities_and_tasks_follow_their_leads(seers, alice):
    lead = LeadFactory(owner=alice)
    assert seers(Activity, ActivityFactory(lead=lead)) == ALICE_HERS
    assert seers(Task, TaskFactory(lead=lead)) == ALICE_HERS


def test_a_task_of_anothers_lead_is_not_seen_by_being_its_assignee(seers, alice, charlie):
    assert seers(Task, TaskFactory(lead=LeadFactory(owner=alice), assignee=charlie)) == ALICE_HERS


def test_a_companys_leads_are_those_that_may_be_seen(alice, charlie):
    lead = LeadFactory(owner=alice)
    other = LeadFactory(owner=charlie, contact=None, company=lead.company)
    assert set(lead.company.leads.visible_to(alice)) == {lead}
    assert set(lead.company.leads.visible_to(charlie)) == {other}


def test_notifications_are_only_ones_own(seers, alice):
    assert seers(Notification, NotificationFactory(user=alice)) == {"alice"}
