"""`./plumbline`: what it says, and what it refuses before it starts anything."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from config.processes import Child, RunTrouble, refuse_dead, refuse_taken_port, stop_all
from config.runs import AlreadyRunning, RunRecord

PLUMBLINE = Path(__file__).parents[2] / "plumbline"
SLEEPER = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)", "celery"]
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(60)"


@contextmanager
def one_of_ours() -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like a part of a run."""
    with subprocess.Popen(SLEEPER, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def plumbline(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([PLUMBLINE, *arguments], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("ask", [(), ("help",), ("--help",), ("-h",)])
def test_help_names_every_command(ask) -> None:
    done = plumbline(*ask)
    assert done.returncode == 0
    for command in ("run", "test", "check", "bench", "screenshots", "manage", "stop", "setup"):
        assert f"\n  {command} " in done.stdout


def test_an_unknown_command_is_refused_with_a_way_on() -> None:
    done = plumbline("fly")
    assert (done.returncode, done.stderr) == (1, "There is no command fly. See ./plumbline help\n")


@pytest.mark.parametrize("port", ["0", "65536", "99999", "-1", "eight", "²"])
def test_what_is_no_port_is_refused_with_a_sentence(port) -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "config.desk", "run", f"--port={port}"],
        cwd=PLUMBLINE.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 2
    assert f"“{port}” is no port. Choose a number from 1024 to 65535." in answer.stderr


def test_a_port_in_use_is_refused_with_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(RunTrouble, match=f"Port {port} is in use.*--port {port + 1}"):
            refuse_taken_port(port)


def test_a_child_that_died_is_named_with_its_log(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    process.wait()
    with pytest.raises(RunTrouble, match=r"bulk ended unexpectedly \(exit 3\).*bulk\.log"):
        refuse_dead([Child("bulk", process, tmp_path / "bulk.log")])


def test_a_child_that_does_not_end_is_killed_with_all_it_started(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("config.processes.STOP_PATIENCE", 0.5)
    process = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    stop_all([Child("deaf", process, tmp_path)])
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL


def test_a_second_run_on_the_same_data_is_refused(tmp_path: Path) -> None:
    with one_of_ours() as other:
        (tmp_path / "run.pids").write_text(f"{other.pid}\n")
        with pytest.raises(AlreadyRunning, match=f"process {other.pid}.*plumbline stop"), RunRecord(tmp_path):
            pass


def test_what_a_killed_run_left_behind_is_ended_by_the_next(tmp_path: Path, capsys) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    with one_of_ours() as orphan:
        (tmp_path / "run.pids").write_text(f"{dead.pid}\n{orphan.pid}\n")
        with RunRecord(tmp_path):
            assert "ended without cleaning up" in capsys.readouterr().out
            assert orphan.wait(5) == -signal.SIGTERM
    assert not (tmp_path / "run.pids").exists()


def test_stop_leaves_strangers_with_a_reused_number_alone(tmp_path: Path) -> None:
    (tmp_path / "run.pids").write_text(f"{os.getpid()}\n")
    assert RunRecord(tmp_path).end() == []


def test_stop_ends_the_processes_of_a_run(tmp_path: Path) -> None:
    with one_of_ours() as child:
        (tmp_path / "run.pids").write_text(f"{child.pid}\n")
        assert RunRecord(tmp_path).end() == ["web server and workers"]
        assert child.wait(5) == -signal.SIGTERM
