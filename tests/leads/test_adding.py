"""Leads are born with people, external ids and news, and changed without silent side effects."""

from datetime import UTC, datetime

import pytest

from config.refusals import Refusal
from leads.actions import NewLead, add_lead, add_leads, change_leads, get_or_create_names
from leads.models import Campaign, ExternalId, Lead, LeadContact, ProductLine, Source
from leads.models.leads import Lead as LeadModel
from leads.signals import leads_added, leads_changed
from tests.factories import CompanyFactory, ContactFactory, LeadFactory, ProductLineFactory, SourceFactory
from tests.heard import heard
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def test_a_lead_is_born_new_open_and_with_its_people_the_first_of_them_first(alice):
    company, decider, user = CompanyFactory(), ContactFactory(), ContactFactory()
    row = NewLead(
        company_id=company.pk,
        people=[(decider.pk, "decider"), (user.pk, "user"), (decider.pk, "decider")],
        owner_id=alice.pk,
        attributes={"origin": "Fair", "empty": None},
    )
    with heard(leads_added) as news:
        lead = add_lead(row, by=alice)
    lead = Lead.objects.get(pk=lead.pk)
    assert (lead.status, lead.outcome, lead.owner, lead.attributes) == (
        "new",
        "open",
        alice,
        {"origin": "Fair"},
    )
    people = LeadContact.objects.values_list("contact", "role", "is_first")
    assert list(people) == [(decider.pk, "decider", True), (user.pk, "user", False)]
    assert [(n["lead_ids"], n["by"], n["at"]) for n in news] == [([lead.pk], alice, None)]
    assert news[0]["sender"] is LeadModel


def test_score_and_deal_are_born_with_the_lead():
    lead = LeadFactory()
    assert lead.score.state == "unscored"
    assert lead.deal.entered_at is None


def test_a_lead_keeps_the_date_it_was_created_elsewhere():
    born, moved_in = datetime(2024, 1, 2, tzinfo=UTC), datetime(2025, 1, 2, tzinfo=UTC)
    own, batch = add_leads([NewLead(created_at=born), NewLead()], by=None, at=moved_in)
    assert (own.created_at, batch.created_at) == (born, moved_in)


def test_an_external_id_names_one_lead_only(alice):
    lead = add_lead(NewLead(external=("maven", "A-1")), by=alice)
    assert ExternalId.objects.get().object_id == lead.pk
    with pytest.raises(Refusal, match="A lead with this external id was added at the same moment"):
        add_lead(NewLead(external=("maven", "A-1")), by=alice)
    assert Lead.objects.count() == 1


def test_changing_sends_news_only_of_leads_that_really_changed(alice):
    changed, same = LeadFactory(attributes={"origin": "Fair", "size": 3}), LeadFactory(pain="Slow")
    source = SourceFactory()
    with heard(leads_changed) as news:
        ids = change_leads(
            {
                changed.pk: {"source_id": source.pk, "attributes": {"size": 4, "origin": None}},
                same.pk: {"pain": "Slow"},
            },
            by=alice,
        )
    lead = Lead.objects.get(pk=changed.pk)
    assert (lead.source, lead.attributes) == (source, {"size": 4})
    assert ids == [changed.pk]
    assert [n["lead_ids"] for n in news] == [[changed.pk]]


def test_status_and_outcome_are_not_changed_past_their_verbs(alice):
    with pytest.raises(TypeError, match="does not set outcome"):
        change_leads({LeadFactory().pk: {"outcome": "won"}}, by=alice)


def test_a_lead_that_is_gone_cannot_change(alice):
    with pytest.raises(Refusal, match="no longer there"):
        change_leads({0: {"pain": "Slow"}}, by=alice)


def test_the_audit_history_names_who_changed_what(alice):
    lead = LeadFactory()
    change_leads({lead.pk: {"pain": "Slow"}}, by=alice)
    event = lead.events.order_by("pgh_id").last()
    assert (event.pain, event.pgh_context.metadata["user"]) == ("Slow", alice.pk)


def test_names_are_found_without_regard_to_case_and_made_once():
    there = ProductLineFactory(name="GTX Pro")
    found = get_or_create_names(ProductLine, ["gtx pro", "MG Special", " mg special ", ""])
    assert found["gtx pro"] == there
    assert found["MG Special"] == found[" mg special "]
    assert set(ProductLine.objects.values_list("name", flat=True)) == {"GTX Pro", "MG Special"}


@pytest.mark.parametrize("model", [ProductLine, Source, Campaign])
def test_names_whose_small_letters_python_and_the_database_write_differently_are_made_once(model):
    names = ["İstanbul fair", "ΟΔΟΣ", "οδος", "ΟΔΟΣ ", "ẞ", "Ärzte", "ärzte"]
    found = get_or_create_names(model, names)
    assert set(found) == set(names)
    assert found["ΟΔΟΣ"] == found["ΟΔΟΣ "]
    assert found["Ärzte"] == found["ärzte"]
    assert get_or_create_names(model, names) == found


@pytest.mark.parametrize("model", [ProductLine, Source, Campaign])
def test_twenty_names_cost_as_many_statements_as_one(model):
    def batch(size):
        names = [f"{size} {number}" for number in range(size)]
        return statements_of(lambda: get_or_create_names(model, names))

    assert batch(20) == batch(1)


def test_twenty_leads_cost_as_many_statements_as_one(alice):
    def batch(size):
        people = [ContactFactory() for _ in range(size)]
        rows = [
            NewLead(
                company_id=person.company_id, people=[(person.pk, "")], external=("x", f"{size}-{person.pk}")
            )
            for person in people
        ]

        def live():
            leads = add_leads(rows, by=alice)
            change_leads({lead.pk: {"pain": "Slow"} for lead in leads}, by=alice)

        return statements_of(live)

    assert batch(20) == batch(1)
