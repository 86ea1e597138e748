"""The Celery application; its settings are the CELERY_* ones of Django."""

import os
import sys

from celery import Celery
from celery.signals import task_prerun, worker_process_init
from django.db import connections
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("plumbline", task_cls="config.waking:WakingTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize  # tasks for which Celery itself leaves connections open
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()

KEPT = 600  # seconds


@worker_process_init.connect
def keep_connections(**_: object) -> None:
    """A worker keeps its one connection, with all that it has read and prepared, and needs no pool."""
    database = connections.settings["default"]
    database["OPTIONS"].pop("pool", None)
    database |= {"CONN_MAX_AGE": KEPT, "CONN_HEALTH_CHECKS": True}


@task_prerun.connect
def renew_connections(**_: object) -> None:
    """One that has grown old or broken is opened anew, as it is for a request of a browser."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()
