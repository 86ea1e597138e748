"""Work of `pipeline` in the background: confidences that news waits for, and what a new day changes."""

from celery import shared_task

from pipeline.actions import drain_confidence, refresh_pipelines, release_due_confidences


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
