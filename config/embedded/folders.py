"""Where the embedded servers keep their files, and as whom they run."""

import hashlib
import os
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parent.parent.parent
UNPRIVILEGED = 65534  # the user `nobody`; PostgreSQL refuses to run as root
SOCKET_PATH_LIMIT = 103  # bytes; Linux allows 107, macOS 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"


class ServerTrouble(Exception):
    """An embedded server cannot be had; the text says why and what to do."""


def data_folder() -> Path:
    """The folder that this checkout's servers share: PLUMBLINE_DATA, or one that their user can reach."""
    folder = _chosen_folder()
    prepare_folder(folder)
    return folder


def prepare_folder(folder: Path) -> None:
    """Make the folder and its parts, and see to it that the servers' user reaches them."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in (folder / "logs", socket_folder(folder)):
            part.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ServerTrouble(
            f"{folder} cannot be used ({error.strerror}). Name another folder in PLUMBLINE_DATA."
        ) from error
    if os.geteuid() == 0:
        _open_to_unprivileged(folder)
    elif socket_folder(folder).stat().st_uid != os.geteuid():
        raise ServerTrouble(
            f"{socket_folder(folder)} belongs to someone else. Name another folder in PLUMBLINE_DATA."
        )


def socket_folder(folder: Path) -> Path:
    """The private folder of the sockets: inside, unless the path would be too long for a socket."""
    inside = folder / "run"
    if len(os.fsencode(inside / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
        return inside
    return Path(tempfile.gettempdir()) / f"plumbline-{os.geteuid()}-{_digest(folder)}"


def unprivileged() -> dict[str, Any]:
    """Arguments for subprocess that shed root; none for an ordinary user."""
    if os.geteuid() != 0:
        return {}
    return {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []}


def reachable(path: Path) -> bool:
    """The servers' user can read the file or enter the folder."""
    test = "-x" if path.is_dir() else "-r"
    return subprocess.run(["test", test, path], check=False, cwd="/", **unprivileged()).returncode == 0


def wheel_folder(package: str) -> Path | None:
    """The folder that an installed package lies in; the package itself is not imported."""
    spec = find_spec(package)
    return Path(spec.origin).parent.parent if spec and spec.origin else None


def _chosen_folder() -> Path:
    if chosen := os.environ.get("PLUMBLINE_DATA"):
        return Path(chosen).expanduser().resolve()
    if os.geteuid() == 0:
        return Path("/var/lib/plumbline") / _digest(CHECKOUT)
    return CHECKOUT / ".local"


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _open_to_unprivileged(folder: Path) -> None:
    folder.chmod(0o755)
    for part in (folder / "logs", socket_folder(folder)):
        os.chown(part, UNPRIVILEGED, UNPRIVILEGED)
    if not reachable(folder):
        raise ServerTrouble(
            f"PostgreSQL does not run as root, and the user it runs as cannot enter {folder}. "
            "Name a folder outside private ones in PLUMBLINE_DATA, such as /var/lib/plumbline/mine."
        )
