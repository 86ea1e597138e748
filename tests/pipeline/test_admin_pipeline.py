"""What administrators edit of the process, what follows from it, and what they can only look at."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from pipeline.actions import drain_confidence, lose_deal, move_deal, set_confidence, set_deal
from pipeline.models import AnswerPoint, Deal, KeyActivity, LostReason, PendingConfidence, Pipeline, Stage
from tests.factories import ActivityFactory, ActivityKindFactory, QuestionFactory
from tests.factories_pipeline import (
    AnswerPointFactory,
    DealFactory,
    ExchangeRateFactory,
    KeyActivityFactory,
    StageFactory,
)
from tests.statements import statements_of

pytestmark = pytest.mark.django_db

EDITED = ["pipeline", "keyactivity", "answerpoint", "lostreason", "exchangerate"]


@pytest.fixture
def office(admin, settings):
    # Django's own formsets look up the row of each inline form that is sent.
    settings.ZEAL_ALLOWLIST = [{"model": "pipeline.Stage", "field": "get()"}]
    client = Client()
    client.force_login(admin)
    return client


def page(name, *args):
    return reverse(f"admin:pipeline_{name}", args=args)


def pipeline_form(pipeline, stages, **facts):
    """What the form of a pipeline sends; `facts` are of stages, such as demo__confidence=45."""
    form = {
        "name": pipeline.name,
        "key": pipeline.key,
        "is_default": "on",
        "stages-TOTAL_FORMS": len(stages),
        "stages-INITIAL_FORMS": len([stage for stage in stages if stage.pk]),
    }
    for place, stage in enumerate(stages):
        fields = {
            name: getattr(stage, name) for name in ("key", "name", "order", "confidence", "silence_points")
        }
        own = {key.split("__")[1]: fact for key, fact in facts.items() if key.startswith(f"{stage.key}__")}
        sent = {"id": stage.pk or "", "pipeline": pipeline.pk, **fields, **own}
        form |= {f"stages-{place}-{name}": value for name, value in sent.items()}
    return form


@pytest.mark.parametrize("name", EDITED)
def test_every_list_and_form_opens(name, office):
    rows = {
        "pipeline": Pipeline.objects.get(key="default"),
        "keyactivity": KeyActivityFactory(stage=StageFactory()),
        "answerpoint": AnswerPointFactory(),
        "lostreason": LostReason.objects.first(),
        "exchangerate": ExchangeRateFactory(),
    }
    for url in (page(f"{name}_changelist"), page(f"{name}_add"), page(f"{name}_change", rows[name].pk)):
        assert office.get(url).status_code == 200


@pytest.mark.parametrize(
    ("name", "previews"),
    [
        *(("pipeline", True), ("keyactivity", True), ("answerpoint", True)),
        *(("lostreason", False), ("competitor", False), ("exchangerate", False)),
        *(("nurtureprogramme", False), ("mailtemplate", False), ("routingpool", False)),
    ],
)
def test_a_preview_is_offered_only_where_it_saves_nothing(name, previews, office):
    assert ('name="_preview"' in office.get(page(f"{name}_add")).content.decode()) == previews


@pytest.mark.parametrize("name", [*EDITED, "target", "deal", "assignment"])
def test_reps_and_managers_edit_nothing_here(name, alice, manager):
    for user in (alice, manager):
        client = Client()
        client.force_login(user)
        assert client.get(page(f"{name}_changelist")).status_code in (302, 403)


def test_another_base_confidence_reaches_the_deals_of_its_stage(office):
    pipeline, deal = Pipeline.objects.get(key="default"), DealFactory()
    PendingConfidence.objects.all().delete()
    stages = list(pipeline.stages.all())
    url = page("pipeline_change", pipeline.pk)

    answer = office.post(url, pipeline_form(pipeline, stages, qualify__confidence=17), follow=True)

    assert "The confidence of 1 open deal is being brought up to date." in answer.content.decode()
    drain_confidence()
    assert Deal.objects.get(pk=deal.pk).confidence == 17


@pytest.mark.parametrize(("confidence", "is_right"), [(0, False), (1, True), (99, True), (100, False)])
def test_a_base_confidence_is_one_to_ninety_nine(office, confidence, is_right):
    pipeline = Pipeline.objects.get(key="default")
    form = pipeline_form(pipeline, list(pipeline.stages.all()), demo__confidence=confidence)
    answer = office.post(page("pipeline_change", pipeline.pk), form)
    assert (answer.status_code == 302) is is_right
    assert (Stage.objects.get(key="demo").confidence == confidence) is is_right


def test_two_stages_can_change_places(office):
    pipeline = Pipeline.objects.get(key="default")
    form = pipeline_form(pipeline, list(pipeline.stages.all()), demo__order=4, proposal__order=3)
    assert office.post(page("pipeline_change", pipeline.pk), form).status_code == 302
    keys = pipeline.stages.order_by("order").values_list("key", flat=True)
    assert list(keys) == ["qualify", "discovery", "proposal", "demo", "negotiation"]


def test_two_stages_in_the_same_place_are_an_error(office):
    pipeline = Pipeline.objects.get(key="default")
    form = pipeline_form(pipeline, list(pipeline.stages.all()), demo__order=4)
    answer = office.post(page("pipeline_change", pipeline.pk), form)
    assert "Two stages stand in the same place." in answer.content.decode()


def test_points_of_activities_added_and_removed_reach_the_deals(office):
    deal = DealFactory()
    ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="call"))
    kind = ActivityKindFactory(key="call")
    office.post(page("keyactivity_add"), {"kind": kind.pk, "stage": "", "points": 8})
    drain_confidence()
    assert Deal.objects.get(pk=deal.pk).confidence == 18

    activity = KeyActivity.objects.get(kind=kind)
    office.post(page("keyactivity_delete", activity.pk), {"post": "yes"})
    drain_confidence()
    assert Deal.objects.get(pk=deal.pk).confidence == 10

    activity = KeyActivityFactory(kind=kind, points=30)
    action = {"action": "delete_selected", "_selected_action": activity.pk, "post": "yes"}
    office.post(page("keyactivity_changelist"), action)
    assert PendingConfidence.objects.filter(lead=deal.pk).exists()


@pytest.mark.parametrize(
    ("kind", "given", "stored"),
    [("yes_no", "Yes", True), ("yes_no", "No", False), ("number", "3", 3), ("choice", "Later", "Later")],
)
def test_points_for_an_answer_are_stored_as_the_answer_will_be(office, kind, given, stored):
    question = QuestionFactory(type=kind, choices=["Now", "Later"] if kind == "choice" else [])
    form = {"question": question.pk, "value": given, "points": 5}
    office.post(page("answerpoint_add"), form)
    assert AnswerPoint.objects.get().value == stored


def test_points_for_an_answer_that_nobody_can_give_are_an_error(office):
    question = QuestionFactory(type="choice", choices=["Now", "Later"])
    form = {"question": question.pk, "value": "Never", "points": 5}
    answer = office.post(page("answerpoint_add"), form)
    assert "is one of: Now, Later." in answer.content.decode()
    assert not AnswerPoint.objects.exists()


@pytest.mark.parametrize(
    ("name", "form", "sentence"),
    [
        (
            "exchangerate",
            {"currency": "euro", "valid_from": "2026-01-01", "rate": "1"},
            "at most 3 characters",
        ),
        (
            "exchangerate",
            {"currency": "USD", "valid_from": "2026-01-01", "rate": "0"},
            "A rate must be above 0.",
        ),
    ],
)
def test_rates_that_cannot_be_are_errors(office, name, form, sentence):
    answer = office.post(page(f"{name}_add"), form)
    assert sentence in answer.content.decode()


def test_deals_and_their_history_are_there_to_look_at(office, alice):
    deal = DealFactory(lead__owner=alice)
    set_deal(deal, value=Decimal(48000), by=alice)
    deal = move_deal(deal, to=Stage.objects.get(key="demo"), by=alice)
    set_confidence(deal, 60, reason="They called", by=alice)
    lose_deal(deal, reason=LostReason.objects.get(key="price"), by=alice)
    answer = office.get(page("deal_change", deal.pk))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "They called" in text
    assert "Stage: Demo +40" in text
    assert "48000.00" in text
    assert "_save" not in text
    for verb in ("add", "delete"):
        args = [deal.pk] if verb == "delete" else []
        assert office.get(page(f"deal_{verb}", *args)).status_code == 403


def test_the_lists_of_deals_cost_the_same_for_twenty_as_for_one(office):
    DealFactory()
    office.get(page("deal_changelist"))
    one = statements_of(lambda: office.get(page("deal_changelist")))
    for _ in range(19):
        DealFactory()
    assert statements_of(lambda: office.get(page("deal_changelist"))) == one
