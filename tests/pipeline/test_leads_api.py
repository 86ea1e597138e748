"""Leads and deals through the API: the shapes are a contract, the refusals those of the pages."""

import json
from datetime import date
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client

from leads.models import Company, Contact, CustomField, Lead, Organisation, ProductLine
from leads.organisation import today
from pipeline.models import Deal
from tests.api import program_of
from tests.factories import LeadFactory
from tests.statements import statements_of

WHOLE = {
    "external_id": "A-1",
    "contact": {
        "first_name": "Marta",
        "last_name": "Lindqvist",
        "email": "Marta@Norrland.example",
        "phone": "+4690555 0142",
        "job_title": "Head of Operations",
        "seniority": "head",
    },
    "company": {
        "name": "Norrland Timber",
        "domain": "norrland.example",
        "industry": "Wood and paper",
        "employees": 620,
        "annual_revenue": "140000000.00",
        "country": "SE",
    },
    "product_line": "Monitoring",
    "source": "Newsletter",
    "campaign": "Autumn",
    "custom": {"mills": 4},
    "deal": {"value": "48000.00", "currency": "EUR", "confidence": 30, "expected_close_on": "2027-01-30"},
}


@pytest.fixture
def program(admin):
    return program_of(admin)


@pytest.fixture
def mills(db):
    return CustomField.objects.create(key="mills", label="Mills", type="number")


@pytest.fixture
def lead(program):
    return program.post("/leads", {"company": {"name": "Acme"}}, expect=201)


def test_a_new_lead_is_stored_with_all_that_was_sent(program, mills):
    answer = program.post("/leads", WHOLE, expect=201)
    assert answer["external_id"] == "A-1"
    assert answer["name"] == "Marta Lindqvist"
    assert (answer["status"], answer["outcome"], answer["owner"]) == ("working", "open", None)
    assert (answer["product_line"], answer["source"], answer["campaign"]) == (
        "Monitoring",
        "Newsletter",
        "Autumn",
    )
    assert answer["custom"] == {"mills": 4}
    assert answer["deal"] == {
        "stage": "qualify",
        "value": "48000.00",
        "currency": "EUR",
        "confidence": 30,
        "automatic_confidence": 10,
        "confidence_source": "initial",
        "expected_close_on": "2027-01-30",
    }
    assert Contact.objects.get().email == "marta@norrland.example"
    assert program.get("/leads/ext:A-1") == program.get(f"/leads/{answer['id']}")


def test_a_known_external_id_updates_and_doubles_nothing(program, mills):
    first = program.post("/leads", WHOLE, expect=201)
    changed = {**WHOLE, "contact": {**WHOLE["contact"], "job_title": "COO"}, "deal": {"value": "50000"}}
    again = program.post("/leads", changed, expect=200)
    assert again["id"] == first["id"]
    assert again["deal"]["value"] == "50000.00"
    assert Contact.objects.get().job_title == "COO"
    assert (Lead.objects.count(), Contact.objects.count(), Company.objects.count()) == (1, 1, 1)
    assert again["deal"]["confidence"] == 30


