"""An import that is killed, and two imports at once: never half a row, never a row twice."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.core.management.base import CommandError
from django.db import connection

from leads.imports.batches import alone
from leads.models import ExternalId, Lead, StatusChange
from pipeline.models import Deal, StageChange
from scoring.models import LeadScore, PendingScore
from tests.imports import ROOT, Files, counts
from tests.workers import address_of_database

ROWS = 4_000
MAPPING = """
system = "crm"
[pipeline]
key = "pumps"
name = "Pumps"
product_line = "Pumps"
[[pipeline.stages]]
key = "talk"
confidence = 20
[[pipeline.stages]]
key = "offer"
confidence = 50
[deals]
id = "Id"
[deals.columns]
Stage = "stage"
Begun = "created_at"
Closed = "closed_on"
Value = "value"
[deals.stages]
Open = "talk"
Won = { stage = "offer", outcome = "won" }
"""


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path)


def content(rows):
    lines = (
        f"{number},Won,2025-01-{number % 28 + 1:02},2025-03-01,5\n" if number % 2 else f"{number},Open,,,5\n"
        for number in range(rows)
    )
    return "Id,Stage,Begun,Closed,Value\n" + "".join(lines)


def start(files) -> subprocess.Popen[bytes]:
    """The command in a process of its own, on the test database."""
    file, mapping = files.write(content(ROWS)), files.write(MAPPING, "mapping.toml")
    return subprocess.Popen(
        [sys.executable, "manage.py", "import_deals", str(file), "--mapping", str(mapping)],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": address_of_database()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def wait_for_rows(process):
    while not ExternalId.objects.exists():
        assert process.poll() is None, "The import ended before it stored anything."
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_whole_rows_and_a_second_run_adds_the_rest(files):
    process = start(files)
    wait_for_rows(process)
    process.send_signal(signal.SIGKILL)
    process.wait()

    stored = Lead.objects.count()
    won = Lead.objects.filter(outcome="won")
    assert 0 < stored < ROWS
    assert stored % 1_000 == 0
    assert ExternalId.objects.count() == Deal.objects.count() == LeadScore.objects.count() == stored
    assert not Deal.objects.filter(value=None).exists()
    assert won.filter(deal__stage__key="offer", closed_on__isnull=False).count() == stored / 2
    assert StageChange.objects.count() == StatusChange.objects.count() == stored * 3 / 2
    assert PendingScore.objects.count() == stored, "Beat finds what the killed process did not score."

    said = files.run("import_deals", content(ROWS), MAPPING)

    assert counts(said) == {
        "read": ROWS,
        "added": ROWS - stored,
        "updated": 0,
        "unchanged": stored,
        "rejected": 0,
    }
    assert Lead.objects.count() == ExternalId.objects.count() == ROWS
    assert not LeadScore.objects.filter(state="unscored").exists()
    assert not PendingScore.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_only_one_import_of_a_system_runs_at_a_time(files):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('import'), hashtext('crm'))")
        with pytest.raises(CommandError, match="“crm” is being imported at this moment"):
            files.run("import_deals", content(1), MAPPING)
    finally:
        other.close()
    assert not Lead.objects.exists()

    with alone("another"):
        assert counts(files.run("import_deals", content(1), MAPPING))["added"] == 1
