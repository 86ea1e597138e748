"""Decay: only due leads, once a night, catching up, and telling of nights on which it did not run."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from leads.actions import NewActivity, log_activity
from leads.actions.news import deliver
from leads.models import Notification, Outbox
from leads.models.activities import Origin
from scoring.models import LeadScore, ScoreDay, ScoringRun
from scoring.nights import nights
from scoring.pending import drain_scores
from scoring.runs import finish_run, start_decay
from scoring.tasks import apply_decay
from tests.definitions import MODEL
from tests.factories import LeadFactory
from tests.scoring.written import published

pytestmark = pytest.mark.django_db
FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def at(moment):
    return time_machine.travel(moment, tick=False)


@pytest.fixture
def leads():
    """One that a page view keeps changing, and nine that nothing does."""
    with at(FIRST):
        published(MODEL, at=FIRST)
        leads = LeadFactory.create_batch(10)
        log_activity(NewActivity(leads[0].pk, "page_view", FIRST), by=None, origin=Origin.API)
        drain_scores()
        finish_run(start_decay())
    return leads


def test_a_night_looks_only_at_leads_that_time_changes(leads):
    with at(FIRST + 10 * DAY):
        run = finish_run(start_decay())

    assert (run.status, run.total, run.changed, run.skipped) == ("done", 1, 1, 9)
    assert LeadScore.objects.get(pk=leads[0].pk).engagement == 79  # half-life of 30 days: 10 × 0.5^(1/3)


def test_twice_in_a_night_changes_nothing(leads):
    with at(FIRST + 10 * DAY):
        finish_run(start_decay())
        before = (list(LeadScore.objects.order_by("pk").values()), list(ScoreDay.objects.values()))
        again = finish_run(start_decay())
        apply_decay()  # what beat asks every hour finds the night done

    assert (again.total, again.changed, again.skipped) == (0, 0, 10)
    assert (list(LeadScore.objects.order_by("pk").values()), list(ScoreDay.objects.values())) == before
    assert ScoringRun.objects.filter(kind="decay", as_of=(FIRST + 10 * DAY).date()).count() == 2


def test_a_night_without_anything_due_is_a_night_too(leads):
    LeadScore.objects.update(next_change_on=None)
    with at(FIRST + DAY):
        apply_decay()
        assert nights().missed == 0

    run = ScoringRun.objects.filter(kind="decay").latest("pk")
    assert (run.status, run.as_of, run.total, run.skipped) == ("done", (FIRST + DAY).date(), 0, 10)


def test_days_of_downtime_end_where_every_single_night_would_have(leads):
    lead = leads[0]
    with at(FIRST + 9 * DAY):
        finish_run(start_decay())
    at_once = LeadScore.objects.values("engagement", "total", "next_change_on", "as_of").get(pk=lead.pk)
    LeadScore.objects.filter(pk=lead.pk).update(as_of=FIRST.date(), next_change_on=FIRST.date() + DAY)
    for day in range(1, 10):
        with at(FIRST + day * DAY):
            finish_run(start_decay())

    nightly = LeadScore.objects.values("engagement", "total", "next_change_on").get(pk=lead.pk)
    assert nightly == {key: at_once[key] for key in nightly}


def test_missed_nights_are_counted_and_administrators_are_told_once(leads, admin, alice):
    with at(FIRST + 4 * DAY):
        run = start_decay()
        finish_run(run)
        finish_run(start_decay())
        for announcement in Outbox.objects.filter(kind="decay_missed"):
            deliver(announcement.pk)

    assert run.missed == 3
    note = Notification.objects.get(kind="decay_missed")
    assert (note.user, note.text) == (
        admin,
        "Decay did not run for 3 nights; the run of today makes up for it.",
    )


@pytest.mark.parametrize(
    ("later", "missed"),
    [
        (timedelta(), 0),
        (timedelta(hours=17), 0),  # 2 o'clock of the next night: it may still come
        (timedelta(hours=19), 1),
        (timedelta(days=3, hours=19), 4),
    ],
)
def test_a_run_that_did_not_happen_is_known_before_anybody_runs_it(leads, later, missed):
    with at(FIRST + later):
        assert nights().missed == missed


def test_a_failed_run_is_none(leads):
    with at(FIRST + DAY):
        ScoringRun.objects.filter(pk=finish_run(start_decay()).pk).update(status="failed")
    with at(FIRST + DAY + timedelta(hours=2)):
        assert nights().missed == 1


def test_administrators_see_it_in_the_settings(client, admin, leads):
    client.force_login(admin)
    with at(FIRST + 3 * DAY):
        start = client.get("/admin/").content.decode()
        runs = client.get("/admin/scoring/scoringrun/").content.decode()
        finish_run(start_decay())
        calm = client.get("/admin/").content.decode()

    sentence = "Decay has not run for 3 nights, since 02 Mar 2026"
    assert sentence in start
    assert sentence in runs
    assert "Decay has not run" not in calm
