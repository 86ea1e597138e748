"""How far an import has come, on stderr: a bar for people, a line now and then for logs."""

import time
from collections.abc import Callable

from django.core.management.base import OutputWrapper

BAR_WIDTH = 30
SECONDS_BETWEEN_LINES = 5.0


class Progress:
    """Counts rows up to a total; says so a few times a second on a terminal, else every few seconds."""

    def __init__(
        self, label: str, total: int, stream: OutputWrapper, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._label = label
        self._total = total
        self._stream = stream
        self._clock = clock
        self._is_terminal = stream.isatty()
        self._said_at = clock()

    def show(self, done: int) -> None:
        """Say how many rows are done."""
        if self._is_terminal:
            self._draw(done)
        elif self._clock() - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = self._clock()
            self._write(f"{self._label}: {done:,} of {self._total:,} rows\n")

    def finish(self) -> None:
        """Take the bar off the line."""
        if self._is_terminal:
            self._write("\r\x1b[K")

    def _draw(self, done: int) -> None:
        share = min(done / max(self._total, 1), 1)
        bar = ("█" * round(share * BAR_WIDTH)).ljust(BAR_WIDTH, "░")
        self._write(f"\r\x1b[K{self._label} {bar} {share:4.0%}  {done:,} of {self._total:,}")

    def _write(self, text: str) -> None:
        self._stream.write(text, str, ending="")
        self._stream.flush()
