"""`./plumbline run` as a whole: everything starts, answers, and ends together, however it ends."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

CHECKOUT = Path(__file__).parents[2]
GIVEN = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "SECRET_KEY")  # by this test run, for itself
PATIENCE = 60  # seconds


class Program:
    """A program with a data folder and a port of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.said: list[str] = []
        self.started: list[subprocess.Popen[str]] = []

    def start(self) -> subprocess.Popen[str]:
        process = self.desk("run", "--empty", "--port", str(self.port))
        assert process.stdout is not None
        for line in process.stdout:
            self.said.append(line)
            if "Ctrl-C" in line:
                return process
        raise AssertionError("".join(self.said))

    def desk(self, *arguments: str) -> subprocess.Popen[str]:
        environ = {name: value for name, value in os.environ.items() if name not in GIVEN}
        process = subprocess.Popen(
            [sys.executable, "-m", "config.desk", *arguments],
            cwd=CHECKOUT,
            env=environ | {"PLUMBLINE_DATA": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.started.append(process)
        return process

    def status_of(self, path: str) -> int:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return answer.status

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to this program, by the folder in its environment or its command."""
        return [process for process in psutil.process_iter() if self._owns(process)]

    def _owns(self, process: psutil.Process) -> bool:
        try:
            if process.pid == os.getpid() or process.status() == psutil.STATUS_ZOMBIE:
                return False
            named = process.environ().get("PLUMBLINE_DATA") == str(self.folder)
            return named or str(self.folder) in " ".join(process.cmdline())
        except psutil.Error:
            return False

    def is_gone(self) -> bool:
        deadline = time.monotonic() + PATIENCE
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        return not self.processes()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="plumbline-run-"))  # pytest's own are closed to the servers' user
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def program(folder: Path) -> Iterator[Program]:
    program = Program(folder)
    yield program
    for process in program.processes():
        process.kill()
    for started in program.started:
        started.wait(PATIENCE)
        started.stdout.close()


def test_it_names_its_address_and_accounts_serves_pages_and_ends_on_ctrl_c(program: Program) -> None:
    process = program.start()
    said = "".join(program.said)
    assert f"http://localhost:{program.port}" in said
    assert all(name in said for name in ("plumbline-rep", "plumbline-manager", "plumbline-admin"))
    assert program.status_of("/readyz") == 200
    assert program.status_of("/accounts/login/") == 200
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "Stopping …\n")
    assert program.is_gone()


def test_it_ends_as_a_whole_when_one_process_dies_and_says_which(program: Program) -> None:
    process = program.start()
    queue = next(worker for worker in program.processes() if "--queues=bulk" in worker.cmdline())
    queue.kill()
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert "The process bulk ended unexpectedly (SIGKILL), so everything was stopped." in said
    assert program.is_gone()


def test_what_a_killed_run_leaves_behind_is_ended_by_stop(program: Program) -> None:
    process = program.start()
    process.kill()
    process.communicate()
    assert program.processes()
    said, _ = program.desk("stop").communicate(timeout=PATIENCE)
    assert said == "Stopped: web server and workers, PostgreSQL, Valkey.\n"
    assert program.is_gone()
