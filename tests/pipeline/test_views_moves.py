"""Moves from pages and programs: what is missing is asked for in place, several deals at once, losing."""

import json

import pytest
from django.utils import timezone

from leads.actions import create_api_key
from leads.models import ActivityKind, Company, Lead
from leads.organisation import today
from pipeline.actions import lose_deal
from pipeline.models import Deal, LostReason, Stage, StageChange
from scoring.models import Band
from tests.factories import ContactFactory, CustomFieldFactory, LeadFactory, QuestionFactory
from tests.factories_pipeline import RequirementFactory, StageFactory

HTMX = {"HX-Request": "true"}


@pytest.fixture
def pages(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def marta(alice) -> Lead:
    contact = ContactFactory(first_name="Marta", last_name="Lindqvist")
    return LeadFactory(owner=alice, status="working", contact=contact)


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


def stage(key: str) -> Stage:
    return Stage.objects.get(pipeline__key="default", key=key)


def where(lead: Lead) -> str:
    return Deal.objects.get(pk=lead.pk).stage.key


def send(pages, lead: Lead, key: str, **typed):
    return pages.post(f"/leads/{lead.pk}/move/", {"stage": stage(key).pk, **typed}, headers=HTMX)


# ---- what is missing is asked for in place


def test_a_stage_that_asks_for_something_opens_a_small_form_and_moves_with_it(pages, marta):
    question = QuestionFactory(text="Is the budget approved?")
    needs = [
        RequirementFactory(),
        RequirementFactory(field="lead.pain"),
        RequirementFactory(field="", question=question, value=True),
        RequirementFactory(field="", kind=ActivityKind.objects.get(key="demo_held")),
        RequirementFactory(field="", custom_field=CustomFieldFactory(key="demo_on", type="date")),
    ]
    value, pain, answer, held, day = (f"need_{need.pk}" for need in needs)

    asked = send(pages, marta, "demo")
    page = text_of(asked)
    assert asked.status_code == 422
    assert "Move Marta Lindqvist to Demo" in page
    assert "Demo asks for this." in page
    assert "still missing" not in page
    assert all(f'name="{name}"' in page for name in (value, pain, answer, held, day))
    assert 'name="waiver"' not in page

    typed = {value: "900", pain: "Stops", answer: "false", held: f"{timezone.now():%Y-%m-%dT%H:%M}"}
    wrong = send(pages, marta, "demo", asked="yes", **typed)
    assert wrong.status_code == 422
    assert "This is needed: Is the budget approved? Yes." in text_of(wrong)
    assert "This is still missing." in text_of(wrong)
    assert (where(marta), Deal.objects.get(pk=marta.pk).value) == ("qualify", None)

    moved = send(pages, marta, "demo", asked="yes", **{**typed, answer: "true", day: "2026-12-01"})
    lead = Lead.objects.select_related("deal").get(pk=marta.pk)
    assert moved.status_code == 204
    assert (where(lead), lead.deal.value, lead.pain) == ("demo", 900, "Stops")
    assert lead.attributes == {"demo_on": "2026-12-01"}
    assert lead.answers.get().value is True


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("deal.expected_close_on", "2027-01-31"),
        ("company.industry", "Mining"),
        ("company.employees", "40"),
        ("company.annual_revenue", "1000000"),
        ("company.country", "SE"),
        ("contact.email", "marta@norrland-timber.example"),
        ("contact.phone", "+46905550142"),
        ("contact.job_title", "Head of Operations"),
    ],
)
def test_each_field_that_can_be_required_can_be_given_in_place(pages, marta, field, typed):
    Company.objects.update(industry="", employees=None, annual_revenue=None, country="")
    marta.contacts.update(email="", phone="", job_title="")
    need = RequirementFactory(field=field)

    assert send(pages, marta, "demo").status_code == 422
    assert send(pages, marta, "demo", asked="yes", **{f"need_{need.pk}": typed}).status_code == 204
    assert where(marta) == "demo"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("deal.value", "-1"),
        ("deal.value", "1" * 30),
        ("deal.expected_close_on", "31 February"),
        ("company.employees", "many"),
        ("contact.email", "nowhere"),
        ("contact.phone", "12"),
    ],
)
def test_a_fact_that_cannot_be_is_said_in_the_form_and_nothing_moves(pages, marta, field, typed):
    Company.objects.update(employees=None)
    marta.contacts.update(email="", phone="")
    need = RequirementFactory(field=field)

    answer = send(pages, marta, "demo", asked="yes", **{f"need_{need.pk}": typed})

    assert answer.status_code == 422
    assert where(marta) == "qualify"


def test_what_cannot_be_given_in_place_is_named(pages, marta):
    RequirementFactory(field="", band=Band.objects.get(key="hot"))
    Lead.objects.filter(pk=marta.pk).update(company=None)
    RequirementFactory(field="company.industry")

    page = text_of(send(pages, marta, "demo", asked="yes"))

    assert "Band Hot or better: this cannot be filled in here." in page
    assert "Industry: this cannot be filled in here." in page


def test_a_manager_moves_without_it_and_says_why(pages, client, marta, manager):
    RequirementFactory()
    client.force_login(manager)

    assert 'name="waiver"' in text_of(send(client, marta, "demo"))
    moved = send(client, marta, "demo", asked="yes", waiver="They sign tomorrow")

    assert moved.status_code == 204
    last = StageChange.objects.get(deal=marta.pk, left_at=None)
    assert (last.waived, last.waiver) == (["Value"], "They sign tomorrow")


