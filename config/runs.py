"""The processes of a `./plumbline run`, noted so that `stop` and the next run after a crash find them."""

import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Self

from config.embedded.server import command_of

PATIENCE = 30  # seconds until a process that was asked to end is killed
PAUSE = 0.1  # seconds between two looks
OURS = ("config.desk", "gunicorn", "celery")  # a number may have gone to a stranger since


class AlreadyRunning(Exception):
    """Another run uses the same data; the text says what to do."""


class RunRecord:
    """The numbers of the running processes, the first of them the one that started the others."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "run.pids"

    def __enter__(self) -> Self:
        if starter := self._alive()[:1]:
            if starter == self._noted()[:1]:
                raise AlreadyRunning(
                    f"Plumbline runs here already (process {starter[0]}). Stop it with ./plumbline stop, "
                    "or run a second one beside it: PLUMBLINE_DATA=DIR ./plumbline run --port 8124"
                )
            print("The last run ended without cleaning up; what was left of it is ended now.", flush=True)
            self.end()
        self._file.write_text(f"{os.getpid()}\n")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.unlink(missing_ok=True)

    def note(self, processes: Iterable[int]) -> None:
        """Add started processes."""
        with self._file.open("a") as file:
            file.writelines(f"{process}\n" for process in processes)

    def end(self) -> list[str]:
        """End what runs, the starter first because it ends the others in order; name what was ended."""
        alive = self._alive()
        for process in alive:
            _end(process)
        self._file.unlink(missing_ok=True)
        return ["web server and workers"] if alive else []

    def _noted(self) -> list[int]:
        try:
            return [int(line) for line in self._file.read_text().split()]
        except FileNotFoundError:
            return []

    def _alive(self) -> list[int]:
        return [process for process in self._noted() if _is_ours(process)]


def _is_ours(process: int) -> bool:
    command = command_of(process)
    return any(name in command for name in OURS)


def _end(process: int) -> None:
    if not _is_ours(process):
        return
    os.kill(process, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE
    while _is_ours(process):
        if time.monotonic() > deadline:
            os.kill(process, signal.SIGKILL)
        time.sleep(PAUSE)
