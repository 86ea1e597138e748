"""The project: settings, addresses, workers and the servers it runs on."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
