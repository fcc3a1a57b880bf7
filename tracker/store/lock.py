"""One run at a time in a data folder: the one door for filelock. The system frees the lock of a killed run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from tracker.errors import StoreLocked, StoreUnusable


class FolderLock:
    """A lock file in the data folder that names the process that holds it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the folder, or say who does.

        Raises:
            StoreLocked: another run holds it.
            StoreUnusable: the folder cannot be made or written.
        """
        lock_path, owner_path = self._folder / "run.lock", self._folder / "run.pid"
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
