"""The published database as it stands at one time, held open: an edition. A newer file makes a newer edition.

`tracker publish` swaps whole folders, so a file is never changed in place. Whoever has begun with an edition ends with
it: it is closed once nobody uses it any more.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tracker.errors import TrackerError, UnreadableInput
from tracker.query import Limits, Published, open_published
from tracker.render.database import load_schema

_LOG = logging.getLogger(__name__)
_LOOKS = 20
_BETWEEN_LOOKS_S = 0.05
"""For a second in all: swapping two folders leaves neither in its place for a moment."""

Identity = tuple[int, int, int, int]
"""Device, inode, size and modification time (ns) of a file: another file has another."""


class EditionBusy(TrackerError):
    """Every connection to the database is in use."""


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself."""

    facts: Mapping[str, str]
    """The rows of `about` by name: built_on, content_sha256, schema_version, site_url ..."""
    counts: Mapping[str, int]
    """How many rows each table and view has."""


class Edition:
    """One published database with connections for several threads."""

    def __init__(self, path: Path, identity: Identity, connections: int) -> None:
        """Open it.

        Raises:
            UnreadableInput: see `open_published` and `check_shape`.
        """
        self.path = path
        self.identity = identity
        self._free: queue.LifoQueue[Published] = queue.LifoQueue()
        self._stack = ExitStack()
        with ExitStack() as opened:
            for _ in range(connections):
                self._free.put(opened.enter_context(open_published(path)))
            self._stack = opened.pop_all()
        with self.lend() as database:
            check_shape(database, path)
            facts = database.ask("SELECT name, value FROM about").rows
            counts = database.ask("SELECT name, row_count FROM tables", limits=Limits(rows=10_000)).rows
        self.about = About(dict(facts), dict(counts))

    @property
    def digest(self) -> str:
        """SHA-256 of what the tables say: equal for equal data."""
        return self.about.facts["content_sha256"]

    @contextmanager
    def lend(self, wait_s: float = 5.0) -> Iterator[Published]:
        """A connection that nobody else has meanwhile.

        Raises:
            EditionBusy: none came free in time.
        """
        try:
            database = self._free.get(timeout=wait_s)
        except queue.Empty:
            raise EditionBusy(f"none came free within {wait_s:g} s") from None
        try:
            yield database
        finally:
            self._free.put(database)

    def on_close(self, then: Callable[[], None]) -> None:
        """Call `then` when it is closed: for whoever has opened the same file besides."""
        self._stack.callback(then)

    def close(self) -> None:
        """Let go of the file; nobody may use it any more."""
        self._stack.close()


class Editions:
    """The newest edition of the file at one path.

    Who uses it may also come upon one that became the newest meanwhile (Datasette looks its database up again and
    again). So an edition that a newer one has replaced is closed once everybody is done who began before that.
    """

    def __init__(self, path: Path, connections: int = 8) -> None:
        self.path = path
        self.trouble: str | None = None
        """Why the file that is there now is not the one that is held; None where it is."""
        self._connections = connections
        self._lock = threading.Lock()
        self._current: Edition | None = None
        self._begun = 0
        self._in_use: set[int] = set()
        """Numbers of those who use an edition now."""
        self._replaced: list[tuple[int, Edition]] = []
        """With the number of the last who may have come upon it."""
        self._followers: list[Callable[[Edition], None]] = []

    def follow(self, take: Callable[[Edition], None]) -> None:
        """Call `take` with each new edition before anybody is given it, and with the present one now."""
        self._followers.append(take)
        if self._current is not None:
            take(self._current)

    @contextmanager
    def use(self) -> Iterator[Edition]:
        """The newest edition, kept open for as long as this lasts.

        Raises:
            UnreadableInput: there is none.
        """
        with self._lock:
            if self._current is None:
                raise UnreadableInput(self.trouble or "no database has been published: run `tracker publish`")
            edition = self._current
            self._begun += 1
            number = self._begun
            self._in_use.add(number)
        try:
            yield edition
        finally:
            with self._lock:
                self._in_use.remove(number)
            self._close_what_is_done()

    @contextmanager
    def lend(self) -> Iterator[Published]:
        """A connection to the newest edition.

        Raises:
            UnreadableInput: there is none.
            EditionBusy: all connections are in use.
        """
        with self.use() as edition, edition.lend() as database:
            yield database

    def look(self) -> bool:
        """Open what is there now if it is another file than the one that is held; whether it was.

        What cannot be opened leaves the old one in its place and is told in `trouble`.
        """
        held = self._current
        try:
            identity = _identify(self.path)
            if held is not None and identity == held.identity:
                self.trouble = None
                return False
            edition = _open(self.path, self._connections)
            for take in self._followers:
                take(edition)
        except TrackerError as error:
            if self.trouble is None:
                _LOG.warning("%s", error)
            self.trouble = str(error)
            return False
        self._replace(edition)
        self.trouble = None
        return True

    def close(self) -> None:
        """Let go of the file."""
        self._replace(None)

    def _replace(self, newest: Edition | None) -> None:
        with self._lock:
            if self._current is not None:
                self._replaced.append((self._begun, self._current))
            self._current = newest
        self._close_what_is_done()

    def _close_what_is_done(self) -> None:
        with self._lock:
            first = min(self._in_use, default=self._begun + 1)
            done = [edition for last, edition in self._replaced if last < first]
            self._replaced = [(last, edition) for last, edition in self._replaced if last >= first]
        for edition in done:
            edition.close()


def check_shape(database: Published, path: Path) -> None:
    """See that the file has every table and column that is asked for; those beneath the views have no version.

    Raises:
        UnreadableInput: it was made by an older tracker.
    """
    held = database.ask("SELECT table_name, column_name FROM columns", limits=Limits(rows=100_000))
    names = set(held.rows)
    for relation in load_schema().relations:
        for column in relation.columns:
            if (relation.name, column.name) not in names:
                told = f"it has no {relation.name}.{column.name}; `tracker publish` makes it anew"
                raise UnreadableInput(f"{path} was made by an older tracker: {told}")


def _identify(path: Path) -> Identity:
    for _ in range(_LOOKS):
        try:
            found = path.stat()
        except OSError:
            time.sleep(_BETWEEN_LOOKS_S)
        else:
            return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    raise UnreadableInput(f"{path}: there is no published database; `tracker publish` makes one")


def _open(path: Path, connections: int) -> Edition:
    """An edition all of whose connections are to one file: one that was swapped meanwhile is opened again."""
    for _ in range(_LOOKS):
        identity = _identify(path)
        edition = Edition(path, identity, connections)
        if _identify(path) == identity:
            return edition
        edition.close()
    raise UnreadableInput(f"{path} is replaced faster than it can be opened")
