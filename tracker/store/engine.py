"""Opening the database: connection, migrations, and the translation of its errors."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from tracker.errors import StoreError, StoreLocked, StoreNewer, StoreUnusable
from tracker.store.sqlstore import SqlStore

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0009"
"""The newest migration; a database that is there needs no look at the migration scripts."""
_CACHE_KB = 64_000
"""What a connection may keep of a database in hand; SQLite's own 2 MB are fewer than one run reads."""


@contextmanager
def translated(where: str) -> Iterator[None]:
    """Turn what SQLAlchemy, the driver and the disk raise into one of ours, once, at the edge."""
    try:
        yield
    except DatabaseError as exc:
        raise _explain(where, str(exc.orig)) from exc
    except OSError as exc:
        if exc.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM):
            raise StoreUnusable(f"{where}: {exc.strerror}") from exc
        raise


def _explain(where: str, message: str) -> StoreError:
    if "locked" in message:
        return StoreLocked(f"{where}; another program holds a lock on it: wait for it to end, or close it")
    if "full" in message:
        return StoreUnusable(f"{where}: the disk is full; free some space and run again: nothing was half-written")
    if "not a database" in message:
        return StoreUnusable(f"{where} is not a database of the tracker; move it away or name another in config.yaml")
    return StoreUnusable(f"{where}: {message}")


def _tune_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()


def _migrate(engine: Engine, where: str) -> None:
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        if "alembic_version" in tables:
            current = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if current == HEAD:
                return
        elif tables:
            raise StoreUnusable(f"{where} is not a database of the tracker; name another in config.yaml")
    # Alembic is slow to import and most openings do not need it.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # the driver begins none by itself before a CREATE TABLE
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as exc:
            raise StoreNewer(f"{where}; install a newer version of the tracker ({exc})") from exc


def has_store(url: str) -> bool:
    """Whether there may be a database at that address: False where it would be a file that is not there."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        return True  # to open it tells what is wrong
    return parsed.get_backend_name() != "sqlite" or bool(parsed.database and Path(parsed.database).is_file())


@contextmanager
def open_store(url: str) -> Iterator[SqlStore]:
    """Open the database at a SQLAlchemy address, made or migrated forward as needed, and close it at the end.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer: here, or from any call on the store.
    """
    try:
        parsed = make_url(url)
        where = parsed.database or url
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            with translated(where):
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url)
    except (ArgumentError, NoSuchModuleError) as exc:
        raise StoreUnusable(f"{url!r} is no database address ({exc})") from exc
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    try:
        with translated(where):
            _migrate(engine, where)
            yield SqlStore(engine)
    finally:
        engine.dispose()
