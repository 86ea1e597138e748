"""Who uses the servers: one at a time starts or ends them, and the last one out is known."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's mutex: nobody else starts or ends servers meanwhile."""
    with (folder / "mutex.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


class Users:
    """The processes that use the servers, each holding a shared lock that dies with it, however it dies."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "users.lock").open("w")

    def enter(self) -> None:
        """Be counted as a user; only while holding the mutex."""
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Be counted no more, and tell whether that was the last one; only while holding the mutex."""
        fcntl.flock(self._file, fcntl.LOCK_UN)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        finally:
            self._file.close()
        return True
