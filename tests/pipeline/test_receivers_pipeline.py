"""What the pipeline does with news of leads and scores."""

import pytest
from django.utils import timezone

from leads.actions import (
    NewActivity,
    NewLead,
    NewStatus,
    add_leads,
    add_task,
    answer_question,
    log_activity,
    set_status,
    set_statuses,
)
from leads.models import Notification
from leads.models.activities import Origin
from leads.organisation import today
from leads.tasks import deliver_outbox
from pipeline.models import Deal, PendingConfidence, Stage, StageChange
from pipeline.tasks import release_confidences, sweep_pending
from scoring.models import Band, BandCrossing, LeadScore, ScoringModel
from scoring.signals import bands_crossed, leads_scored
from tests.factories import LeadFactory, QuestionFactory
from tests.factories_pipeline import DealFactory
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def crossing():
    """Makes a crossing of a lead between two bands."""
    model = ScoringModel.objects.create(name="Test", version=1000)

    def cross(lead, before, after):
        bands = {band.key: band for band in Band.objects.all()}
        return BandCrossing.objects.create(
            lead=lead,
            before=bands.get(before),
            after=bands.get(after),
            total=73,
            model=model,
            day=today(),
            at=timezone.now(),
        )

    return cross


@pytest.mark.parametrize("status", ["working", "qualified"])
def test_a_lead_that_leaves_new_enters_the_pipeline_with_its_score(alice, status):
    lead, warm = LeadFactory(), Band.objects.get(key="warm")
    LeadScore.objects.filter(pk=lead.pk).update(state="scored", total=48, band=warm)
    set_status(lead, status, by=alice)
    deal, interval = Deal.objects.get(pk=lead.pk), StageChange.objects.get(deal=lead.pk)
    assert (deal.entry_score, deal.entry_band, deal.scores_filled_later) == (48, warm, False)
    assert deal.entered_at == deal.stage_entered_at == interval.entered_at
    assert (interval.from_stage, interval.to_stage, interval.by) == (None, deal.stage, alice)


@pytest.mark.parametrize(("status", "reason"), [("nurturing", ""), ("disqualified", "A student")])
def test_nurturing_and_disqualifying_are_no_entry(alice, status, reason):
    lead = LeadFactory()
    set_status(lead, status, reason=reason, by=alice)
    assert Deal.objects.get(pk=lead.pk).entered_at is None
    assert not StageChange.objects.exists()


def test_a_deal_enters_once(alice):
    lead = LeadFactory()
    for status in ("working", "nurturing", "qualified"):
        set_status(lead, status, by=alice)
    assert StageChange.objects.filter(deal=lead.pk).count() == 1


def test_each_of_many_enters_at_the_time_of_its_own_status(alice):
    day = timezone.timedelta(days=1)
    rows = [NewStatus(LeadFactory().pk, "working", at=timezone.now() - place * day) for place in (3, 1)]
    set_statuses(rows, by=alice)
    entered = Deal.objects.order_by("pk").values_list("entered_at", flat=True)
    assert list(entered) == [row.at for row in rows]


def test_an_entry_before_the_first_scoring_gets_its_score_then(alice):
    lead = LeadFactory()
    set_status(lead, "working", by=alice)
    assert Deal.objects.get(pk=lead.pk).entry_score is None

    LeadScore.objects.filter(pk=lead.pk).update(state="scored", total=0)
    leads_scored.send(sender=LeadScore, lead_ids=[lead.pk])
    deal = Deal.objects.get(pk=lead.pk)
    assert (deal.entry_score, deal.entry_band.key, deal.scores_filled_later) == (0, "dead", True)


def test_births_and_entries_of_twenty_leads_cost_as_many_statements_as_those_of_one(alice):
    def work(number):
        leads = add_leads([NewLead()] * number, by=alice)
        set_statuses([NewStatus(lead.pk, "working") for lead in leads], by=alice)

    work(1)
    one = statements_of(lambda: work(1))
    assert statements_of(lambda: work(20)) == one


def test_news_that_may_change_the_confidence_waits_for_a_worker(alice):
    lead, question = LeadFactory(), QuestionFactory()
    PendingConfidence.objects.all().delete()
    for bring in (
        lambda: log_activity(NewActivity(lead.pk, "note", timezone.now()), by=None, origin=Origin.API),
        lambda: answer_question(lead, question, True, by=alice),
        lambda: add_task(lead, "Call", today(), by=alice),
    ):
        bring()
        assert PendingConfidence.objects.filter(lead=lead).exists()
        sweep_pending()
        assert not PendingConfidence.objects.exists()


def test_entering_a_stage_leaves_no_news_because_it_settles_at_once(alice):
    lead = LeadFactory(status="nurturing")
    PendingConfidence.objects.all().delete()
    set_status(lead, "working", by=alice)
    assert StageChange.objects.exists()
    assert not PendingConfidence.objects.exists()


def test_the_owner_is_told_when_a_lead_rises_and_not_when_it_fades(alice, crossing):
    rising, fading, first = (LeadFactory(owner=alice) for _ in range(3))
    imported = DealFactory(lead__owner=alice, imported_at=timezone.now()).lead
    crossings = [
        crossing(rising, "warm", "hot"),
        crossing(fading, "hot", "warm"),
        crossing(first, None, "warm"),
        crossing(imported, None, "hot"),
    ]
    bands_crossed.send(sender=BandCrossing, crossings=crossings)
    deliver_outbox()
    texts = Notification.objects.order_by("id").values_list("user", "text")
    assert list(texts) == [
        (alice.pk, f"{rising} became hot, with a score of 73."),
        (alice.pk, f"{first} became warm, with a score of 73."),
    ]


def test_the_nightly_task_measures_cycles_and_releases(alice):
    Stage.objects.update(silence_days=0, silence_points=2)
    deal = DealFactory(
        lead__status="working", confidence_source="manual", confidence=50, manual_until=today()
    )
    release_confidences()
    deal = Deal.objects.get(pk=deal.pk)
    assert (deal.confidence, deal.confidence_source) == (8, "automatic")
    assert deal.stage.pipeline.refreshed_on == today()
