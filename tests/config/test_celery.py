"""Tasks: which queue they go to, and that beat calls only tasks there are."""

import time

import psycopg
import pytest
from celery import current_app
from django.db import connection, connections
from django.utils import timezone
from kombu.exceptions import OperationalError

from config.celery import KEPT, keep_connections
from leads.actions import NewActivity, log_activities
from leads.models import Activity, Lead
from scoring.models import LeadScore, PendingScore, RunKind, ScoringRun
from scoring.runs import start_run
from scoring.tasks import sweep_pending
from tests.factories import LeadFactory
from tests.workers import address_of_database

PATIENCE = 20  # seconds, for a machine that is busy otherwise; two are usual


@pytest.fixture(scope="module")
def tasks() -> dict[str, object]:
    current_app.loader.import_default_modules()
    return {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}


def queue_of(task: str) -> str:
    return current_app.amqp.router.route({}, task)["queue"].name


def test_only_bulk_tasks_go_to_the_queue_bulk(tasks) -> None:
    assert {queue_of(name) for name in tasks if ".bulk_" in name} == {"bulk"}
    assert {queue_of(name) for name in tasks if ".bulk_" not in name} == {"default"}


def test_beat_calls_only_tasks_there_are(tasks) -> None:
    assert {entry["task"] for entry in current_app.conf.beat_schedule.values()} <= tasks.keys()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_costs_a_delay_and_no_error(monkeypatch, caplog) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise OperationalError("Connection refused.")

    lead = LeadFactory()
    monkeypatch.setattr(sweep_pending, "delay", refuse)
    row = NewActivity(lead.pk, "page_view", timezone.now())
    assert log_activities([row], by=None, origin="api").accepted == 1
    assert Activity.objects.filter(lead=lead, kind__key="page_view").exists()
    assert PendingScore.objects.filter(lead=lead).exists()
    assert "Connection refused." in caplog.text


def test_messages_hold_nothing_but_json() -> None:
    assert current_app.conf.accept_content == ["json"]
    assert current_app.conf.task_serializer == "json"


def test_a_full_rescore_does_not_delay_what_a_rep_does(workers, transactional_db) -> None:
    first, lead = LeadFactory(), LeadFactory()
    wait_until(lambda: not LeadScore.objects.filter(state="unscored").exists())
    before = LeadScore.objects.get(lead=lead).engagement
    with psycopg.connect(address_of_database()) as other:
        other.execute("SELECT FROM scoring_leadscore WHERE lead_id = %s FOR UPDATE", [first.pk])
        run = start_run(RunKind.RESCORE, by=None)
        log_activities(
            [NewActivity(lead_id=lead.pk, kind="demo_request", occurred_at=timezone.now())],
            by=None,
            origin="api",
        )
        wait_until(lambda: LeadScore.objects.get(lead=lead).engagement > before)
        assert ScoringRun.objects.get(pk=run.pk).status == "running"
        other.rollback()
    wait_until(lambda: ScoringRun.objects.get(pk=run.pk).status == "done")


def test_workers_keep_a_connection_and_replace_one_that_the_database_has_closed(workers, transactional_db):
    lead = LeadFactory()
    wait_until(lambda: not LeadScore.objects.filter(state="unscored").exists())
    first = connections_of_workers()
    visit(lead)
    assert first & connections_of_workers()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [sorted(first)])
    visit(lead)
    assert connections_of_workers().isdisjoint(first)


def test_a_worker_has_a_connection_of_its_own_where_web_processes_share_a_pool(monkeypatch) -> None:
    shared = {"OPTIONS": {"pool": {"max_size": 8}, "options": "-c jit=off"}}
    monkeypatch.setitem(connections.settings, "default", shared)
    keep_connections()
    assert connections.settings["default"] == {
        "OPTIONS": {"options": "-c jit=off"},
        "CONN_MAX_AGE": KEPT,
        "CONN_HEALTH_CHECKS": True,
    }


def visit(lead: Lead) -> None:
    """One more signal, and the score that it gives."""
    before = LeadScore.objects.get(lead=lead).engagement
    row = NewActivity(lead_id=lead.pk, kind="demo_request", occurred_at=timezone.now())
    log_activities([row], by=None, origin="api")
    wait_until(lambda: LeadScore.objects.get(lead=lead).engagement != before)


def connections_of_workers() -> set[int]:
    """The processes of PostgreSQL that serve them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def wait_until(is_so) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline, "The workers did not do it in time."
        time.sleep(0.1)
