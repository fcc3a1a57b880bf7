"""What the store's transactions cost: who writes is alone in writing, so the length of these bounds a whole fleet.

Each kind of transaction is done many times over on SQLite and on a real PostgreSQL. Counted are the seconds of the
processor between taking the lock and its end, the program's and the server's; the statements, each a way there and
back; and the log that the server writes. Ways and disks are not timed: they are those of whoever runs it, and
`Transaction.held_s` takes them in.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from sqlalchemy import event, text
from sqlmodel import Session

from benchmarks.reconcile_growth import Prepared, put
from benchmarks.reconcile_world import World, entities
from benchmarks.scale_run import cpu_s, pid_of
from benchmarks.scale_stories import stories
from tracker.pipeline.reconcile import reconcile
from tracker.ports import Attempt, Reading, UnreadPage, Visit
from tracker.reconcile.change import Change
from tracker.store import SqlStore, open_store
from tracker.types import ArchiveRef, Candidate, Extraction, Outcome, PageContent, Response

_AT = datetime(2026, 6, 1, tzinfo=UTC)
_BATCH = 32
_VISITS = 64
_LISTED = 30
"""Entries of a feed."""
_PARTS = ("program_ms", "server_ms", "statements", "log_kb")
_DAYS_BEFORE = 20
"""Days of news that are there when reconciling is measured."""


@dataclass(frozen=True)
class Transaction:
    """One transaction of a kind, all in milliseconds of the processor within the writer's lock."""

    items: int
    program_ms: float
    server_ms: float
    statements: float
    log_kb: float

    def held_s(self, way_s: float, sync_s: float) -> float:
        """How long it holds the lock, with ways there and back of so long and a disk that syncs in so long."""
        return (self.program_ms + self.server_ms) / 1e3 + (self.statements + 1) * way_s + sync_s


class Holding(SqlStore):
    """A store that counts what it does while it is alone in writing."""

    transactions = 0
    statements = 0
    program_s = server_s = 0.0
    is_writing = False
    server: int | None = None

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with super()._writing() as session:
            before = cpu_s(self.server)
            self.is_writing, started = True, time.process_time()
            yield session
        self.is_writing = False
        self.program_s += time.process_time() - started
        self.server_s += cpu_s(self.server) - before
        self.transactions += 1

    def begin(self) -> None:
        """Count from nothing."""
        self.transactions, self.statements, self.program_s, self.server_s = 0, 0, 0.0, 0.0

    def watch(self) -> None:
        """Count statements from now on."""
        event.listen(self._engine, "before_cursor_execute", self._note)

    def _note(self, *_: object) -> None:
        self.statements += self.is_writing

    def written_bytes(self) -> int:
        """Of the server's log so far."""
        if self._engine.dialect.name != "postgresql":
            return 0
        with self._engine.connect() as connection:
            return int(connection.execute(text("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")).scalar_one())


