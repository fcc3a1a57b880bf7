"""Questions to the published database: anybody's SQL, reading only, within limits of time, rows and size."""

from __future__ import annotations

import difflib
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tracker.errors import QueryRefused, QueryTooSlow, UnreadableInput
from tracker.render.database import APPLICATION_ID, SCHEMA_VERSION, load_schema

_READING = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_RECURSIVE}
_PRAGMAS = {"data_version", "table_info", "table_xinfo", "table_list", "index_list", "index_info", "user_version"}
"""Those that only tell something; the full-text search itself asks for the first."""
_UNSAFE_FUNCTIONS = {"load_extension", "fts3_tokenizer"}
_MADE_AT_FIRST_USE = ("search", "search_trigram", "json_each('[]')", "json_tree('[]')")
_STEPS = 20_000
"""SQLite's own steps between two looks at the clock: a few milliseconds."""
_AT_ONCE = 200
"""Rows that a stream reads ahead."""
_MOST = {
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LENGTH: 10_000_000,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_MOST_OF_STRANGERS = _MOST | {
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
}
"""The clock is looked at between rows only, so that what one row may cost is limited too (sqlite.org/security.html)."""
_TELLING = {"foreign_key_list", "index_xinfo", "schema_version"}
"""Pragmas besides by which a program learns the schema."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one question may cost."""

    seconds: float = 10.0
    rows: int = 1000
    chars: int = 20_000_000
    """Of all values together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of a question. `is_cut` where a limit ended them before their end."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    is_cut: bool = False

    def records(self) -> list[dict[str, Any]]:
        """Each row by its columns' names; a name that stands twice gets its number."""
        names = _names(self.columns)
        return [dict(zip(names, row, strict=True)) for row in self.rows]


def _names(columns: Iterable[str]) -> list[str]:
    names: list[str] = []
    for name in columns:
        seen = sum(other == name or other.startswith(f"{name}_") for other in names)
        names.append(f"{name}_{seen + 1}" if name in names else name)
    return names


class Published:
    """A published database that is open for questions; any thread may ask, one at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, sql: str, values: Mapping[str, Any] | None = None, limits: Limits | None = None) -> Answer:
        """The answer to one SELECT; `values` are its named parameters.

        Raises:
            QueryRefused: it is no SELECT, is wrong, or costs more than the limits; says what and what to do.
        """
        limits = limits or Limits()
        try:
            with self._within(limits.seconds):
                cursor = self._connection.execute(sql, dict(values or {}))
                if cursor.description is None:
                    raise QueryRefused("it asks for nothing; a query begins with SELECT")
                rows, is_cut = _take(cursor, limits)
            return Answer(tuple(column[0] for column in cursor.description), rows, is_cut)
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise _refused(error, limits) from error

    def stream(
        self, sql: str, values: Mapping[str, Any] | None = None, seconds: float = 60.0
    ) -> Iterator[Mapping[str, Any]]:
        """The rows of one SELECT as `Answer.records` has them, read as they are taken.

        `seconds` is how long it may take to the next row.

        Raises:
            QueryRefused: as of `ask`.
        """
        limits = Limits(seconds)
        try:
            with self._within(seconds):
                cursor = self._connection.execute(sql, dict(values or {}))
            if cursor.description is None:
                raise QueryRefused("it asks for nothing; a query begins with SELECT")
            names = _names(column[0] for column in cursor.description)
            while True:
                with self._within(seconds):
                    rows = cursor.fetchmany(_AT_ONCE)
                if not rows:
                    return
                for row in rows:
                    yield dict(zip(names, row, strict=True))
        except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
            raise _refused(error, limits) from error

    @contextmanager
    def _within(self, seconds: float) -> Iterator[None]:
        end = time.monotonic() + seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            yield
        finally:
            self._connection.set_progress_handler(None, 0)


def _take(cursor: sqlite3.Cursor, limits: Limits) -> tuple[tuple[tuple[Any, ...], ...], bool]:
    rows: list[tuple[Any, ...]] = []
    chars = 0
    for row in cursor:
        chars += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(rows) == limits.rows or chars > limits.chars:
            return tuple(rows), True
        rows.append(row)
    return tuple(rows), False


@contextmanager
def open_published(source: Path | bytes) -> Iterator[Published]:
    """A published database, as a file or as its bytes, for reading only.

    Raises:
        UnreadableInput: it is not there, is no published database, or one of a newer tracker.
    """
    with _open(source, _MOST, _authorize) as connection:
        yield Published(connection)


@contextmanager
def open_for_strangers(source: Path) -> Iterator[sqlite3.Connection]:
    """A published database for a program that lets anybody ask (Datasette): as read-only, within narrower limits.

    The program sets its own progress handler; nothing else of the connection is for it to set.

    Raises:
        UnreadableInput: see `open_published`.
    """
    with _open(source, _MOST_OF_STRANGERS, _authorize_program) as connection:
        yield connection


@contextmanager
def _open(source: Path | bytes, most: Mapping[int, int], authorize: Callable[..., int]) -> Iterator[sqlite3.Connection]:
    connection = _connect(source)
    try:
        _check(connection, source)
        for table in _MADE_AT_FIRST_USE:  # making them would need more than reading
            connection.execute(f"SELECT 1 FROM {table} LIMIT 0").fetchall()  # noqa: S608
        connection.execute("PRAGMA query_only = ON")
        for category, value in most.items():
            connection.setlimit(category, value)
        connection.set_authorizer(authorize)
        yield connection
    finally:
        connection.close()


def _connect(source: Path | bytes) -> sqlite3.Connection:
    if isinstance(source, bytes):
        connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        connection.deserialize(source)
        return connection
    if not source.is_file():
        raise UnreadableInput(f"{source}: there is no such file")
    try:
        address = f"{source.resolve().as_uri()}?mode=ro&immutable=1"
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise UnreadableInput(f"{source}: {error}") from error


def _check(connection: sqlite3.Connection, source: Path | bytes) -> None:
    where = "the database" if isinstance(source, bytes) else str(source)
    try:
        (application,) = connection.execute("PRAGMA application_id").fetchone()
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.Error as error:
        raise UnreadableInput(f"{where} is no SQLite database ({error})") from error
    if application != APPLICATION_ID:
        raise UnreadableInput(f"{where} is no published database; `tracker export database --out FILE` makes one")
    if version > SCHEMA_VERSION:
        raise UnreadableInput(f"{where} was made by a newer tracker (schema {version}); update this one")


def _authorize(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action in _READING:
        return sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_FUNCTION:
        return sqlite3.SQLITE_DENY if second in _UNSAFE_FUNCTIONS else sqlite3.SQLITE_OK
    if action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS:
        is_setting = second is not None and first in ("data_version", "user_version")
        return sqlite3.SQLITE_DENY if is_setting else sqlite3.SQLITE_OK
    return sqlite3.SQLITE_DENY


def _authorize_program(action: int, first: str | None, second: str | None, *rest: str | None) -> int:
    if action == sqlite3.SQLITE_PRAGMA and first in _TELLING and (second is None or first != "schema_version"):
        return sqlite3.SQLITE_OK
    return _authorize(action, first, second, *rest)


def _refused(error: Exception, limits: Limits) -> QueryRefused:
    kind = QueryTooSlow if "interrupted" in str(error) else QueryRefused
    return kind(_explain(str(error), limits))


def _explain(message: str, limits: Limits) -> str:
    """What SQLite says, and what somebody can do about it."""
    if "interrupted" in message:
        return f"it took longer than {limits.seconds:g} s; ask for less with WHERE or LIMIT, or allow more time"
    if any(words in message for words in ("not authorized", "readonly", "cannot modify")):
        return "only reading is allowed: SELECT, and no other statement"
    if "one statement at a time" in message:
        return "one statement at a time; what follows the first semicolon is too much"
    if match := re.search(r"no such (table|column): (\S+)", message):
        return f"{message}; {_nearest(match[1], match[2])}"
    if match := re.search(r"binding (?:parameter )?:?(\w+)", message):
        return f"its value :{match[1]} is not given"
    if "incomplete input" in message:
        return "it ends too early: a bracket or a quote is left open, or something is missing at its end"
    if "unrecognized token" in message:
        return f"{message}; texts stand in 'single quotes'"
    return message


def _nearest(what: str, name: str) -> str:
    public = [relation for relation in load_schema().relations if relation.is_public]
    bare = name.rpartition(".")[2]
    known = (
        [item.name for item in public]
        if what == "table"
        else sorted({column.name for item in public for column in item.columns})
    )
    near = difflib.get_close_matches(bare.lower(), known, n=3, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(near)}?"
    if what == "table":
        return f"there are {', '.join(known)}"
    return "`SELECT table_name, column_name, description FROM columns` lists them all; texts stand in 'single quotes'"
