"""My day: what waits for whoever is signed in, and the changes made from there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads.models import Activity, Lead, Task
from leads.organisation import today
from pipeline.models import Deal, Stage
from scoring.models import Band, BandCrossing, ScoringModel
from tests.factories import LeadFactory, TaskFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


def lead_of(user, name: str, **facts) -> Lead:
    return LeadFactory(owner=user, contact__first_name=name, contact__last_name="", **facts)


def in_stage(lead: Lead, days: int) -> None:
    Stage.objects.filter(pk=lead.deal.stage_id).update(rot_days=10)
    Deal.objects.filter(pk=lead.pk).update(stage_entered_at=timezone.now() - days * DAY)


def rise(lead: Lead, *, days_ago: int) -> None:
    hot = Band.objects.get(key="hot")
    model, at = ScoringModel.objects.first(), timezone.now() - days_ago * DAY
    BandCrossing.objects.create(lead=lead, after=hot, total=80, model=model, day=at.date(), at=at)


def section(page: str, name: str) -> str:
    return page.split(f">{name}</h2>")[1].split("</section>", maxsplit=1)[0]


def test_tasks_stand_under_their_days(pages, alice, bob):
    lead = lead_of(alice, "Marta")
    for title, days in (("Late", -2), ("Now", 0), ("Soon", 3), ("Far", 30)):
        TaskFactory(lead=lead, assignee=alice, title=title, due_on=today() + days * DAY)
    TaskFactory(lead=lead, assignee=bob, title="Somebody else’s", due_on=today())
    page = pages.get("/day/").content.decode()
    assert "Late" in section(page, "Overdue")
    assert "Now" in section(page, "Today")
    assert "Soon" in section(page, "Next seven days")
    assert "Far" not in page
    assert "Somebody else’s" not in page


def test_new_hot_leads_are_those_nobody_has_contacted_since_they_rose(pages, alice):
    for name, days_ago in (("Fresh", 1), ("Stale", 30), ("Called", 2)):
        rise(score(lead_of(alice, name), 80), days_ago=days_ago)
    score(lead_of(alice, "Warm"), 50)
    Lead.objects.filter(people__contact__first_name="Called").update(last_contact_at=timezone.now())
    page = pages.get("/day/").content.decode()
    found = section(page, "New hot leads")
    assert "Fresh" in found
    assert not any(name in found for name in ("Stale", "Called", "Warm"))


def test_deals_that_stand_too_long_rot(pages, alice):
    in_stage(lead_of(alice, "Rotten", status="working"), 11)
    in_stage(lead_of(alice, "Ripe", status="working"), 10)
    found = section(pages.get("/day/").content.decode(), "Deals that rot")
    assert "Rotten" in found
    assert "Ripe" not in found


def test_leads_without_a_next_step_are_named(pages, alice):
    lead_of(alice, "Idle", status="working")
    lead_of(alice, "Untouched")
    TaskFactory(lead=lead_of(alice, "Planned", status="working"), due_on=today() + 90 * DAY)
    found = section(pages.get("/day/").content.decode(), "Leads without a next step")
    assert "Idle" in found
    assert not any(name in found for name in ("Untouched", "Planned"))


def test_a_managers_day_is_their_own(client, manager, alice):
    TaskFactory(lead=lead_of(alice, "Marta", status="working"), assignee=alice, due_on=today())
    client.force_login(manager)
    assert "Nothing is waiting" in client.get("/day/").content.decode()


def test_the_page_costs_the_same_for_many(pages, alice):
    def fill(count: int) -> None:
        for _ in range(count):
            lead = LeadFactory(owner=alice, status="working")
            rise(score(lead, 80), days_ago=1)
            in_stage(lead, 20)
            TaskFactory(lead=LeadFactory(owner=alice), assignee=alice, due_on=today())

    fill(1)
    one = statements_of(lambda: pages.get("/day/"))
    fill(7)
    assert statements_of(lambda: pages.get("/day/")) == one


def test_a_task_is_done_with_what_came_of_it_and_what_is_next(pages, alice):
    task = TaskFactory(lead=lead_of(alice, "Marta"), assignee=alice)
    address = f"/leads/{task.lead_id}/task/{task.pk}/done/"
    assert "Next task" in pages.get(address).content.decode()
    form = {"outcome": "call", "note": "Wants a demo", "next_title": "Demo", "next_due_on": "2031-01-02"}
    assert pages.post(address, form).status_code == 302
    assert Activity.objects.get(kind__key="call").properties == {"note": "Wants a demo"}
    assert Task.objects.open().get().title == "Demo"


def test_a_next_task_without_a_day_is_asked_for_one(pages, alice):
    task = TaskFactory(lead=lead_of(alice, "Marta"), assignee=alice)
    form = {"outcome": "", "next_title": "Demo", "next_due_on": ""}
    answer = pages.post(f"/leads/{task.lead_id}/task/{task.pk}/done/", form)
    assert answer.status_code == 422
    assert "Give the day on which the next task is due." in answer.content.decode()
    assert Task.objects.get().done_at is None


def test_a_task_is_put_off_from_its_dialog(pages, alice):
    task = TaskFactory(lead=lead_of(alice, "Marta"), assignee=alice, due_on=today())
    address = f"/leads/{task.lead_id}/task/{task.pk}/snooze/"
    assert pages.post(address, {"until": "other", "day": ""}).status_code == 422
    assert pages.post(address, {"until": "other", "day": today().isoformat()}).status_code == 409
    assert pages.post(address, {"until": (today() + DAY).isoformat()}).status_code == 302
    assert Task.objects.get().due_on == today() + DAY


def test_a_task_is_changed_in_its_dialog(pages, alice):
    task = TaskFactory(lead=lead_of(alice, "Marta"), assignee=alice, title="Call")
    form = {"title": "Write", "due_on": "2031-02-03", "kind": "", "assignee": alice.pk}
    assert pages.post(f"/leads/{task.lead_id}/task/{task.pk}/", form).status_code == 302
    assert Task.objects.get().title == "Write"


def test_a_task_of_another_lead_is_nowhere(pages, alice):
    task = TaskFactory(lead=lead_of(alice, "Marta"), assignee=alice)
    other = lead_of(alice, "Piotr")
    assert pages.get(f"/leads/{other.pk}/task/{task.pk}/snooze/").status_code == 404


@pytest.mark.parametrize("needs", ["first_contact", "next_step", "task", "move"])
def test_triage_finds_all_that_wait_for_the_same(pages, alice, needs):
    hot = score(lead_of(alice, "Hot"), 80)
    rise(hot, days_ago=1)
    TaskFactory(lead=hot, due_on=today() + DAY)
    lead_of(alice, "Idle", status="working")
    TaskFactory(lead=lead_of(alice, "Late"), due_on=today() - DAY)
    rotten = lead_of(alice, "Rotten", status="working")
    TaskFactory(lead=rotten, due_on=today() + DAY)
    in_stage(rotten, 11)
    page = pages.get(f"/leads/?owner=me&needs={needs}").content.decode()
    expected = {"first_contact": "Hot", "next_step": "Idle", "task": "Late", "move": "Rotten"}[needs]
    assert [name for name in ("Hot", "Idle", "Late", "Rotten") if f">{name}</b>" in page] == [expected]
