"""One run at a time, in a data folder and on a server's database: the one door for filelock.

The system frees the lock of a killed run, the server that of one whose connection ends.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from sqlalchemy import Connection, text

from tracker.errors import StoreLocked, StoreUnusable
from tracker.store.addresses import parse_address
from tracker.store.advisory import PUBLISHING, RUNNING, SENDING, TURNS, WORKER, find_holder, this_process
from tracker.store.engine import connected

_LOG = logging.getLogger(__name__)
_WAIT_FOR_JOBS = "600s"


class FolderLock:
    """A lock file in the data folder that names the process that holds it; `name` tells what for."""

    def __init__(self, folder: Path, name: str = "run") -> None:
        self._folder = folder
        self._name = name

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the folder, or say who does.

        Raises:
            StoreLocked: another run holds it.
            StoreUnusable: the folder cannot be made or written.
        """
        lock_path, owner_path = self._folder / f"{self._name}.lock", self._folder / f"{self._name}.pid"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = FileLock(lock_path, timeout=0)
            lock.acquire()
        except Timeout as exc:
            owner = owner_path.read_text().strip() if owner_path.exists() else "unknown"
            raise StoreLocked(f"{self._folder} (process {owner}); wait for it to end, or stop it") from exc
        except OSError as exc:
            raise StoreUnusable(f"{self._folder}: {exc.strerror or exc}") from exc
        try:
            owner_path.write_text(f"{os.getpid()}\n")
            yield
        finally:
            owner_path.unlink(missing_ok=True)
            lock.release()


class RunLock:
    """The data folder's lock and, where the database is on a server, one there: two machines that share a database
    have each a data folder of its own."""

    _name, _key = "run", RUNNING

    def __init__(self, folder: Path, address: str) -> None:
        self._folder = FolderLock(folder, self._name)
        self._address = address

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold both, or say who does.

        Raises:
            StoreLocked: another run holds one of them.
            StoreUnusable: the folder or the database cannot be used.
        """
        with self._folder.hold(), hold_database(self._address, self._key):
            yield


class SendLock(RunLock):
    """The same for who sends digests: runs go on meanwhile, a second sender does not."""

    _name, _key = "deliver", SENDING


class PublishLock(RunLock):
    """The same for the worker that makes the site: other jobs go on meanwhile, a second one that does not."""

    _name, _key = "publish", PUBLISHING


def hold_turns(address: str) -> AbstractContextManager[None]:
    """Be the one scheduler that looks for what is due.

    Raises:
        StoreLocked: another does so now.
    """
    return hold_database(address, TURNS)


@contextmanager
def hold_database(address: str, key: int = RUNNING) -> Iterator[None]:
    """Hold a server's database over a connection of its own, in no transaction; a file is held by its folder alone.

    Raises:
        StoreLocked: another run holds it; says which process on which machine.
        StoreUnusable: there is no way to it.
    """
    if parse_address(address).get_backend_name() == "sqlite":
        yield
        return
    with connected(address) as (engine, where):
        by_itself = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with by_itself as connection:
            name = f"tracker {this_process()}"[:63]
            connection.execute(text("SELECT set_config('application_name', :name, false)"), {"name": name})
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar():
                _wait_for_workers(connection, key, where)
            try:
                yield
            finally:
                connection.invalidate()  # closed and not kept, so that the lock goes with it


def _wait_for_workers(connection: Connection, key: int, where: str) -> None:
    """Get the lock once the jobs that workers have in flight are done; until then they begin no others.

    Raises:
        StoreLocked: it is held by something else than a worker.
    """
    holder = find_holder(connection, key)
    if not holder.startswith(WORKER):
        raise StoreLocked(f"{where} ({holder}); wait for it to end, or stop it")
    _LOG.warning("waiting for what workers have in flight (%s)", holder)
    connection.execute(text("SELECT set_config('lock_timeout', :wait, false)"), {"wait": _WAIT_FOR_JOBS})
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
