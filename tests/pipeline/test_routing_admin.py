"""What administrators see and do: pools and whose turn is next, programmes, letters, who leaves."""

import pytest

from leads.models import User
from leads.organisation import today
from pipeline.actions import drain_routing, route_leads
from pipeline.models import Enrolment, MailTemplate, NurtureProgramme, RoutingPool
from tests.factories import AbsenceFactory, LeadFactory, UserFactory
from tests.factories_routing import MailTemplateFactory, NurtureProgrammeFactory, RoutingPoolFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client, admin):
    """The admin, with an administrator signed in."""
    client.force_login(admin)
    return client


def page_of(client, row):
    return client.get(f"/admin/pipeline/{row._meta.model_name}/{row.pk}/change/").text


def form_of_pool(**fields):
    sent = {"name": "North", "order": "1", "is_active": "on", "members-INITIAL_FORMS": "0"}
    return sent | {"members-TOTAL_FORMS": "0"} | fields


@pytest.mark.parametrize(("share", "part"), [(2, "owner"), (1, "second")])
def test_a_pool_is_made_with_its_members(share, part, office, alice):
    members = {
        "members-TOTAL_FORMS": "1",
        "members-0-user": alice.pk,
        "members-0-share": share,
        "members-0-part": part,
    }
    office.post("/admin/pipeline/routingpool/add/", form_of_pool(countries=["SE", "NO"], **members))
    pool = RoutingPool.objects.get()
    assert [country.code for country in pool.countries] == ["NO", "SE"]
    assert list(pool.members.values_list("user", "share", "part")) == [(alice.pk, share, part)]


@pytest.mark.parametrize("share", ["0", "-1", "101", "x"])
def test_a_share_that_makes_no_sense_is_refused(share, office, alice):
    members = {"members-TOTAL_FORMS": "1", "members-0-user": alice.pk, "members-0-share": share}
    answer = office.post(
        "/admin/pipeline/routingpool/add/", form_of_pool(**members, **{"members-0-part": "owner"})
    )
    assert answer.status_code == 200
    assert not RoutingPool.objects.exists()


def test_the_pool_says_who_gets_the_next_lead_and_why_and_changes_nothing(office, alice, bob, charlie):
    AbsenceFactory(user=bob, starts_on=today())
    User.objects.filter(pk=charlie.pk).update(capacity=0)
    pool = RoutingPoolFactory(members=[alice, bob, charlie])
    page = page_of(office, pool)
    assert "Alice Abel is next of 1 with a credit of +1.00." in page
    assert "Next hot lead" in page
    assert "Absent" in page
    assert "Full" in page
    assert not pool.credits.exists()


def test_a_pool_without_anybody_says_that_its_leads_wait(office):
    pool = RoutingPoolFactory()
    assert "Nobody gets leads here: they wait." in page_of(office, pool)
    assert "Nobody: its leads wait" in office.get("/admin/pipeline/routingpool/").text


def test_pages_of_pools_cost_the_same_for_twenty_members(office, alice):
    pool = RoutingPoolFactory(members=[alice])
    address = f"/admin/pipeline/routingpool/{pool.pk}/change/"
    one = statements_of(lambda: office.get(address))
    for _ in range(20):
        pool.members.create(user=UserFactory())
    assert statements_of(lambda: office.get(address)) == one


def test_leads_that_were_nobodys_before_are_routed_by_a_button(office, alice):
    lead = score(LeadFactory(), 80)
    drain_routing()
    RoutingPoolFactory(members=[alice])
    office.post("/admin/pipeline/routingpool/route/")
    drain_routing()
    lead.refresh_from_db()
    assert lead.owner == alice


def test_a_letter_is_shown_as_it_arrives_and_refused_with_a_blank_that_nobody_fills(office):
    template = MailTemplateFactory(subject="For {{ company }}", body="Dear {{ first_name }}")
    page = page_of(office, template)
    assert "For Norrland Timber" in page
    assert "Dear Marta" in page
    assert "no longer want to hear from us" in page
    answer = office.post(
        "/admin/pipeline/mailtemplate/add/", {"name": "A", "subject": "B", "body": "{{ salary }}"}
    )
    assert "“salary” cannot be filled in" in answer.text
    assert MailTemplate.objects.count() == 1


def test_a_programme_with_leads_counts_them_and_is_not_deleted(office):
    programme = NurtureProgrammeFactory(steps=[("wait", 3)])
    lead = score(LeadFactory(), 20)
    route_leads([lead.pk], by=None)
    assert Enrolment.objects.exists()
    assert "Leads on their way" in office.get("/admin/pipeline/nurtureprogramme/").text
    office.post(f"/admin/pipeline/nurtureprogramme/{programme.pk}/delete/", {"post": "yes"})
    assert NurtureProgramme.objects.exists()


def test_whoever_is_deactivated_with_leads_leaves_a_warning(office, alice):
    LeadFactory(owner=alice)
    sent = {"username": "alice", "email": alice.email, "role": "Sales rep"}
    counted = {f"absences-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL")}
    answer = office.post(f"/admin/leads/user/{alice.pk}/change/", sent | counted, follow=True)
    assert "still owns 1 open leads" in answer.text
    alice.refresh_from_db()
    assert not alice.is_active
