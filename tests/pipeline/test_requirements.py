"""What stages ask for: fields, answers, activities, a band; met in place, or waived with a note."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from leads.actions import NewActivity, answer_question, change_leads, log_activity, save_contact, set_status
from leads.actions.contacts import ContactFacts
from leads.models import Activity, ActivityKind, Lead
from leads.models.activities import Origin
from pipeline.actions import (
    MayNotWaive,
    Move,
    RequirementsMissing,
    StaleMove,
    Supplies,
    lose_deal,
    move_deal,
    move_deals,
    reopen_deal,
    set_deal,
    win_deal,
)
from pipeline.models import Deal, LostReason, Requirement, Stage, StageChange
from scoring.models import Band
from tests.factories import CustomFieldFactory, LeadFactory, QuestionFactory
from tests.factories_pipeline import DealFactory, RequirementFactory, StageFactory
from tests.scored import score
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


@pytest.fixture
def deal(alice):
    """Alice's deal, in the first stage of the pipeline."""
    lead = LeadFactory(owner=alice)
    set_status(lead, "working", by=alice)
    return Deal.objects.select_related("lead", "stage").get(pk=lead.pk)


def where(deal):
    return Deal.objects.get(pk=deal.pk).stage.key


def give_value(deal, by):
    set_deal(deal, value=Decimal(900), by=by)


def give_pain(deal, by):
    change_leads({deal.pk: {"pain": "Unplanned stops"}}, by=by)


def give_phone(deal, by):
    save_contact(ContactFacts(id=deal.lead.contacts.get().pk, phone="+46 90 555 01 42"), by=by)


def give_custom(deal, by):
    change_leads({deal.pk: {"attributes": {"demo_on": "2026-11-30"}}}, by=by)


def give_answer(deal, by):
    answer_question(deal.lead, Requirement.objects.get().question, True, by=by)


def give_activity(deal, by):
    log_activity(NewActivity(deal.pk, "call", timezone.now()), by=by, origin=Origin.HAND)


def give_band(deal, by):
    score(deal.lead, 75)


