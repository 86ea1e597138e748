"""A deal's life replays: every step with how the deal stood then; what would raise its confidence."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone

from leads.actions import NewActivity, answer_question, log_activity, set_status
from leads.models import ActivityKind, Lead
from leads.models.activities import Origin
from leads.organisation import organisation, remembered, today
from pipeline.actions import (
    DealHistory,
    drain_confidence,
    lose_deal,
    move_deal,
    record_closings,
    record_histories,
    reopen_deal,
    set_confidence,
    set_deal,
)
from pipeline.actions.closing import DealClosing
from pipeline.confidence import ACTIVITY, ANSWER, BASE, Line
from pipeline.life import State, life_of
from pipeline.models import Deal, KeyActivity, LostReason, Stage
from pipeline.raising import Raise, gain, raises
from tests.factories import ContactFactory, LeadFactory, QuestionFactory
from tests.factories_pipeline import AnswerPointFactory, RequirementFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def stage(key):
    return Stage.objects.get(pipeline__key="default", key=key)


def text_of(response) -> str:
    return response.content.decode().replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def marta(alice) -> Lead:
    contact = ContactFactory(first_name="Marta", last_name="Lindqvist")
    return LeadFactory(owner=alice, contact=contact)


@pytest.fixture
def lived(marta, alice, manager):
    """Worked, valued, moved, guessed, lost and reopened."""
    set_status(marta, "working", by=alice)
    set_deal(marta.deal, value=Decimal(9_000), by=alice)
    move_deal(marta.deal, to=stage("demo"), by=alice)
    set_confidence(marta.deal, 70, reason="They asked for an offer", by=manager)
    set_deal(marta.deal, value=Decimal(12_000), expected_close_on=date(2027, 1, 31), by=alice)
    lose_deal(marta.deal, reason=LostReason.objects.get(key="price"), by=alice)
    reopen_deal(marta.deal, to=stage("discovery"), by=alice)
    return Lead.objects.with_names().select_related("deal__stage").get(pk=marta.pk)


def test_a_life_replays_step_by_step_to_where_the_deal_stands_now(lived):
    deal, steps = lived.deal, life_of(lived).steps

    assert steps[0].state.standing in ("working", "new")
    assert steps[-1].state == State(
        deal.stage.name,
        deal.confidence,
        deal.automatic_confidence,
        deal.value,
        deal.currency,
        deal.expected_close_on,
        "working",
    )
    values = [step.state.value for step in steps]
    assert (values[0], set(values)) == (None, {None, Decimal(9_000), Decimal(12_000)})
    assert [step.state.standing for step in steps if step.entry.title == "Lost"] == ["lost"]
    assert "Moved from Qualify to Demo" in [step.entry.title for step in steps]


def test_stays_follow_one_another_and_the_last_is_open(lived):
    stays = life_of(lived).stays

    assert [stay.stage for stay in stays] == ["Qualify", "Demo", "Discovery"]
    assert [stay.left_at is None for stay in stays] == [False, False, True]
    assert all(before.left_at <= after.entered_at for before, after in pairwise(stays))
    assert [stay.automatic for stay in stays] == [10, 40, 20]


def test_an_imported_life_reads_as_the_file_says(marta):
    first, second = datetime(2017, 1, 10, 9, tzinfo=UTC), datetime(2017, 2, 20, 9, tzinfo=UTC)
    Lead.objects.filter(pk=marta.pk).update(created_at=first)
    intervals = [(stage("qualify").pk, first, second), (stage("demo").pk, second, None)]
    record_histories([DealHistory(marta.pk, intervals)], by=None)
    record_closings([DealClosing(marta.pk, "won", date(2017, 3, 1))], by=None)
    lead = Lead.objects.with_names().select_related("deal__stage").get(pk=marta.pk)

    life = life_of(lead)

    assert life.on(date(2017, 1, 9)) is None
    assert (life.on(date(2017, 1, 31)).stage, life.on(date(2017, 1, 31)).confidence) == ("Qualify", 10)
    assert (life.on(date(2017, 2, 20)).stage, life.on(date(2017, 2, 20)).confidence) == ("Demo", 40)
    assert [(stay.days, stay.is_reconstructed) for stay in life.stays] == [(41, True), (9, True)]


def test_a_life_costs_one_query(lived):
    with remembered():
        organisation()
        assert statements_of(lambda: life_of(lived)) == 1


def test_the_page_shows_stays_steps_and_a_day(client, alice, lived):
    client.force_login(alice)

    page = text_of(client.get(f"/leads/{lived.pk}/life/?at={today().isoformat()}"))
    assert "Every step" in page
    assert "They asked for an offer" in page
    assert "<b>Working</b>, Discovery, <b>70 %</b>, €12,000" in page
    before = text_of(client.get(f"/leads/{lived.pk}/life/?at=2019-01-01"))
    assert "Nothing had happened by 1 Jan 2019." in before
    assert "is no date" in text_of(client.get(f"/leads/{lived.pk}/life/?at=yesterday"))
    part = text_of(client.get(f"/leads/{lived.pk}/life/", headers=HTMX))
    assert "Confidence over time" in part
    assert "<html" not in part


def test_a_deal_that_nobody_touched_has_no_life_yet(client, alice, marta):
    client.force_login(alice)

    page = text_of(client.get(f"/leads/{marta.pk}/life/"))

    assert "The deal has not entered the pipeline yet." in page
    assert "Nothing has happened to this deal yet." in page


# ---- what would raise it most


STAGES = [
    {"pk": 1, "name": "Qualify", "confidence": 10, "needs": ""},
    {"pk": 2, "name": "Demo", "confidence": 40, "needs": "Pain"},
    {"pk": 3, "name": "Proposal", "confidence": 60, "needs": ""},
]


def key(kind: str, points: int, *, of: int | None = None, is_done: bool = False) -> dict[str, object]:
    return {"kind": kind, "name": kind.title(), "stage": of, "points": points, "is_done": is_done}


def test_steps_stand_in_the_order_of_what_they_bring():
    lines = [Line(BASE, "Stage: Qualify", 10)]
    keys = [key("call", 3), key("demo", 10), key("fine", -2)]
    answers = [{"question": 7, "text": "Budget?", "points": 6}]

    assert raises(lines, stages=STAGES, here=1, keys=keys, answers=answers) == [
        Raise("stage", "Move to Demo", 30, "2", "Pain"),
        Raise("activity", "Demo", 10, "demo"),
        Raise("answer", "Find out: Budget?", 6, "7"),
        Raise("activity", "Call", 3, "call"),
    ]


def test_the_next_stage_counts_what_is_done_by_its_own_points_and_keeps_the_answers():
    lines = [Line(BASE, "Stage", 10), Line(ACTIVITY, "Call", 3), Line(ANSWER, "Budget", 5)]
    keys = [key("call", 3, is_done=True), key("call", 9, of=2, is_done=True)]

    [step] = raises(lines, stages=STAGES, here=1, keys=keys, answers=[])

    assert step.points == (40 + 9 + 5) - (10 + 3 + 5)


def test_nothing_rises_above_the_bound_and_the_last_stage_has_no_next():
    assert (gain(95, 10), gain(-20, 10), gain(-5, 10), gain(50, 10)) == (4, 0, 4, 10)
    assert raises([Line(BASE, "Stage", 60)], stages=STAGES, here=3, keys=[], answers=[]) == []


def test_each_step_is_a_click_away_on_the_leads_page_and_brings_what_it_says(client, alice, marta):
    question = QuestionFactory(text="Is the budget approved?")
    AnswerPointFactory(question=question, value=True, points=6)
    AnswerPointFactory(question=question, value=False, points=-4)
    RequirementFactory(field="lead.pain", stage=stage("discovery"))
    set_status(marta, "working", by=alice)
    client.force_login(alice)

    page = text_of(client.get(f"/leads/{marta.pk}/"))

    assert "What would raise it most" in page
    assert "needs Pain" in page
    assert f'href="/leads/{marta.pk}/activity/?kind=demo_held"' in page
    assert f'href="/leads/{marta.pk}/answer/{question.pk}/"' in page
    before = Deal.objects.get(pk=marta.pk).automatic_confidence
    answer_question(marta, question, True, by=alice)
    move_deal(Deal.objects.get(pk=marta.pk), to=stage("qualify"), by=alice)
    set_status(marta, "qualified", by=alice)
    page = text_of(client.get(f"/leads/{marta.pk}/"))
    assert "Find out: Is the budget approved?" not in page
    assert before == 10


@pytest.mark.parametrize(("percent", "hint"), [(31, "21 points above"), (30, ""), (10, "")])
def test_a_value_far_from_the_automatic_one_is_questioned(client, alice, marta, percent, hint):
    set_confidence(marta.deal, percent, reason="They said so", by=alice)
    client.force_login(alice)

    page = text_of(client.get(f"/leads/{marta.pk}/"))

    assert ("Is it still right?" in page) == bool(hint)
    assert hint in page


def test_key_activities_done_are_not_offered_again(client, alice, marta):
    KeyActivity.objects.exclude(kind__key="demo_held").delete()
    marta.activities.create(
        kind=ActivityKind.objects.get(key="demo_held"),
        occurred_at=timezone.now() - timedelta(days=1),
        occurred_on=today() - timedelta(days=1),
        origin="hand",
    )
    client.force_login(alice)

    assert "?kind=demo_held" not in text_of(client.get(f"/leads/{marta.pk}/"))


def test_who_set_a_value_and_why_stays_beside_it_when_the_automatic_one_moves(client, alice, marta):
    set_status(marta, "working", by=alice)
    set_confidence(Deal.objects.get(pk=marta.pk), 90, reason="It is in their budget", by=alice)
    log_activity(NewActivity(marta.pk, "demo_held", timezone.now()), by=alice, origin=Origin.HAND)
    drain_confidence()
    client.force_login(alice)

    page = text_of(client.get(f"/leads/{marta.pk}/"))

    assert Deal.objects.get(pk=marta.pk).automatic_confidence == 20
    beside = page.partition('id="lead-confidence"')[2].partition("</section>")[0]
    assert "“It is in their budget”" in beside
    assert "Alice Abel" in beside
