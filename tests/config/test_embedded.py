"""The embedded servers: started on first use, shared, found after a crash, ended by the last one out."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.embedded import ServerTrouble, postgres, temporary_servers
from config.embedded.folders import SOCKET_PATH_LIMIT, data_folder, socket_folder
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

CHECKOUT = Path(__file__).parents[2]
USE_SERVERS = """
import os, sys
from config import embedded
embedded.provide_servers(os.environ)
print("ready", os.environ["DATABASE_URL"], flush=True)
sys.stdin.read()
"""
STOP_SERVERS = "from config import embedded; print(embedded.stop_servers())"
SERVER_SETTINGS = ("DATABASE_URL", "REDIS_URL", "CACHE_URL", "SECRET_KEY", "STATIC_ROOT")


class Users:
    """Processes that use the servers of one folder until they are told to go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def enter(self) -> subprocess.Popen[str]:
        user = self.python(USE_SERVERS)
        assert user.stdout is not None
        assert user.stdout.readline().startswith("ready"), user.communicate()
        return user

    def leave(self, user: subprocess.Popen[str]) -> str:
        _, complaints = user.communicate()
        return complaints

    def python(self, program: str) -> subprocess.Popen[str]:
        environ = {name: value for name, value in os.environ.items() if name not in SERVER_SETTINGS}
        pipe = subprocess.PIPE
        user = subprocess.Popen(
            [sys.executable, "-c", program],
            cwd=CHECKOUT,
            env=environ | {"PLUMBLINE_DATA": str(self.folder)},
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            text=True,
        )
        self.started.append(user)
        return user

    def are_served(self) -> tuple[bool, bool]:
        return Postgres(self.folder).answers(), Valkey(self.folder).answers()


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="plumbline-test-"))  # pytest's own are closed to the servers' user
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def users(folder: Path) -> Iterator[Users]:
    users = Users(folder)
    yield users
    for user in users.started:
        user.kill()
        user.communicate()
    for server in (Postgres(folder), Valkey(folder)):
        server.stop()


def test_two_users_share_the_servers_and_the_last_one_out_ends_them(users: Users) -> None:
    first, second = users.enter(), users.enter()
    users.leave(first)
    assert users.are_served() == (True, True)
    users.leave(second)
    assert users.are_served() == (False, False)


def test_servers_whose_users_were_killed_are_found_again(users: Users) -> None:
    users.enter().kill()
    assert users.are_served() == (True, True)
    assert users.leave(users.enter()) == ""
    assert users.are_served() == (False, False)


def test_servers_that_were_killed_themselves_are_recovered_with_a_sentence(users: Users) -> None:
    user = users.enter()
    for server in (Postgres(users.folder), Valkey(users.folder)):
        os.kill(server.pid() or 0, signal.SIGKILL)
    user.kill()
    complaints = users.leave(users.enter())
    assert "PostgreSQL ended without warning last time; its files are recovered." in complaints


def test_a_pid_file_with_the_number_of_a_stranger_is_no_obstacle(users: Users) -> None:
    pid_file = Postgres(users.folder).pid_file
    users.leave(users.enter())
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    shutil.chown(pid_file, *[pid_file.parent.stat().st_uid] * 2)
    assert "PostgreSQL ended without warning" in users.leave(users.enter())


def test_stop_ends_the_servers_whoever_uses_them(users: Users) -> None:
    users.enter()
    assert users.python(STOP_SERVERS).communicate()[0].strip() == "['PostgreSQL', 'Valkey']"
    assert users.are_served() == (False, False)
    assert users.python(STOP_SERVERS).communicate()[0].strip() == "[]"


def test_data_of_another_major_version_is_refused_with_a_way_out(users: Users) -> None:
    users.leave(users.enter())
    version = users.folder / "postgres" / "PG_VERSION"
    ours = version.read_text()
    version.write_text("12\n")
    with pytest.raises(ServerTrouble, match="is of PostgreSQL 12"):
        Postgres(users.folder).start()
    version.write_text(ours)


def test_a_server_that_cannot_start_says_why_and_where_to_read_more(users: Users) -> None:
    users.leave(users.enter())
    broken = Postgres(users.folder)
    broken.settings = {**broken.settings, "shared_buffers": "nonsense"}
    with pytest.raises(ServerTrouble, match=r"PostgreSQL does not start: .*postgres\.log"):
        broken.start()


def test_temporary_servers_leave_nothing_behind() -> None:
    environ: dict[str, str] = {}
    with temporary_servers(environ) as folder:
        assert environ["DATABASE_URL"].startswith("postgresql://")
        assert len(environ["SECRET_KEY"]) >= 50
    assert not folder.exists()


def test_sockets_move_out_of_a_folder_whose_path_is_too_long(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90)
    assert len(str(socket_folder(deep) / ".s.PGSQL.5432")) <= SOCKET_PATH_LIMIT
    assert socket_folder(Path("/srv/plumbline")) == Path("/srv/plumbline/run")


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user's servers run as himself")
def test_root_is_told_when_the_servers_cannot_reach_the_folder(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PLUMBLINE_DATA", str(tmp_path))
    with pytest.raises(ServerTrouble, match="PLUMBLINE_DATA"):
        data_folder()


def test_a_folder_that_cannot_be_made_is_refused_with_its_reason(tmp_path: Path, monkeypatch) -> None:
    occupied = tmp_path / "file"
    occupied.touch()
    monkeypatch.setenv("PLUMBLINE_DATA", str(occupied))
    with pytest.raises(ServerTrouble, match="cannot be used"):
        data_folder()


@pytest.mark.parametrize(
    ("machine", "container", "expected"),
    [
        (24_576, None, ("6144MB", "64MB")),
        (24_576, "max", ("6144MB", "64MB")),
        (24_576, str(2 * 1024**3), ("512MB", "32MB")),
        (256, None, ("128MB", "32MB")),
        (1_048_576, None, ("8192MB", "128MB")),
    ],
)
def test_postgresql_gets_its_share_of_the_memory(monkeypatch, tmp_path, machine, container, expected):
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": machine * 256}
    monkeypatch.setattr(postgres.os, "sysconf", pages.get)
    monkeypatch.setattr(postgres, "LIMIT", tmp_path / "memory.max")
    if container:
        (tmp_path / "memory.max").write_text(f"{container}\n")
    assert postgres.sizes() == dict(zip(("shared_buffers", "work_mem"), expected, strict=True))
