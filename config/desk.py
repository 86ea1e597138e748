"""The commands of `./plumbline` that need the project's own Python."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from config import embedded, processes
from config.checks import failed_checks
from config.env import BadSetting
from config.runs import AlreadyRunning, RunRecord
from config.static import StaticTrouble, collect_static

ACCOUNTS = {"rep": "plumbline-rep", "manager": "plumbline-manager", "admin": "plumbline-admin"}
MOST_PORTS = 65_535
TROUBLES = (embedded.ServerTrouble, processes.RunTrouble, AlreadyRunning, StaticTrouble, BadSetting)


def run(arguments: list[str]) -> None:
    """Start everything, say where it is, and end everything on Ctrl-C."""
    parser = argparse.ArgumentParser("./plumbline run")
    parser.add_argument("--port", type=port_number, default=8123)
    parser.add_argument("--empty", action="store_true", help="start without demo data")
    options = parser.parse_args(arguments)
    folder = embedded.data_folder()
    with RunRecord(folder) as record:
        processes.refuse_taken_port(options.port)
        embedded.provide_servers(os.environ)
        os.environ.setdefault("PUBLIC_URL", address_of(options.port))
        prepare(empty=options.empty)
        with processes.running(options.port, folder) as children:
            record.note(child.process.pid for child in children)
            processes.wait_until_ready(options.port, children)
            greet(options.port, folder)
            processes.watch(children)


def port_number(text: str) -> int:
    """A port that one may ask for; argparse says what is wrong with another."""
    port = int(text) if text.isascii() and text.isdecimal() else 0
    if not 1 <= port <= MOST_PORTS:
        raise argparse.ArgumentTypeError(f"“{text}” is no port. Choose a number from 1024 to {MOST_PORTS}.")
    return port


def prepare(*, empty: bool) -> None:
    """Bring database and static files up to date."""
    command = [sys.executable, "-m", "config.database", *(["--empty"] if empty else [])]
    if subprocess.run(command, check=False).returncode:
        raise processes.RunTrouble("The database could not be prepared; the reason stands above.")
    collect_static(Path(os.environ["STATIC_ROOT"]))


def address_of(port: int) -> str:
    """Where people on this machine reach the program."""
    return f"http://localhost:{port}"


def greet(port: int, folder: Path) -> None:
    """Say where the program is and who may sign in."""
    print(f"\nPlumbline runs at {address_of(port)}\n")
    for name, password in ACCOUNTS.items():
        print(f"  {name:<8} {password}")
    print(f"\nLogs: {folder / 'logs'}\nCtrl-C stops everything.", flush=True)


def test(arguments: list[str]) -> None:
    """Run pytest on servers of its own."""
    with_own_servers("pytest", *arguments)


def bench(arguments: list[str]) -> None:
    """Measure, on servers of its own."""
    with_own_servers("benchmarks", *arguments)


def screenshots(arguments: list[str]) -> None:
    """Write a picture of every page, from a program of its own."""
    with_own_servers("tests.screenshots", *arguments)


def with_own_servers(module: str, *arguments: str) -> None:
    """Run a module to its end on a temporary pair of servers, and end as it does."""
    static = embedded.data_folder() / "static"  # kept from run to run: compressing it takes seconds
    with embedded.temporary_servers(os.environ):
        os.environ["STATIC_ROOT"] = str(static)
        collect_static(static)
        child = subprocess.Popen([sys.executable, "-m", module, *arguments])
        try:
            code = child.wait()
        except KeyboardInterrupt:  # the child got it as well and cleans up
            code = child.wait()
    sys.exit(code)


def check(arguments: list[str]) -> None:
    """Run every check that needs no test, and name those that failed."""
    with embedded.temporary_servers(os.environ):
        failed = failed_checks()
    sys.exit(f"Failed: {', '.join(failed)}." if failed else 0)


def stop(arguments: list[str]) -> None:
    """End the run of this checkout, if any, and its servers."""
    ended = RunRecord(embedded.data_folder()).end() + embedded.stop_servers()
    print(f"Stopped: {', '.join(ended)}." if ended else "Nothing was running.")


COMMANDS: dict[str, Callable[[list[str]], None]] = {
    command.__name__: command for command in (run, test, check, bench, screenshots, stop)
}


def _end_in_order(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run the command; troubles end as a sentence."""
    for asked in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(asked, _end_in_order)  # SIGINT too: a shell has its background jobs ignore it
    name, *arguments = sys.argv[1:]
    try:
        COMMANDS[name](arguments)
    except KeyboardInterrupt:
        sys.exit(0 if name == "run" else 130)
    except TROUBLES as trouble:
        sys.exit(str(trouble))


if __name__ == "__main__":
    main()