CASES = {
    "value": (lambda: {"field": "deal.value"}, give_value, "Value"),
    "pain": (lambda: {"field": "lead.pain"}, give_pain, "Pain"),
    "phone": (lambda: {"field": "contact.phone"}, give_phone, "Phone of a contact"),
    "custom field": (
        lambda: {"field": "", "custom_field": CustomFieldFactory(key="demo_on", label="Demo date")},
        give_custom,
        "Demo date",
    ),
    "answer": (
        lambda: {"field": "", "question": QuestionFactory(text="Is there a budget?")},
        give_answer,
        "Is there a budget?",
    ),
    "right answer": (
        lambda: {"field": "", "question": QuestionFactory(text="Is there a budget?"), "value": True},
        give_answer,
        "Is there a budget? Yes",
    ),
    "activity": (lambda: {"field": "", "kind": ActivityKind.objects.get(key="call")}, give_activity, "Call"),
    "band": (
        lambda: {"field": "", "band": Band.objects.get(key="warm")},
        give_band,
        "Band Warm or better",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_deal_moves_only_once_it_has_what_the_stage_asks_for(deal, alice, case):
    facts, give, name = CASES[case]
    RequirementFactory(**facts())

    with pytest.raises(RequirementsMissing, match=r" needs this to reach Demo: ") as refused:
        move_deal(deal, to=stage("demo"), by=alice)
    assert refused.value.sentence.endswith(f"reach Demo: {name}.")
    assert where(deal) == "qualify"
    assert StageChange.objects.filter(deal=deal).count() == 1

    give(deal, alice)
    assert move_deal(deal, to=stage("demo"), by=alice).stage.key == "demo"


def test_the_wrong_answer_a_lower_band_and_a_call_before_reopening_are_not_enough(deal, alice):
    question = QuestionFactory(text="Is there a budget?")
    RequirementFactory(field="", question=question, value=True)
    RequirementFactory(field="", band=Band.objects.get(key="hot"))
    RequirementFactory(field="", kind=ActivityKind.objects.get(key="call"))
    answer_question(deal.lead, question, False, by=alice)
    score(deal.lead, 60)
    log_activity(NewActivity(deal.pk, "call", timezone.now()), by=alice, origin=Origin.HAND)
    lose_deal(deal, reason=LostReason.objects.get(key="price"), by=alice)
    reopen_deal(deal, to=stage("qualify"), by=alice)

    with pytest.raises(RequirementsMissing, match="Is there a budget\\? Yes, Band Hot or better, Call"):
        move_deal(deal, to=stage("demo"), by=alice)


def test_a_skipped_stage_asks_too_and_the_way_back_asks_nothing(deal, alice):
    RequirementFactory(stage=stage("discovery"))
    with pytest.raises(RequirementsMissing, match="to reach Demo: Value"):
        move_deal(deal, to=stage("demo"), by=alice)
    Deal.objects.filter(pk=deal.pk).update(stage=stage("proposal"))

    assert move_deal(deal, to=stage("discovery"), by=alice).stage.key == "discovery"


def test_what_is_asked_elsewhere_does_not_matter(deal, alice):
    RequirementFactory(stage=stage("qualify"))
    RequirementFactory(stage=stage("proposal"))
    RequirementFactory(stage=StageFactory(order=2))

    assert move_deal(deal, to=stage("demo"), by=alice).stage.key == "demo"


def test_winning_asks_for_nothing_and_reopening_ahead_does(deal, alice):
    RequirementFactory()
    win_deal(deal, by=alice)

    with pytest.raises(RequirementsMissing, match="to reach Proposal: Value"):
        reopen_deal(deal, to=stage("proposal"), by=alice)
    reopen_deal(deal, to=stage("qualify"), by=alice)
    assert where(deal) == "qualify"


def test_a_manager_waives_with_a_note_that_stays_in_the_history(deal, alice, manager):
    RequirementFactory()
    RequirementFactory(field="lead.pain", stage=stage("discovery"))

    with pytest.raises(MayNotWaive, match="Only a manager moves"):
        move_deal(deal, to=stage("demo"), by=alice, waiver="They are in a hurry")
    with pytest.raises(RequirementsMissing):
        move_deal(deal, to=stage("demo"), by=manager, waiver="  ")
    move_deal(deal, to=stage("demo"), by=manager, waiver="They are in a hurry")

    last = StageChange.objects.get(deal=deal, left_at=None)
    assert (last.waived, last.waiver, last.by) == (["Pain", "Value"], "They are in a hurry", manager)


def test_a_note_without_anything_missing_waives_nothing(deal, alice):
    move_deal(deal, to=stage("demo"), by=alice, waiver="Just in case")

    last = StageChange.objects.get(deal=deal, left_at=None)
    assert (last.waived, last.waiver) == ([], "")


def test_what_was_missing_comes_with_the_move(alice):
    lead = LeadFactory(owner=alice, status="working")
    question = QuestionFactory()
    for subject in ("deal.value", "lead.pain", "company.industry", "contact.phone"):
        RequirementFactory(field=subject)
    RequirementFactory(field="", question=question, value=True)
    RequirementFactory(field="", kind=ActivityKind.objects.get(key="demo_held"))
    RequirementFactory(field="", custom_field=CustomFieldFactory(key="plants"))
    supplies = Supplies(
        facts={
            "deal.value": Decimal("900.00"),
            "lead.pain": "Stops",
            "company.industry": "Mining",
            "contact.phone": "+46905550142",
        },
        attributes={"plants": "4"},
        answers={question.pk: True},
        activities={"demo_held": timezone.now() - timedelta(hours=1)},
    )

    moved = move_deal(lead.deal, to=stage("demo"), by=alice, supplies=supplies)

    lead = Lead.objects.get(pk=lead.pk)
    assert (moved.stage.key, moved.value, lead.pain) == ("demo", Decimal("900.00"), "Stops")
    assert (lead.company.industry, lead.contacts.get().phone) == ("Mining", "+46905550142")
    assert lead.attributes == {"plants": "4"}
    assert lead.answers.get().value is True
    assert moved.automatic_confidence == 50  # base 40 and the demo that was held
    assert Activity.objects.filter(lead=lead, kind__key="demo_held").count() == 1


def test_a_move_that_is_refused_keeps_nothing_of_what_came_with_it(deal, alice):
    RequirementFactory()
    supplies = Supplies(facts={"deal.value": Decimal(900), "lead.pain": "Stops"})

    with pytest.raises(StaleMove):
        move_deal(deal, to=stage("demo"), by=alice, expected_stage=stage("proposal"), supplies=supplies)

    assert Deal.objects.get(pk=deal.pk).value is None
    assert Lead.objects.get(pk=deal.pk).pain == ""


def test_of_many_those_that_are_ready_move(alice):
    RequirementFactory()
    ready, unready = (DealFactory(lead__owner=alice, value=value) for value in (5, None))

    refused = move_deals([Move(deal.pk, stage("demo").pk) for deal in (unready, ready)], by=alice)

    assert [row.index for row in refused] == [0]
    assert (where(ready), where(unready)) == ("demo", "qualify")


def test_checking_many_costs_as_much_as_checking_one(alice):
    for _ in range(3):
        RequirementFactory(field="", question=QuestionFactory())
    deals = [DealFactory(lead__owner=alice) for _ in range(21)]
    rows = [Move(deal.pk, stage("demo").pk) for deal in deals]

    one = statements_of(lambda: move_deals(rows[:1], by=alice))
    assert statements_of(lambda: move_deals(rows[1:], by=alice)) == one


@pytest.mark.parametrize(
    "subjects",
    [
        {"field": ""},
        {"band": "hot"},
        {"value": True},
        {"field": "", "question": "budget", "value": "perhaps"},
    ],
    ids=["nothing", "two things", "an answer without its question", "no answer to that question"],
)
def test_a_requirement_is_about_one_thing_that_can_be(subjects):
    made = {"band": lambda: Band.objects.get(key="hot"), "question": QuestionFactory}
    facts = {name: made[name]() if name in made else value for name, value in subjects.items()}

    with pytest.raises(ValidationError):
        Requirement(**{"stage": stage("demo"), "field": "deal.value", **facts}).full_clean()
