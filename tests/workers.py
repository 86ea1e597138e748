"""Real Celery workers on the test database, for journeys that wait for a task to be done."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from celery import current_app
from django.db import connection

from config.processes import ONE_THREAD

PATIENCE = 60  # seconds
QUEUES = ("default", "bulk")
BUSY = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""
running: list[subprocess.Popen[bytes]] = []


def address_of_database() -> str:
    database = connection.settings_dict
    host = quote(database["HOST"], safe="")
    port = f":{database['PORT']}" if database["PORT"] else ""
    password = f":{quote(database['PASSWORD'], safe='')}" if database["PASSWORD"] else ""
    return f"postgresql://{database['USER']}{password}@{host}{port}/{database['NAME']}"


@contextmanager
def running_workers(logs: Path) -> Iterator[None]:
    """One worker per queue, as in production, fed by nobody but this test run."""
    current_app.control.purge()
    running.extend(_start(queue, logs) for queue in QUEUES)
    try:
        _wait_for(len(running))
        yield
    finally:
        for child in running:
            child.terminate()
        while running:
            with suppress(subprocess.TimeoutExpired):
                running.pop().wait(PATIENCE)


def _start(queue: str, logs: Path) -> subprocess.Popen[bytes]:
    worker = ["celery", "--app", "config", "worker", "--queues", queue, "--hostname", f"{queue}@test"]
    with (logs / f"{queue}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", *worker, "--concurrency", "1", "--without-gossip", "--without-mingle"],
            env=os.environ | ONE_THREAD | {"DATABASE_URL": address_of_database()},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def _wait_for(workers: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(current_app.control.ping(timeout=0.5)) < workers:
        assert time.monotonic() < deadline, "The Celery workers do not answer."


def wait_until_idle() -> None:
    """Until no worker and no other connection is at work: none may read a table that is emptied next."""
    deadline = time.monotonic() + PATIENCE
    while (running and _has_work()) or _is_busy():
        assert time.monotonic() < deadline, "The Celery workers or the live server do not come to an end."
        time.sleep(0.1)


def _has_work() -> bool:
    with current_app.connection_for_read() as broker:
        waiting = [broker.default_channel.client.llen(queue) for queue in QUEUES]
    in_hand = current_app.control.inspect(timeout=0.5).active() or {}
    return len(in_hand) < len(running) or any(waiting) or any(in_hand.values())


def _is_busy() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(BUSY)
        return bool(cursor.fetchone()[0])
