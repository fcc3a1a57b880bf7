"""What is done differently on SQLite and on PostgreSQL: connecting, writing alone, reading one state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL
from sqlalchemy.exc import NoSuchModuleError

from tracker.errors import StoreUnusable
from tracker.store.addresses import place_of
from tracker.store.faults import translated

_CACHE_KB = 64_000
"""What a connection may keep of an SQLite database in hand; its own 2 MB are fewer than one run reads."""
_CONNECTING: Mapping[str, object] = {"connect_timeout": 10, "application_name": "tracker"}
_SHORT_WITHIN_S = 5
_IMPATIENT: Mapping[str, object] = {
    "connect_timeout": _SHORT_WITHIN_S, "tcp_user_timeout": _SHORT_WITHIN_S * 1000,
    "keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3,
}  # fmt: skip
"""postgresql.org/docs/current/libpq-connect.html, 32.1.2; a socket of this machine knows none of it."""
_WAIT_FOR_LOCK = "60s"
_WRITING = 0x747261636B657201
"""Who holds this advisory lock of the database writes; the number is `tracker` and 1."""


def make_engine(url: URL) -> Engine:
    """Connections to the database at an address, none of them made yet; an SQLite file's folder is made.

    Raises:
        StoreUnusable: the folder cannot be made, or the driver is not installed.
    """
    if url.get_backend_name() == "sqlite":
        if url.database:
            with translated(place_of(url)):
                Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
        event.listen(engine, "connect", _tune_sqlite)
        return engine
    # A connection that the server has closed meanwhile (it was restarted) is told before it is used, and replaced.
    return _server_engine(url, _CONNECTING, pool_pre_ping=True)


def make_short_engine(url: URL, connections: int) -> Engine:
    """At most so many connections to a server for single short statements, each a transaction of its own.

    A server that does not answer within seconds is taken for away: the statement fails, and a later one connects anew.

    Raises:
        StoreUnusable: the driver is not installed.
    """
    limits: dict[str, Any] = {"pool_size": connections, "max_overflow": 0, "pool_reset_on_return": None}
    engine = _server_engine(url, {**_CONNECTING, **_IMPATIENT}, isolation_level="AUTOCOMMIT", **limits)
    event.listen(engine, "connect", _limit_statements)
    return engine


def _server_engine(url: URL, connecting: Mapping[str, object], **options: Any) -> Engine:
    given = {key: value for key, value in connecting.items() if key not in url.query}
    try:
        return create_engine(url, connect_args=given, **options)
    except (ImportError, NoSuchModuleError) as error:
        raise StoreUnusable(f"PostgreSQL needs a driver: pip install 'tracker[postgres]' ({error})") from error


def _limit_statements(connection: Any, _record: Any) -> None:
    connection.execute(f"SET statement_timeout = '{_SHORT_WITHIN_S}s'")


def driver_arguments(url: URL) -> dict[str, Any]:
    """What the driver of PostgreSQL is called with for an address, for a library that connects by itself."""
    engine = make_engine(url)
    _, given = engine.dialect.create_connect_args(url)
    return {**_CONNECTING, **given}


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def keep_or_replace(connection: Connection, kept: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows into a table; one whose primary key is there already takes that one's place."""
    if not rows:
        return
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(kept)
    keys = [column.name for column in kept.primary_key]
    others = {column.name: insert.excluded[column.name] for column in kept.columns if column.name not in keys}
    connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=others), rows)


def for_reading(engine: Engine) -> Engine:
    """The same connections for reading: all looks of one session see one state (REPEATABLE READ)."""
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ")


def write_alone(connection: Connection) -> None:
    """Begin a transaction that is alone in writing from its first look on.

    Between a look and what is written by it nobody else writes: IMMEDIATE on SQLite (sqlite.org/lang_transaction.html;
    the driver's own begins only at the write), an advisory lock on PostgreSQL that ends with the transaction
    (postgresql.org/docs/current/explicit-locking.html, 13.3.5). Readers are not held up.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        wait = f"SELECT set_config('lock_timeout', '{_WAIT_FOR_LOCK}', true), pg_advisory_xact_lock({_WRITING})"
        connection.exec_driver_sql(wait)