def test_the_same_external_id_of_another_system_is_another_lead(program, admin):
    program.post("/leads", {"external_id": "7"}, expect=201)
    program_of(admin, "other system").post("/leads", {"external_id": "7"}, expect=201)
    assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"deal": {"value": "-1"}}, "deal.value"),
        ({"deal": {"value": "1" * 30}}, "deal.value"),
        ({"deal": {"confidence": 101}}, "deal.confidence"),
        ({"deal": {"confidence": "abc"}}, "deal.confidence"),
        ({"deal": {"expected_close_on": "2026-02-31"}}, "deal.expected_close_on"),
        ({"contact": {"email": "nobody"}}, "contact.email"),
        ({"contact": {"phone": "12"}}, "contact.phone"),
        ({"company": {"name": " "}}, "company.name"),
        ({"company": {"name": "Acme", "domain": "no domain"}}, "company.domain"),
        ({"company": {"name": "Acme", "country": "Atlantis"}}, "company.country"),
        ({"product_line": " "}, "product_line"),
        ({"source": "\t"}, "source"),
        ({"campaign": "\ud800"}, ""),
        ({"custom": {"unknown": 1}}, "custom.unknown"),
        ({"custom": {"mills": "many"}}, "custom.mills"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_is_answered_with_its_path_and_nothing_is_stored(program, mills, changed, path):
    answer = program.post("/leads", {**WHOLE, **changed}, expect=422)
    assert [fault["path"] for fault in answer["errors"]] == [path]
    assert not Lead.objects.exists()
    assert not Company.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_leads_that_arrive_at_once_all_but_the_first_update_it(program, mills):
    answers = []
    together = Barrier(4)

    def send():
        together.wait()
        answers.append(
            Client()
            .post(
                "/api/v1/leads",
                json.dumps(WHOLE),
                content_type="application/json",
                headers={"Authorization": f"Bearer {program.key}"},
            )
            .status_code
        )
        connection.close()

    threads = [Thread(target=send) for _ in range(together.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 200, 200, 201]
    assert (Lead.objects.count(), Contact.objects.count()) == (1, 1)


def test_an_address_that_is_none_is_answered_in_json(program, settings):
    assert program.get("/nothing", expect=404) == {"detail": "There is nothing at this address."}
    assert program.get("/leads/999", expect=404) == {"detail": "There is no such lead."}


def test_a_fault_of_ours_is_answered_in_json(program, monkeypatch):
    monkeypatch.setattr("pipeline.api.leads.page", None)
    answer = Client(raise_request_exception=False).get(
        "/api/v1/leads", headers={"Authorization": f"Bearer {program.key}"}
    )
    assert (answer.status_code, answer.json()) == (
        500,
        {"detail": "Something went wrong here. It is in the log."},
    )


def test_a_rep_is_told_that_a_lead_they_sent_is_nobodys_now(alice, admin):
    program = program_of(alice)
    lead = program.post("/leads", {"external_id": "A-1"}, expect=201)
    Lead.objects.filter(pk=lead["id"]).update(owner=None)
    Organisation.objects.update(reps_may_pick=False)
    answer = program.post("/leads", {"external_id": "A-1"}, expect=409)
    assert answer["detail"] == "The lead A-1 belongs to nobody."


def test_somebody_elses_contact_is_named_by_its_owner_and_not_touched(program, admin, alice, charlie, mills):
    program_of(alice).post("/leads", {"contact": {"email": "x@y.example", "first_name": "Xenia"}}, expect=201)
    answer = program_of(charlie).post(
        "/leads", {"contact": {"email": "x@y.example", "first_name": "Mine"}}, expect=409
    )
    assert answer["detail"] == "The contact x@y.example belongs to Alice Abel."
    assert Contact.objects.get().first_name == "Xenia"


def test_a_rep_owns_what_their_program_brings(alice):
    assert program_of(alice).post("/leads", {}, expect=201)["owner"] == "alice"


def test_a_lead_of_another_rep_is_not_there(alice, charlie):
    lead = program_of(alice).post("/leads", {}, expect=201)
    other = program_of(charlie)
    other.get(f"/leads/{lead['id']}", expect=404)
    other.post(f"/leads/{lead['id']}/move", {"stage": "demo"}, expect=404)
    other.get("/leads/abc", expect=404)


def test_lists_are_filtered_and_paged_without_gaps_or_doubles(program):
    ids = {program.post("/leads", {"external_id": str(n)}, expect=201)["id"] for n in range(7)}
    for ordering in ("-score", "score", "-value", "id", "-id"):
        seen, cursor = [], ""
        while cursor is not None:
            page = program.get("/leads", ordering=ordering, limit=3, **({"cursor": cursor} if cursor else {}))
            seen += [lead["id"] for lead in page["results"]]
            cursor = page["next"]
        assert len(seen) == len(ids)
        assert set(seen) == ids
    program.get("/leads", cursor="rubbish", expect=422)
    program.get("/leads", ordering="colour", expect=422)


def test_a_list_costs_the_same_for_many_as_for_one(program):
    program.post("/leads", WHOLE | {"custom": {}}, expect=201)
    one = statements_of(lambda: program.get("/leads"))
    for number in range(10):
        program.post("/leads", {"external_id": f"n{number}"}, expect=201)
    assert statements_of(lambda: program.get("/leads")) == one


def test_filters_name_stages_owners_and_text(program, mills):
    program.post("/leads", WHOLE, expect=201)
    program.post("/leads", {"company": {"name": "Acme"}}, expect=201)
    assert [lead["name"] for lead in program.get("/leads", q="lindq")["results"]] == ["Marta Lindqvist"]
    assert [lead["name"] for lead in program.get("/leads", product_line="Monitoring")["results"]] == [
        "Marta Lindqvist"
    ]
    assert program.get("/leads", stage="demo")["results"] == []


def test_pipelines_name_their_stages_and_confidences(program):
    (pipeline,) = program.get("/pipelines")
    assert (pipeline["key"], pipeline["product_line"]) == ("default", None)
    assert pipeline["stages"][2] == {"key": "demo", "name": "Demo", "confidence": 40}


def test_a_move_works_the_lead_and_a_foreign_stage_is_refused(program, lead):
    moved = program.post(f"/leads/{lead['id']}/move", {"stage": "demo"})
    assert (moved["status"], moved["deal"]["stage"], moved["deal"]["confidence"]) == ("working", "demo", 40)
    answer = program.post(f"/leads/{lead['id']}/move", {"stage": "elsewhere"}, expect=422)
    assert answer["errors"][0]["path"] == "stage"
    assert "negotiation" in answer["errors"][0]["message"]


def test_a_loss_needs_a_reason_and_other_a_note(program, lead):
    close = f"/leads/{lead['id']}/close"
    program.post(close, {"outcome": "lost"}, expect=422)
    program.post(close, {"outcome": "lost", "reason": "other"}, expect=409)
    lost = program.post(close, {"outcome": "lost", "reason": "price", "closed_on": str(today())})
    assert (lost["outcome"], lost["closed_on"]) == ("lost", str(today()))
    answer = program.post(close, {"outcome": "won"}, expect=409)
    assert "already lost" in answer["detail"]


def test_won_is_kept_and_can_be_reopened_in_a_stage(program, lead):
    program.post(f"/leads/{lead['id']}/close", {"outcome": "won"})
    reopened = program.post(f"/leads/{lead['id']}/reopen", {"stage": "proposal"})
    assert (reopened["outcome"], reopened["deal"]["stage"]) == ("open", "proposal")


def test_closing_before_opening_is_refused(program, lead):
    program.post(f"/leads/{lead['id']}/close", {"outcome": "won", "closed_on": "2001-01-01"}, expect=409)
    assert Deal.objects.get().lead.outcome == "open"


def test_disqualifying_needs_a_reason(program, lead):
    program.post(f"/leads/{lead['id']}/status", {"status": "disqualified"}, expect=409)
    answer = program.post(f"/leads/{lead['id']}/status", {"status": "disqualified", "reason": "student"})
    assert (answer["status"], answer["outcome"]) == ("disqualified", "disqualified")


def test_confidence_set_by_hand_stays_beside_the_automatic_one_until_released(program, lead):
    path = f"/leads/{lead['id']}/confidence"
    program.put(path, {"percent": 101, "reason": "sure"}, expect=422)
    program.put(path, {"percent": 50}, expect=422)
    held = program.put(path, {"percent": 70, "reason": "Their CFO told me"})["deal"]
    assert (held["confidence"], held["automatic_confidence"], held["confidence_source"]) == (70, 10, "manual")
    released = program.delete(path)["deal"]
    assert (released["confidence"], released["confidence_source"]) == (10, "automatic")


def test_money_is_exact(program):
    lead = program.post(
        "/leads", {"deal": {"value": "0.10", "expected_close_on": str(date(2027, 1, 1))}}, expect=201
    )
    assert lead["deal"]["value"] == "0.10"
    assert Deal.objects.get().value == Decimal("0.10")


def test_names_are_created_once_whatever_their_case(program):
    program.post("/leads", {"product_line": "Monitoring"}, expect=201)
    program.post("/leads", {"product_line": "monitoring"}, expect=201)
    assert ProductLine.objects.filter(name__iexact="monitoring").count() == 1


def test_a_lead_by_hand_and_one_by_api_are_alike(program, alice):
    lead = LeadFactory(owner=alice)
    answer = program.get(f"/leads/{lead.pk}")
    assert (answer["owner"], answer["score"]["state"]) == ("alice", "unscored")
