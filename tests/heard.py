"""Listening to signals in tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal


@contextmanager
def heard(signal: Signal) -> Iterator[list[dict[str, Any]]]:
    """What the signal carries while the block runs, one dictionary each time it is sent."""
    news: list[dict[str, Any]] = []

    def listen(**carried: Any) -> None:
        news.append(carried)

    signal.connect(listen, weak=False)
    try:
        yield news
    finally:
        signal.disconnect(listen)
