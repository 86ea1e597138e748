"""The automatic confidence: arithmetic whose lines sum to the value, and a slow, obvious oracle beside it."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from leads.actions import answer_question
from leads.models import Activity, ActivityKind, Answer, Lead, Task
from pipeline import confidence
from pipeline.confidence import Line
from pipeline.models import AnswerPoint, Deal, KeyActivity, Stage
from pipeline.terms import explain, lines_of
from tests.factories import ActivityFactory, ActivityKindFactory, AnswerFactory, QuestionFactory, TaskFactory
from tests.factories_pipeline import AnswerPointFactory, DealFactory, KeyActivityFactory
from tests.statements import statements_of

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
points = st.integers(-99, 99)


@given(st.integers(1, 99), st.lists(points, max_size=8))
def test_lines_always_sum_to_a_value_within_the_bounds(base, others):
    terms = [confidence.base("Demo", base), *(Line("activity", "Met", each) for each in others)]
    lines = confidence.clamped(terms)
    assert confidence.total(lines) == max(1, min(99, base + sum(others)))
    assert lines[: len(terms)] == terms


@pytest.mark.parametrize(
    ("terms", "last"),
    [
        ([80, 30], Line("clamp", "Never above 99\N{NO-BREAK SPACE}%", -11)),
        ([10, -40], Line("clamp", "Never below 1\N{NO-BREAK SPACE}%", 31)),
        ([80, 19], Line("base", "Stage", 19)),
    ],
)
def test_only_a_value_beyond_the_bounds_gets_a_line_for_it(terms, last):
    assert confidence.clamped([Line("base", "Stage", each) for each in terms])[-1] == last


@pytest.mark.parametrize(
    ("days", "is_resting", "cost"),
    [(13, False, None), (14, False, -8), (200, False, -8), (43, True, None), (44, True, -8)],
)
def test_silence_costs_once_and_rests_at_most_thirty_days(days, is_resting, cost):
    line = confidence.silence(days, allowed=14, points=8, is_resting=is_resting)
    assert (line and line.points) == cost


def test_silence_counts_from_the_latest_of_what_there_was():
    today = date(2026, 6, 30)
    assert confidence.days_of_silence(today, None, date(2026, 6, 1), date(2026, 6, 20)) == 10
    assert confidence.days_of_silence(today, date(2026, 7, 4)) == 0
    assert confidence.days_of_silence(today, None, None) == 0


@pytest.mark.parametrize(
    ("question", "value", "name"),
    [
        ("Budget?", True, "Budget? yes"),
        ("Budget?", "Later", "Budget? Later"),
        ("Budget approved", False, "Budget approved: no"),
    ],
)
def test_an_answer_is_named_as_people_say_it(question, value, name):
    assert confidence.answer(question, value, 5) == Line("answer", name, 5)


@pytest.mark.django_db
class TestTerms:
    def test_each_key_activity_counts_once_however_often_it_was_done(self):
        deal = DealFactory()
        for _ in range(3):
            ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"))
        assert explain(deal) == [Line("base", "Stage: Qualify", 10), Line("activity", "Demo held", 10)]

    def test_a_stages_own_points_beat_those_of_any_stage(self):
        deal = DealFactory()
        ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="meeting"))
        KeyActivityFactory(kind=ActivityKind.objects.get(key="meeting"), stage=deal.stage, points=12)
        assert explain(deal)[1:] == [Line("activity", "Meeting", 12)]

    def test_another_stages_activity_does_not_count(self):
        deal = DealFactory()
        ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="call"))
        KeyActivityFactory(stage=Stage.objects.get(key="demo"), points=12)
        assert explain(deal)[1:] == []

    @pytest.mark.parametrize("trust", ["quarantined", "rejected"])
    def test_what_is_not_trusted_does_not_count(self, trust):
        deal = DealFactory()
        ActivityFactory(lead=deal.lead, kind=ActivityKindFactory(key="demo_held"), trust=trust)
        assert explain(deal)[1:] == []

    def test_after_reopening_only_what_was_done_since_counts(self):
        deal = DealFactory(reopened_at=NOON)
        for key, days in (("demo_held", -1), ("meeting", 1)):
            ActivityFactory(
                lead=deal.lead, kind=ActivityKindFactory(key=key), occurred_at=NOON + timedelta(days=days)
            )
        assert explain(deal)[1:] == [Line("activity", "Meeting", 5)]

    @pytest.mark.parametrize(("value", "worth"), [(True, [5]), (False, [-4]), ("yes", [])])
    def test_answers_count_by_their_value(self, value, worth):
        deal, question = DealFactory(), QuestionFactory(text="Budget?", order=32_767)
        AnswerPointFactory(question=question, value=True, points=5)
        AnswerPointFactory(question=question, value=False, points=-4)
        AnswerFactory(lead=deal.lead, question=question, value=value)
        assert [line.points for line in explain(deal)[1:]] == worth

    @pytest.mark.parametrize(("answered", "worth"), [(3, [7]), (3.0, [7]), (4, [])])
    def test_numbers_are_compared_as_numbers(self, answered, worth):
        deal, question = DealFactory(), QuestionFactory(type="number")
        AnswerPointFactory(question=question, value=3, points=7)
        AnswerFactory(lead=deal.lead, question=question, value=answered)
        assert [line.points for line in explain(deal)[1:]] == worth

    def test_the_lines_of_twenty_deals_cost_as_many_statements_as_those_of_one(self):
        Stage.objects.update(silence_days=10, silence_points=5)
        deals = [DealFactory() for _ in range(20)]
        one = statements_of(lambda: lines_of(deals[:1]))
        assert statements_of(lambda: lines_of(deals)) == one


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False):
        yield NOON


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
class TestSilence:
    @pytest.fixture
    def deal(self):
        Stage.objects.filter(key="qualify").update(silence_days=14, silence_points=6)
        return DealFactory(stage_entered_at=NOON - timedelta(days=20))

    def test_a_silent_deal_loses_its_points(self, deal):
        assert explain(deal)[1:] == [Line("silence", "Silent for 20 days", -6)]

    def test_a_stage_that_does_not_set_it_has_none(self, deal):
        Stage.objects.update(silence_days=None)
        assert explain(Deal.objects.get(pk=deal.pk))[1:] == []

    @pytest.mark.parametrize("fact", ["last_contact_at", "imported_at", "stage_entered_at"])
    def test_contact_import_and_entry_break_it(self, deal, fact):
        recently = NOON - timedelta(days=13)
        owner = Lead if fact == "last_contact_at" else Deal
        owner.objects.filter(pk=deal.pk).update(**{fact: recently})
        assert explain(Deal.objects.get(pk=deal.pk))[1:] == []

    def test_an_open_task_ahead_rests_it(self, deal):
        task = TaskFactory(lead=deal.lead, due_on=date(2026, 6, 1))
        assert explain(deal)[1:] == []
        Task.objects.filter(pk=task.pk).update(due_on=date(2026, 5, 31))
        assert explain(deal)[1:] != []
        Task.objects.filter(pk=task.pk).update(due_on=date(2026, 8, 1), done_at=NOON)
        assert explain(deal)[1:] != []

    def test_a_task_ahead_rests_it_for_thirty_days_at_most(self, deal):
        TaskFactory(lead=deal.lead, due_on=date(2027, 1, 1))
        Deal.objects.filter(pk=deal.pk).update(stage_entered_at=NOON - timedelta(days=44))
        assert explain(Deal.objects.get(pk=deal.pk))[1:] == [Line("silence", "Silent for 44 days", -6)]


def oracle(deal: Deal, today: date) -> int:
    """The automatic confidence by the words of design.md §4, one row after the other."""
    value = deal.stage.confidence
    done = {
        activity.kind_id
        for activity in Activity.objects.filter(lead=deal.lead, trust="ok")
        if deal.reopened_at is None or activity.occurred_at >= deal.reopened_at
    }
    for kind_id in done:
        own = KeyActivity.objects.filter(kind=kind_id, stage=deal.stage).first()
        any_stage = KeyActivity.objects.filter(kind=kind_id, stage=None).first()
        value += (own or any_stage).points if own or any_stage else 0
    for answer in Answer.objects.filter(lead=deal.lead):
        for worth in AnswerPoint.objects.filter(question=answer.question):
            value += worth.points if worth.value == answer.value else 0
    if deal.stage.silence_days is not None:
        moments = [deal.lead.last_contact_at, deal.stage_entered_at, deal.imported_at]
        latest = max(moment.date() for moment in moments if moment)
        ahead = Task.objects.filter(lead=deal.lead, done_at=None, due_on__gte=today).exists()
        if (today - latest).days >= deal.stage.silence_days + (30 if ahead else 0):
            value -= deal.stage.silence_points
    return max(1, min(99, value))


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
@pytest.mark.parametrize("seed", range(3))
def test_the_lines_sum_to_what_the_oracle_says(seed):
    random = Random(seed)
    stages, kinds = list(Stage.objects.all()), list(ActivityKind.objects.all()[:8])
    KeyActivity.objects.all().delete()
    for stage in stages:
        stage.silence_days, stage.silence_points = random.choice([None, 0, 7, 30]), random.randint(0, 40)
        stage.save()
    for kind in kinds:
        for stage in random.sample([None, *stages], 3):
            KeyActivityFactory(kind=kind, stage=stage, points=random.randint(-40, 40))
    questions = [QuestionFactory() for _ in range(3)]
    for question in questions:
        for value in (True, False):
            AnswerPointFactory(question=question, value=value, points=random.randint(-20, 20))
    deals = [_generated(random, stages, kinds, questions) for _ in range(15)]

    lines = lines_of(deals)
    assert {deal.pk: confidence.total(lines[deal.pk]) for deal in deals} == {
        deal.pk: oracle(deal, NOON.date()) for deal in deals
    }


def _generated(random, stages, kinds, questions):
    def ago():
        return NOON - timedelta(days=random.randint(0, 90))

    deal = DealFactory(
        stage=random.choice(stages),
        stage_entered_at=ago(),
        reopened_at=random.choice([None, None, ago()]),
        imported_at=random.choice([None, ago()]),
        lead__last_contact_at=random.choice([None, ago()]),
    )
    for kind in random.choices(kinds, k=5):
        ActivityFactory(
            lead=deal.lead, kind=kind, occurred_at=ago(), trust=random.choice(["ok", "ok", "rejected"])
        )
    for question in random.sample(questions, 2):
        answer_question(deal.lead, question, random.choice([True, False]), by=None)
    if random.random() < 0.5:
        TaskFactory(lead=deal.lead, due_on=NOON.date() + timedelta(days=random.randint(-5, 40)))
    return Deal.objects.select_related("lead", "stage").get(pk=deal.pk)
