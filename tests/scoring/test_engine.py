"""The engine: what it writes, what it sends, what it costs, and that nothing is lost between two workers."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone

from leads.actions import NewActivity, close_lead, log_activity, set_status
from leads.models import Lead
from leads.organisation import today
from scoring.actions import AlreadyPublished, exclude_domain, import_model, publish_model
from scoring.engine import lock_scores, score_range, score_touched
from scoring.models import BandCrossing, LeadScore, PendingScore, RunKind, ScoreDay, ScoringRun
from scoring.pending import drain_scores
from scoring.runs import finish_run, start_run
from scoring.signals import bands_crossed, leads_scored
from tests.factories import ActivityFactory, CompanyFactory, ContactFactory, LeadFactory
from tests.heard import heard
from tests.scoring.written import published
from tests.statements import statements_of

BANDS = [
    {"band": "hot", "enter": 70, "leave": 60},
    {"band": "warm", "enter": 40, "leave": 35},
    {"band": "cold", "enter": 10, "leave": 10},
    {"band": "dead", "enter": 0, "leave": 0},
]


def model(points=10, **rest):
    signals = {"name": "Page", "signal": "page_view", "points": points}
    group = {"name": "Website", "kind": "engagement", "max": 100, "rules": [signals]}
    return {"name": "By pages", "product_line": None, "groups": [group], "bands": BANDS} | rest


def view(lead, count=1):
    for _ in range(count):
        log_activity(NewActivity(lead.pk, "page_view", timezone.now()), by=None, origin="api")
    drain_scores()


def score_of(lead) -> LeadScore:
    return LeadScore.objects.select_related("band").get(pk=lead.pk)


class TestBands:
    pytestmark = pytest.mark.django_db

    def test_a_band_is_kept_down_to_where_it_is_left(self):
        published(model(points=5))
        lead = LeadFactory()
        view(lead, 14)
        assert score_of(lead).band.key == "hot"
        views = lead.activities.filter(kind__key="page_view").order_by("pk")
        views.filter(pk__in=views.values("pk")[:2]).delete()
        score_touched([lead.pk])
        assert (score_of(lead).total, score_of(lead).band.key) == (60, "hot")
        views.filter(pk__in=views.values("pk")[:1]).delete()
        score_touched([lead.pk])
        assert (score_of(lead).total, score_of(lead).band.key) == (55, "warm")

    def test_each_crossing_is_one_event_and_scoring_again_is_none(self):
        published(model())
        lead = LeadFactory()
        with heard(bands_crossed) as news:
            view(lead)
            view(lead, 3)
            score_touched([lead.pk])
        crossings = [crossing for told in news for crossing in told["crossings"]]
        assert [str(crossing) for crossing in crossings] == ["– → Cold", "Cold → Warm"]
        assert BandCrossing.objects.filter(lead=lead).count() == 2

    def test_closed_leads_are_scored_and_fire_nothing(self):
        published(model())
        lead = LeadFactory()
        drain_scores()
        close_lead(lead, "lost", by=None)
        with heard(bands_crossed) as news:
            view(lead, 8)
        assert (score_of(lead).total, score_of(lead).band.key) == (80, "hot")
        assert news == []

    def test_a_silent_publish_crosses_nothing_and_the_next_news_does(self):
        lead = LeadFactory()
        ActivityFactory.create_batch(3, lead=lead)
        PendingScore.objects.all().delete()
        with heard(bands_crossed) as news, heard(leads_scored) as first:
            published(model())
        assert news == []
        assert [told["lead_ids"] for told in first] == [[lead.pk]]
        with heard(bands_crossed) as news:
            view(lead)
        assert [str(crossing) for crossing in news[0]["crossings"]] == ["Cold → Warm"]

    def test_a_publish_that_is_not_silent_fires(self):
        lead = LeadFactory()
        ActivityFactory.create_batch(8, lead=lead)
        PendingScore.objects.all().delete()
        published(model(), silent=False)
        assert BandCrossing.objects.get(lead=lead).after.key == "hot"
        assert Lead.objects.get(pk=lead.pk).status == "qualified"


class TestDomains:
    pytestmark = pytest.mark.django_db

    @pytest.mark.parametrize(
        ("url", "points"),
        [
            ("https://rival.example/pricing", 0),
            ("https://www.rival.example:8080", 0),
            ("somebody@rival.example", 0),
            ("https://arrival.example", 10),
            ("/products", 10),
            ("https://", 10),
            ("", 0),
        ],
    )
    def test_what_has_no_domain_is_known_to_be_elsewhere(self, url, points):
        """Only a missing address is unknown, so that its `not` matches nothing."""
        rival = {"field": "activity.url", "op": "matches_domain", "value": "rival.example"}
        elsewhere = {"name": "Elsewhere", "signal": "page_view", "when": {"not": rival}, "points": 10}
        published(model(groups=[{"name": "Website", "kind": "engagement", "max": 100, "rules": [elsewhere]}]))
        lead = LeadFactory()
        ActivityFactory(lead=lead, url=url)
        score_touched([lead.pk])
        assert score_of(lead).engagement == points * 10


class TestAutoQualification:
    pytestmark = pytest.mark.django_db
    QUALIFIES = [{"name": "Asked for a demo", "signal": "demo_request"}]

    def ask(self, lead, **ago):
        moment = timezone.now() - timedelta(**ago)
        log_activity(NewActivity(lead.pk, "demo_request", moment), by=None, origin="api")
        drain_scores()
        lead.refresh_from_db()
        return lead.status

    def test_a_demo_request_qualifies_a_new_lead_whatever_its_score(self):
        published(model(auto_qualify=self.QUALIFIES))
        lead = LeadFactory()
        assert self.ask(lead, days=3) == "qualified"
        assert lead.status_changes.get().reason == "Asked for a demo"

    def test_it_acts_once_per_status(self, alice):
        published(model(auto_qualify=self.QUALIFIES))
        lead = LeadFactory()
        self.ask(lead)
        set_status(lead, "nurturing", by=alice)
        drain_scores()
        lead.refresh_from_db()
        assert lead.status == "nurturing"
        assert self.ask(lead, seconds=-1) == "qualified"

    def test_a_lead_at_work_stays_so(self, alice):
        published(model(auto_qualify=self.QUALIFIES))
        lead = LeadFactory()
        set_status(lead, "working", by=alice)
        assert self.ask(lead) == "working"

    def test_signals_before_a_silent_publish_do_not_qualify_later(self):
        lead = LeadFactory()
        ActivityFactory(lead=lead, kind__key="demo_request")
        PendingScore.objects.all().delete()
        published(model(auto_qualify=self.QUALIFIES))
        view(lead)
        lead.refresh_from_db()
        assert lead.status == "new"
        assert self.ask(lead, seconds=-1) == "qualified"

    def test_an_excluded_lead_does_not_qualify(self):
        published(model(auto_qualify=self.QUALIFIES))
        lead = LeadFactory(contact=ContactFactory(email="eve@mail.rival.example"))
        exclude_domain("rival.example", by=None, why="Competitor")
        assert self.ask(lead) == "new"
        assert score_of(lead).state == "excluded"


@pytest.mark.django_db
class TestWriting:
    def test_a_run_writes_only_what_changed_and_news_sets_the_date(self):
        published(model())
        lead = LeadFactory()
        drain_scores()
        LeadScore.objects.update(as_of=today() - timedelta(days=2))
        assert score_range([lead.pk], as_of=today(), silent=False) == 0
        assert score_of(lead).as_of == today() - timedelta(days=2)
        score_touched([lead.pk])
        assert score_of(lead).as_of == today()
        assert ScoreDay.objects.filter(lead=lead).count() == 1

    def test_a_run_leaves_alone_what_was_scored_later(self):
        published(model())
        lead = LeadFactory()
        view(lead)
        score_range([lead.pk], as_of=today() - timedelta(days=1), silent=True)
        assert score_of(lead).as_of == today()

    def test_decay_catches_up_any_number_of_days_in_one_run(self):
        group = model()["groups"][0] | {"decay": {"type": "linear", "days": 60}}
        published(model(groups=[group]))
        lead = LeadFactory()
        ActivityFactory(lead=lead, occurred_at=timezone.now() - timedelta(days=30))
        LeadScore.objects.filter(pk=lead.pk).update(
            state="scored", engagement=100, fit=0, total=10, next_change_on=today() - timedelta(days=29)
        )
        run = finish_run(start_run(RunKind.DECAY, by=None))
        assert (run.status, run.total, run.changed) == ("done", 1, 1)
        assert score_of(lead).engagement == 50
        assert score_of(lead).next_change_on == today() + timedelta(days=1)
        assert finish_run(start_run(RunKind.DECAY, by=None)).total == 0

    def test_a_product_line_has_its_own_model(self):
        own = published(model(points=20) | {"product_line": "Calibration"})
        published(model())
        lead, other = LeadFactory(product_line=own.product_line), LeadFactory()
        view(lead)
        view(other)
        assert (score_of(lead).total, score_of(other).total) == (20, 10)

    def test_rescoring_a_lead_costs_at_most_eight_statements(self):
        published(model(points=1))
        leads = [LeadFactory(contact=ContactFactory(company=CompanyFactory(employees=9))) for _ in range(3)]
        drain_scores()
        score_touched([leads[0].pk])

        def logged(*some):
            for lead in some:
                ActivityFactory(lead=lead)
                PendingScore.objects.create(lead=lead)
            return statements_of(drain_scores)

        one, several = logged(leads[0]), logged(*leads)
        assert one <= 8
        assert several == one


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def in_thread(self, work):
        def run():
            try:
                work()
            finally:
                connections.close_all()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def test_an_activity_that_comes_while_another_is_scored_is_not_lost(self):
        published(model())
        lead = LeadFactory()
        drain_scores()
        ActivityFactory(lead=lead)
        with transaction.atomic():
            lock_scores([lead.pk])
            waiting = self.in_thread(lambda: score_touched([lead.pk]))
            waiting.join(0.5)
            assert waiting.is_alive()
            ActivityFactory(lead=lead)
        waiting.join(20)
        assert score_of(lead).total == 20

    def test_two_workers_with_news_of_one_lead_fire_once(self):
        published(model())
        lead = LeadFactory()
        drain_scores()
        ActivityFactory.create_batch(4, lead=lead)
        BandCrossing.objects.all().delete()
        PendingScore.objects.bulk_create(PendingScore(lead=lead) for _ in range(2))
        threads = [self.in_thread(drain_scores) for _ in range(2)]
        for thread in threads:
            thread.join(20)
        drain_scores()
        assert score_of(lead).total == 40
        assert BandCrossing.objects.filter(lead=lead).count() == 1
        assert not PendingScore.objects.exists()

    def test_a_worker_that_dies_leaves_the_news_for_the_next(self):
        published(model())
        lead = LeadFactory()
        drain_scores()
        ActivityFactory(lead=lead)
        PendingScore.objects.create(lead=lead)

        class Killed(Exception):
            pass

        def kill(**_):
            raise Killed

        bands_crossed.connect(kill)
        try:
            with pytest.raises(Killed):
                drain_scores()
        finally:
            bands_crossed.disconnect(kill)
        assert PendingScore.objects.count() == 1
        assert score_of(lead).total == 0
        drain_scores()
        assert score_of(lead).total == 10
        assert BandCrossing.objects.filter(lead=lead, after__key="cold").count() == 1

    def test_publishing_twice_at_once_publishes_once(self):
        draft = import_model(model(), by=None)
        refused = []

        def publish():
            try:
                publish_model(draft, by=None)
            except AlreadyPublished as refusal:
                refused.append(refusal)

        threads = [self.in_thread(publish) for _ in range(2)]
        for thread in threads:
            thread.join(20)
        assert len(refused) == 1
        assert ScoringRun.objects.filter(model=draft).count() == 1

    def test_a_run_is_resumed_where_it_stopped(self, monkeypatch):
        monkeypatch.setattr("scoring.runs.RANGE", 2)
        leads = LeadFactory.create_batch(5)
        published(model(points=1))
        run = start_run(RunKind.RESCORE, by=None)
        assert run.ranges.count() == 3
        done = run.ranges.first()
        run.ranges.filter(pk=done.pk).update(done_at=timezone.now())
        ScoringRun.objects.filter(pk=run.pk).update(done=2)
        run = finish_run(run)
        assert (run.status, run.done, run.total) == ("done", len(leads), len(leads))
