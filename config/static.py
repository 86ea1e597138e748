"""Static files: collected, hashed and compressed once for each state of their sources."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCES = (
    "static",
    "node_modules/.vendor",
    "requirements.lock",
)  # the lock stands for the packages' own files


class StaticTrouble(Exception):
    """The static files could not be collected."""


def collect_static(target: Path) -> None:
    """Have the static files of now in `target`, which several processes may share."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / ".collected").open("a+") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        mark.seek(0)
        state = _state()
        if mark.read() == state:
            return
        _collect(target)
        mark.truncate(0)
        mark.write(state)


def _collect(target: Path) -> None:
    command = [sys.executable, str(CHECKOUT / "manage.py"), "collectstatic", "--no-input", "--verbosity", "0"]
    if subprocess.run(command, check=False, env=os.environ | {"STATIC_ROOT": str(target)}).returncode:
        raise StaticTrouble("The static files could not be collected; the reason stands above.")


def _state() -> str:
    lines = "\n".join(f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in _files())
    return hashlib.sha256(lines.encode()).hexdigest()


def _files() -> Iterator[Path]:
    for source in SOURCES:
        path = CHECKOUT / source
        yield from [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
