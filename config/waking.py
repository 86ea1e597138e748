"""The base of all tasks: how a commit wakes a worker."""

from typing import Any

from celery.contrib.django.task import DjangoTask
from django.db import transaction


class WakingTask(DjangoTask):  # type: ignore[type-arg]  # not generic at run time
    """A message only wakes: what is to be done stands in the database, and beat sweeps it up later."""

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:  # type: ignore[override]
        """Send the message after the commit; when the broker is away, log it and let the caller go on."""
        transaction.on_commit(lambda: self.delay(*args, **kwargs), robust=True)