class Writers:
    """Does each kind of transaction on a store, over and over."""

    def __init__(self, store: Holding, times: int) -> None:
        self._store, self._times = store, times
        self._paths = (f"https://paper{n % 50}.example/story-{n:06d}" for n in count())
        self._texts = [story.text for story in stories(200)]

    def measure(self) -> dict[str, Transaction]:
        """Each kind by name, what it is done to in number behind."""
        store = self._store
        visited: list[str] = []
        found = {}
        for size in (1, _VISITS):
            batches = [self._fetched(size) for _ in range(self._turns(size))]
            found[f"visits_{size}"] = self._timed(size, [lambda b=b: store.save_visits(b) for b in batches])
            visited += [visit.attempt.url for batch in batches for visit in batch]
        listed = [[Candidate(url, title="A title of a story") for url in visited[n : n + _LISTED]]
                  for n in range(0, len(visited), _LISTED)]  # fmt: skip
        found["sightings_new"] = self._timed(
            _LISTED, [lambda some=some: store.save_sightings("paper", some, _AT) for some in listed]
        )
        found["sightings_again"] = self._timed(
            _LISTED, [lambda some=some: store.save_sightings("paper", some, _AT) for some in listed]
        )
        unread = list(store.load_unread("read/0"))
        singles, rest = unread[: self._turns(1)], unread[self._turns(1) :]
        found["readings_1"] = self._timed(1, [self._reading([page]) for page in singles])
        parts = [rest[n : n + _BATCH] for n in range(0, len(rest), _BATCH)]
        found[f"readings_{_BATCH}"] = self._timed(_BATCH, [self._reading(part) for part in parts])
        again = [self._again(visited[n : n + _VISITS]) for n in range(0, len(visited), _VISITS)]
        found[f"visits_again_{_VISITS}"] = self._timed(_VISITS, [lambda b=b: store.save_visits(b) for b in again])
        versions = [Extraction(item.id, "irrelevant") for item in store.load_unextracted("x")]
        some = [versions[n : n + _BATCH] for n in range(0, len(versions), _BATCH)]
        found[f"extractions_{_BATCH}"] = self._timed(_BATCH, [lambda s=s: store.save_extractions("x", s) for s in some])
        store.save_change("", Change(), store.load_pending())
        return found

    def _turns(self, size: int) -> int:
        return self._times if size == 1 else max(self._times // 8, 4)

    def _fetched(self, size: int) -> list[Visit]:
        visits = []
        for _ in range(size):
            url = next(self._paths)
            response = Response(url, url, 200, (), url.encode(), _AT, False, ArchiveRef("f.warc.gz", 1, url))
            visits.append(Visit(Attempt("paper", url, _AT, Outcome.NEW, 200, None, is_listing=False), response))
        return visits

    def _again(self, urls: Sequence[str]) -> list[Visit]:
        at = _AT + timedelta(hours=6)
        return [
            Visit(
                Attempt("paper", url, at, Outcome.UNCHANGED, 304, None, is_listing=False),
                Response(url, url, 304, (), b"", at, True),
            )
            for url in urls
        ]

    def _reading(self, pages: Sequence[UnreadPage]) -> Callable[[], object]:
        read = [
            (page, Reading(page.state.url, "paper", "Paper", "news", "Title", None, "en", PageContent(words)))
            for page, words in zip(pages, self._texts, strict=False)
        ]
        return lambda: self._store.save_readings("read/0", read)

    def _timed(self, items: int, turns: Sequence[Callable[[], object]]) -> Transaction:
        store = self._store
        store.begin()
        log = store.written_bytes()
        for turn in turns:
            turn()
        done = store.transactions
        return Transaction(
            items,
            store.program_s / done * 1e3,
            store.server_s / done * 1e3,
            store.statements / done,
            (store.written_bytes() - log) / done / 1e3,
        )

    def measure_reconciling(self) -> Transaction:
        """Keeping what came of a day of 25 documents on the matter."""
        days = World().days()
        for _ in range(_DAYS_BEFORE):
            put(self._store, next(days))
        reconcile(self._store, Prepared(), entities())
        some = [next(days) for _ in range(max(self._times // 20, 3))]
        taken: list[Transaction] = []
        for day in some:
            put(self._store, day)
            taken.append(self._timed(25, [lambda: reconcile(self._store, Prepared(), entities())]))
        mean = [sum(getattr(item, name) for item in taken) / len(taken) for name in _PARTS]
        return Transaction(25, *mean)


@contextmanager
def opened(kind: str) -> Iterator[tuple[Holding, str]]:
    """An empty store of a kind, and its address."""
    with ExitStack() as opening:
        if kind == "sqlite":
            folder = opening.enter_context(tempfile.TemporaryDirectory())
            address, process = f"sqlite:///{Path(folder) / 'tracker.db'}", None
        else:
            from tests.postgres import running_server

            server = opening.enter_context(running_server("autovacuum=on", "full_page_writes=on"))
            address, process = opening.enter_context(server.database()), pid_of(server.folder)
        store = Holding(opening.enter_context(open_store(address))._engine)
        store.server = process
        store.watch()
        yield store, address
