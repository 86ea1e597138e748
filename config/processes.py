"""`./plumbline run`: web server, workers and beat as children that live and end together."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

START_PATIENCE = 120  # seconds until the web server must answer
STOP_PATIENCE = 15  # seconds until a child must have ended
PAUSE = 0.2  # seconds between two looks
WEB = [
    "gunicorn",
    "config.wsgi",
    "--worker-class=gthread",
    "--workers=2",
    "--threads=4",
    "--no-control-socket",
]
WORKER = ["celery", "--app=config", "worker", "--concurrency=2", "--without-gossip", "--without-mingle"]
ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # many per worker make small fitted models a hundred times slower


class RunTrouble(Exception):
    """The program cannot run, or cannot go on; the text says why and what to do."""


@dataclass
class Child:
    """One process of the program, with its log."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def refuse_taken_port(port: int) -> None:
    """Say so when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise RunTrouble(
                f"Port {port} is in use. Choose another: ./plumbline run --port {port + 1} "
                "(if it is an earlier run of this checkout: ./plumbline stop)"
            ) from None


def commands(port: int, folder: Path) -> dict[str, list[str]]:
    """What runs, by name; a full rescore in `bulk` must not delay a rep's activity in `default`."""
    return {
        "web": [*WEB, "--bind", f"127.0.0.1:{port}"],
        "default": [*WORKER, "--queues=default", "--hostname=default@%h"],
        "bulk": [*WORKER, "--queues=bulk", "--hostname=bulk@%h"],
        "beat": ["celery", "--app=config", "beat", f"--schedule={folder / 'beat'}", "--pidfile="],
    }


@contextmanager
def running(port: int, folder: Path) -> Iterator[list[Child]]:
    """Every process, each with its own log; all of them end with the block, in whatever way it is left."""
    children: list[Child] = []
    try:
        for name, command in commands(port, folder).items():
            children.append(start(name, command, folder / "logs"))
        yield children
    finally:
        for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(again, signal.SIG_IGN)  # an impatient second one would leave processes behind
        print("Stopping …", flush=True)
        stop_all(children)


def start(name: str, command: list[str], logs: Path) -> Child:
    """Start one process; Ctrl-C in the terminal reaches us alone, and we end the children in order."""
    log = logs / f"{name}.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            env=os.environ | ONE_THREAD,
        )
    return Child(name, process, log)


def wait_until_ready(port: int, children: list[Child]) -> None:
    """Return when the program answers that it can work."""
    deadline = time.monotonic() + START_PATIENCE
    while not _answers(port):
        refuse_dead(children)
        if time.monotonic() > deadline:
            raise RunTrouble(f"The web server does not answer. Its log: {children[0].log}")
        time.sleep(PAUSE)


def watch(children: list[Child]) -> None:
    """Return never; raise when a child has ended."""
    while True:
        refuse_dead(children)
        time.sleep(PAUSE)


def refuse_dead(children: list[Child]) -> None:
    """Say which process ended, and where to read why."""
    for child in children:
        if (code := child.process.poll()) is not None:
            raise RunTrouble(
                f"The process {child.name} ended unexpectedly ({_ending(code)}), so everything was stopped. "
                f"Its log: {child.log}. Start again with ./plumbline run"
            )


def stop_all(children: list[Child]) -> None:
    """Ask every child to end, wait, and kill the deaf ones with all they started."""
    for child in children:
        child.process.terminate()
    deadline = time.monotonic() + STOP_PATIENCE
    for child in children:
        try:
            child.process.wait(max(0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:  # a task that is cut off is acknowledged late and comes back
            os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _ending(code: int) -> str:
    return f"exit {code}" if code >= 0 else signal.Signals(-code).name