def test_a_rep_who_sends_a_waiver_all_the_same_is_asked_again(pages, marta):
    RequirementFactory()

    assert send(pages, marta, "demo", asked="yes", waiver="I want to").status_code == 422
    assert where(marta) == "qualify"


def test_a_board_that_shows_an_older_stage_is_told_before_anything_is_asked(pages, marta):
    RequirementFactory()
    seen = stage("discovery").pk
    answer = pages.post(f"/leads/{marta.pk}/move/?seen={seen}", {"stage": stage("demo").pk}, headers=HTMX)

    assert answer.status_code == 409
    assert "has been moved to Qualify meanwhile." in text_of(answer)


def test_asking_costs_the_same_for_many_needs_as_for_one(pages, marta, django_assert_max_num_queries):
    RequirementFactory(field="lead.pain")
    with django_assert_max_num_queries(30) as one:
        send(pages, marta, "demo")
    for path in ("deal.value", "company.industry", "contact.phone"):
        RequirementFactory(field=path)
    Lead.objects.filter(pk=marta.pk).update(pain="")
    with django_assert_max_num_queries(30) as many:
        send(pages, marta, "demo")

    assert len(many) <= len(one) + 1  # whether there is a contact to write to


# ---- losing


def test_the_reason_given_last_is_the_first_and_chosen(pages, alice, bob, marta):
    for user, key in ((alice, "timing"), (bob, "price"), (alice, "competitor")):
        lead = LeadFactory(owner=user, status="working")
        lose_deal(lead.deal, reason=LostReason.objects.get(key=key), by=user)

    page = text_of(pages.get(f"/leads/{marta.pk}/lose/", headers=HTMX))

    places = [page.index(name) for name in ("Competitor", "Timing", "Price")]
    assert places == sorted(places)
    chosen = LostReason.objects.get(key="competitor").pk
    assert f'value="{chosen}" required id="id_reason_0" checked' in page


def test_who_has_lost_nothing_yet_chooses_from_the_usual_order(pages, marta):
    page = text_of(pages.get(f"/leads/{marta.pk}/lose/", headers=HTMX))

    assert "checked" not in page
    assert page.index("Price") < page.index("Competitor")


# ---- several at once


def test_selected_deals_move_and_those_that_may_not_are_named(pages, alice, marta):
    RequirementFactory()
    ready = LeadFactory(owner=alice, status="working")
    Deal.objects.filter(pk=ready.pk).update(value=5)
    sent = {"lead": [marta.pk, ready.pk], "stage": stage("demo").pk}

    answer = pages.post("/leads/bulk/move/", sent, headers=HTMX)

    assert answer.status_code == 409
    assert "1 of 2 leads changed." in text_of(answer)
    assert "Marta Lindqvist needs this to reach Demo: Value." in text_of(answer)
    assert (where(ready), where(marta)) == ("demo", "qualify")


def test_a_manager_waives_for_several_and_a_rep_is_not_asked(client, alice, manager, marta):
    RequirementFactory()
    client.force_login(alice)
    assert 'name="waiver"' not in text_of(client.get(f"/leads/bulk/move/?lead={marta.pk}", headers=HTMX))
    client.force_login(manager)

    sent = {"lead": [marta.pk], "stage": stage("demo").pk, "waiver": "Fair"}
    assert client.post("/leads/bulk/move/", sent, headers=HTMX).status_code == 204
    assert where(marta) == "demo"


def test_several_are_won_lost_and_reopened(pages, alice, marta):
    other = LeadFactory(owner=alice, status="working")
    ids = {"lead": [marta.pk, other.pk]}
    price = LostReason.objects.get(key="price")
    lost = {**ids, "reason": price.pk, "closed_on": today().isoformat()}

    assert pages.post("/leads/bulk/lose/", lost, headers=HTMX).status_code == 204
    assert set(Lead.objects.values_list("outcome", flat=True)) == {"lost"}
    reopened = pages.post("/leads/bulk/reopen/", {**ids, "stage": stage("qualify").pk}, headers=HTMX)
    assert reopened.status_code == 204
    won = pages.post("/leads/bulk/win/", {**ids, "closed_on": today().isoformat()}, headers=HTMX)
    assert won.status_code == 204
    assert set(Lead.objects.values_list("outcome", flat=True)) == {"won"}


def test_a_stage_of_another_pipeline_is_refused_for_each(pages, marta):
    foreign = StageFactory(name="Signed up")

    answer = pages.post("/leads/bulk/move/", {"lead": [marta.pk], "stage": foreign.pk}, headers=HTMX)

    assert answer.status_code == 409
    assert "Signed up is not a stage of the pipeline of Marta Lindqvist." in text_of(answer)


# ---- the same by program


def test_a_program_is_told_what_is_missing_and_a_manager_may_waive_it(client, marta, alice, manager):
    RequirementFactory()

    def move(user, **more):
        key = create_api_key(user.username, user, by=user)[1]
        return client.post(
            f"/api/v1/leads/{marta.pk}/move",
            json.dumps({"stage": "demo", **more}),
            content_type="application/json",
            headers={"Authorization": f"Bearer {key}"},
        )

    refused = move(alice)
    assert refused.status_code == 409
    assert "Marta Lindqvist needs this to reach Demo: Value." in refused.content.decode()
    assert move(manager, waiver="They sign tomorrow").json()["deal"]["stage"] == "demo"
