"""The published database as Datasette asks it: over connections of our own, within limits of our own.

Datasette opens a connection in each of its threads when it is first needed; here all are open from the start, to one
file, and go with the edition. What one answer may hold is limited while its rows come, not when they are all there.
"""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any, TypeVar

from datasette.app import Datasette
from datasette.database import Database
from datasette.utils import sqlite3
from datasette.views.base import DatasetteError

from tracker.query import open_for_strangers
from tracker.serve.edition import Edition

NAME = "tracker"
MOST_CHARS = 10_000_000
"""Of all values of one answer."""
_INDEXES = ("search", "search_trigram")
"""Full-text indexes are tables; what else is promised is views."""
wants_csv: ContextVar[bool] = ContextVar("wants_csv", default=False)
"""Of the request that is being answered."""
T = TypeVar("T")


class _Metered:
    """A connection whose rows are counted as they come."""

    def __init__(self, connection: Any, datasette: Datasette) -> None:
        self.connection = connection
        datasette._prepare_connection(connection, NAME)
        connection.row_factory = self._take
        self._left = 0

    def begin(self) -> None:
        """The next answer begins."""
        self._left = MOST_CHARS

    def _take(self, cursor: Any, values: tuple[Any, ...]) -> Any:
        for value in values:
            if isinstance(value, str | bytes):
                self._left -= len(value)
        if self._left < 0:
            raise sqlite3.OperationalError(
                f"the answer holds more than {MOST_CHARS:,} characters; ask for fewer columns or rows"
            )
        return sqlite3.Row(cursor, values)


class PublishedDatabase(Database):  # type: ignore[misc]
    """One edition for Datasette."""

    def __init__(self, datasette: Datasette, edition: Edition, connections: int) -> None:
        """Open it.

        Raises:
            UnreadableInput: see `open_published`.
        """
        super().__init__(datasette, path=NAME, is_mutable=False)  # the path is shown nowhere, and opened by nobody
        self.cached_hash = edition.digest
        self.cached_size = edition.identity[2]
        counts = edition.about.counts
        self._cached_table_counts = {name: counts[name] for name in counts if name[0] == "_" or name in _INDEXES}
        self._free: queue.LifoQueue[_Metered] = queue.LifoQueue()
        with ExitStack() as opened:
            for _ in range(connections):
                self._free.put(_Metered(opened.enter_context(open_for_strangers(edition.path)), datasette))
            self._opened = opened.pop_all()

    async def execute_fn(self, fn: Callable[[Any], T]) -> T:
        """Run `fn` with a connection in one of Datasette's threads."""

        def run() -> T:
            metered = self._free.get()
            try:
                metered.begin()
                return fn(metered.connection)
            finally:
                self._free.put(metered)

        return await asyncio.get_running_loop().run_in_executor(self.ds.executor, run)

    async def execute(self, sql: str, *arguments: Any, **options: Any) -> Any:
        """As Datasette's own, without writing what strangers got wrong to standard error.

        Where CSV is asked for, Datasette would answer wrong SQL with an empty file and status 200.
        """
        try:
            return await super().execute(sql, *arguments, **{**options, "log_sql_errors": False})
        except sqlite3.DatabaseError as error:
            if wants_csv.get():
                raise DatasetteError(str(error), title="Invalid SQL", status=400) from error
            raise

    async def attached_databases(self) -> list[Any]:
        """None; the pragma that Datasette would ask gives a file's path away."""
        return []

    def connect(self, write: bool = False) -> Any:
        """Nobody connects but `__init__`."""
        raise AssertionError("the published database is opened with its edition")

    def close(self) -> None:
        """Let go of the file."""
        self._opened.close()
