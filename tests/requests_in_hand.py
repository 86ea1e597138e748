"""What the live server is answering at this moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.signals import request_finished, request_started

PATIENCE = 30  # seconds


class RequestsInHand:
    """Counts requests from their start to the end of their answer, over all threads of the live server."""

    def __init__(self) -> None:
        self._threads: set[int] = set()
        self._changed = threading.Condition()

    @contextmanager
    def counted(self) -> Iterator["RequestsInHand"]:
        request_started.connect(self._start)
        request_finished.connect(self._finish)
        try:
            yield self
        finally:
            request_started.disconnect(self._start)
            request_finished.disconnect(self._finish)

    def wait_for_none(self) -> None:
        with self._changed:
            is_quiet = self._changed.wait_for(lambda: not self._threads, PATIENCE)
        assert is_quiet, "The live server does not come to an end."

    def _start(self, **signal: object) -> None:
        with self._changed:
            self._threads.add(threading.get_ident())

    def _finish(self, **signal: object) -> None:
        with self._changed:
            self._threads.discard(threading.get_ident())
            self._changed.notify_all()
