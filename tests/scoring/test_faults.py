"""What goes wrong while scores are made: workers that die, reps who log meanwhile, repeats."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from leads.actions import NewActivity, log_activities, log_activity, review_activity
from leads.models import Activity
from leads.models.activities import Origin
from scoring import runs
from scoring.models import BandCrossing, LeadScore, PendingScore, RunKind, ScoreDay
from scoring.pending import drain_scores
from scoring.runs import finish_run, score_next_range, start_run
from tests.definitions import MODEL
from tests.factories import ActivityFactory, LeadFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db(transaction=True)


def in_thread(work):
    def carried_out():
        try:
            return work()
        finally:
            connections.close_all()

    return carried_out


def test_another_worker_takes_over_what_a_killed_one_had_in_hand(monkeypatch):
    monkeypatch.setattr("scoring.runs.RANGE", 2)
    published(MODEL)
    leads = LeadFactory.create_batch(6)
    drain_scores()
    for lead in leads:
        ActivityFactory(lead=lead)
    BandCrossing.objects.all().delete()
    run = start_run(RunKind.RESCORE, by=None)
    score = runs.score_range

    def dies(*args, **kwargs):
        score(*args, **kwargs)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    def killed():
        with pytest.raises(OperationalError):
            score_next_range(run.pk)

    monkeypatch.setattr("scoring.runs.score_range", dies)
    worker = threading.Thread(target=in_thread(killed))
    worker.start()
    worker.join(30)
    assert run.ranges.filter(done_at=None).count() == 3
    monkeypatch.setattr("scoring.runs.score_range", score)
    run = finish_run(run)

    assert (run.status, run.done, run.total, run.changed) == ("done", 6, 6, 6)
    assert set(LeadScore.objects.values_list("total", flat=True)) == {10}
    assert BandCrossing.objects.filter(after__key="cold").count() == 6
    assert ScoreDay.objects.count() == 6


def test_reps_log_while_everything_is_rescored_and_nothing_is_lost_or_waits_a_second(monkeypatch):
    monkeypatch.setattr("scoring.runs.RANGE", 10)
    published(MODEL | {"groups": [MODEL["groups"][1] | {"max": 100, "decay": None}]})
    leads = LeadFactory.create_batch(40)
    drain_scores()

    def rescore():
        for _ in range(3):
            finish_run(start_run(RunKind.RESCORE, by=None))
            drain_scores()

    def log_calls(worker):
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '1s'")
        for lead in leads[worker::2]:
            for _ in range(2):
                row = NewActivity(lead.pk, "page_view", timezone.now())
                log_activity(row, by=None, origin=Origin.HAND)
        return True

    with ThreadPoolExecutor(3) as three:
        rescoring = three.submit(in_thread(rescore))
        logging = [three.submit(in_thread(lambda worker=worker: log_calls(worker))) for worker in (0, 1)]
        assert all(done.result(120) for done in logging)
        rescoring.result(120)
    drain_scores()

    assert set(LeadScore.objects.values_list("total", flat=True)) == {20}
    assert not PendingScore.objects.exists()


def test_the_same_activity_a_hundred_times_at_once_scores_once():
    published(MODEL)
    lead = LeadFactory()
    row = NewActivity(lead.pk, "page_view", timezone.now(), key="once")

    def send(_):
        return in_thread(lambda: log_activities([row], by=None, origin=Origin.API).accepted)()

    with ThreadPoolExecutor(10) as ten:
        accepted = sum(ten.map(send, range(100)))
    drain_scores()

    assert accepted == 1
    assert Activity.objects.filter(lead=lead, kind__key="page_view").count() == 1
    assert LeadScore.objects.get(pk=lead.pk).total == 10


def test_an_activity_that_is_rejected_while_its_lead_is_scored_does_not_count(alice):
    published(MODEL)
    lead = LeadFactory()
    log_activity(NewActivity(lead.pk, "page_view", timezone.now()), by=None, origin=Origin.API)
    activity = lead.activities.get(kind__key="page_view")
    with ThreadPoolExecutor(2) as two:
        scoring = two.submit(in_thread(drain_scores))
        two.submit(in_thread(lambda: review_activity(activity, trust="rejected", by=alice))).result(60)
        scoring.result(60)
    drain_scores()

    assert LeadScore.objects.get(pk=lead.pk).total == 0
