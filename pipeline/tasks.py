"""Work of `pipeline` in the background: confidences and owners that news waits for, programmes, new days."""

from celery import shared_task

from pipeline.actions import (
    advance_programmes,
    drain_confidence,
    drain_routing,
    queue_waiting,
    refresh_pipelines,
    release_due_confidences,
)


@shared_task
def sweep_pending() -> None:
    """Work off the news that waits; a wake-up that is lost costs half a minute."""
    drain_confidence()


@shared_task
def release_confidences() -> None:
    """Release values set by hand whose day has come, and measure what a new day changes."""
    release_due_confidences(by=None)
    refresh_pipelines()
    drain_confidence()


@shared_task
def route_pending() -> None:
    """Route the leads that news waits for; a wake-up that is lost costs half a minute."""
    drain_routing()


@shared_task
def route_waiting() -> None:
    """Try the leads again that nobody could take."""
    queue_waiting()
    drain_routing()


@shared_task
def run_programmes() -> None:
    """Do every step of a programme that is due."""
    while advance_programmes(by=None):
        pass
