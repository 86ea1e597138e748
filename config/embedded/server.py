"""One server process: started, waited for, found again by its pid file, and ended."""

import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path

from config.embedded.folders import ServerTrouble, unprivileged

PATIENCE = 60  # seconds until a start or a stop counts as failed
PAUSE = 0.05  # seconds between two looks


class Server(ABC):
    """A server that lives in a data folder and outlasts the process that started it."""

    name: str
    program: str
    stop_signal = signal.SIGTERM
    passing_obstacle = ""  # what the log says when a start fails for a reason that goes away by itself

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "logs" / f"{self.program}.log"

    @property
    @abstractmethod
    def addresses(self) -> dict[str, str]:
        """The server's addresses by environment variable, the decisive one first."""

    @abstractmethod
    def answers(self) -> bool:
        """The server accepts a connection and can work."""

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Where the server notes its process."""

    @abstractmethod
    def command(self) -> list[str]:
        """What starts the server."""

    def remains(self) -> list[Path]:
        """The files that keep a new server from starting after the old one died without warning."""
        return [self.pid_file]

    def prepare(self) -> None:  # noqa: B027  most servers need nothing
        """Make whatever must exist before the first start."""

    def start(self) -> None:
        """Have the server running; what a crash left behind is cleared away first."""
        if self.answers():
            return
        self.clear_remains()
        self.prepare()
        deadline = time.monotonic() + PATIENCE
        while not self._comes_up(deadline):
            said = self.log.read_text(errors="replace").strip().splitlines()[-5:] or ["it said nothing."]
            if not self._may_try_again("\n".join(said)) or time.monotonic() > deadline:
                raise ServerTrouble(f"{self.name} does not start: {said[-1]} The whole log: {self.log}")
            time.sleep(PAUSE)

    def clear_remains(self) -> None:
        """Forget a dead server's pid file, and end a living one that does not answer."""
        if not self.pid_file.exists():
            return
        if self.stop(signal.SIGQUIT):
            print(f"{self.name} ran but did not answer; it was ended and starts anew.", file=sys.stderr)
            return
        print(f"{self.name} ended without warning last time; its files are recovered.", file=sys.stderr)
        for file in self.remains():
            file.unlink(missing_ok=True)

    def stop(self, how: signal.Signals | None = None) -> bool:
        """End the server and wait for it; False when it does not run."""
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, how or self.stop_signal)
        deadline = time.monotonic() + PATIENCE
        while self.program in command_of(pid):
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)
            time.sleep(PAUSE)
        return True

    def pid(self) -> int | None:
        """The living server's process, or None."""
        try:
            pid = int(self.pid_file.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self.program in command_of(pid) else None

    def _comes_up(self, deadline: float) -> bool:
        process = self._spawn()
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                return False
            time.sleep(PAUSE)
        process.returncode = 0  # it shall outlive us, and Python would warn of that
        return True

    def _spawn(self) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is for us, and we end the server
                cwd="/",
                **unprivileged(),
            )

    def _may_try_again(self, said: str) -> bool:
        return bool(self.passing_obstacle) and self.passing_obstacle in said


def command_of(pid: int) -> str:
    """What the process runs; empty when there is none, or when it is dead and only waited for."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    listing = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(listing, check=False, capture_output=True, text=True).stdout
