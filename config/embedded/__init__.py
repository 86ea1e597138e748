"""The real PostgreSQL and Redis that come as wheels: found or started, shared, ended by the last one out."""

import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager, suppress
from pathlib import Path

from config.embedded.folders import ServerTrouble, data_folder, prepare_folder
from config.embedded.locks import Users, only_one
from config.embedded.postgres import Postgres
from config.embedded.valkey import Valkey

__all__ = [
    "ServerTrouble",
    "data_folder",
    "development",
    "provide_servers",
    "stop_servers",
    "temporary_servers",
]


def provide_servers(environ: MutableMapping[str, str]) -> None:
    """Start what `environ` has no address for, unless it runs already, and write the addresses into it."""
    folder = data_folder()
    with only_one(folder):
        users = Users(folder)
        users.enter()
        _start(folder, environ)
    atexit.register(_leave, folder, users, os.getpid())


def stop_servers() -> list[str]:
    """End the servers, whoever uses them, and name those that ran."""
    folder = data_folder()
    with only_one(folder):
        return [server.name for server in (Postgres(folder), Valkey(folder)) if server.stop()]


@contextmanager
def temporary_servers(environ: MutableMapping[str, str]) -> Iterator[Path]:
    """A pair of servers of one's own in a temporary folder, careless of power cuts; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="plumbline-"))
    servers = Postgres(folder, durable=False), Valkey(folder)
    try:
        prepare_folder(folder)
        for server in servers:
            server.start()
            environ.update(server.addresses)
        environ.update(development(folder))
        yield folder
    finally:
        for server in servers:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def development(folder: Path) -> dict[str, str]:
    """The settings of a workplace: plain HTTP on this machine, mail on the console, a secret of its own."""
    return {
        "SECRET_KEY": _secret_key(folder / "secret_key"),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "PLAIN_HTTP": "true",
        "EMAIL_URL": "console://",
        "LOG_STYLE": "console",
        "STATIC_ROOT": str(folder / "static"),
    }


def _start(folder: Path, environ: MutableMapping[str, str]) -> None:
    for server in (Postgres(folder), Valkey(folder)):
        if not environ.get(next(iter(server.addresses))):
            server.start()
            environ.update(server.addresses)
    for name, value in development(folder).items():
        environ.setdefault(name, value)


def _leave(folder: Path, users: Users, process: int) -> None:
    if os.getpid() != process:  # a fork inherits the exit handler, not the right to end the servers
        return
    with only_one(folder):
        if users.leave():
            Postgres(folder).stop()
            Valkey(folder).stop()


def _secret_key(path: Path) -> str:
    with suppress(FileExistsError), open(path, "x", opener=_private) as file:
        file.write(secrets.token_urlsafe(64))
    return path.read_text()


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
