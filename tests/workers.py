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
    children = [_start(queue, logs) for queue in QUEUES]
    try:
        _wait_for(len(children))
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(PATIENCE)


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
    """Until no worker has anything to do: none may be reading a table that is emptied next."""
    deadline = time.monotonic() + PATIENCE
    while _has_work():
        assert time.monotonic() < deadline, "The Celery workers do not come to an end."
        time.sleep(0.1)


def _has_work() -> bool:
    with current_app.connection_for_read() as broker:
        waiting = [broker.default_channel.client.llen(queue) for queue in QUEUES]
    in_hand = current_app.control.inspect(timeout=0.5).active() or {}
    return any(waiting) or any(in_hand.values())
