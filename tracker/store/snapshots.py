"""One state of a database as an SQLite file, taken while others write."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy.engine import URL

from tracker.errors import StoreNewer, StoreUnusable
from tracker.store.addresses import has_store, parse_address, place_of
from tracker.store.copying import Note, copy_store
from tracker.store.engine import connected
from tracker.store.faults import translated
from tracker.store.schema import HEAD, find_schema

_OURS_ALONE = 0o600


def snapshot_store(address: str, target: Path, note: Note = lambda done, total: None) -> None:
    """Write the working database as it stands at one moment into a new SQLite file, from either kind of database.

    Raises:
        StoreUnusable: it is not there, is of an older schema, or the disk is full.
        StoreNewer: it was made by a newer version of the tracker.
    """
    if not has_store(address):
        raise StoreUnusable(f"there is no database {place_of(address)} yet")
    with connected(address) as (engine, where), engine.connect() as connection:
        found = find_schema(connection, where)
    if found is not None and found > HEAD:
        raise StoreNewer(f"{where}; install a newer version of the tracker (schema {found})")
    if found != HEAD:
        raise StoreUnusable(f"{where} has schema {found or 'none'}; `tracker db upgrade` takes it to {HEAD}")
    if parse_address(address).get_backend_name() == "sqlite":
        snapshot_file(address, target)
        return
    _make_empty(target)
    copy_store(address, _file_address(target), note)


def snapshot_file(address: str, target: Path) -> None:
    """The same of any SQLite database: what was erased in it is not in the file either.

    VACUUM INTO reads in one transaction, and holds up nobody who writes (sqlite.org/lang_vacuum.html).

    Raises:
        StoreUnusable: the disk is full, or the database is damaged.
    """
    _make_empty(target)
    with connected(address) as (engine, _):
        by_itself = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with by_itself as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(target),))
    with connected(_file_address(target)) as (engine, _), engine.connect():
        pass  # to connect sets the log that we keep, so that a later look changes no byte of the file
    descriptor = os.open(target, os.O_RDONLY)
    try:
        with translated(str(target)):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_file_database(address: str) -> bool:
    """Whether a database is an SQLite file."""
    return parse_address(address).get_backend_name() == "sqlite"


def file_of(address: str) -> Path:
    """The file of an SQLite database."""
    return Path(parse_address(address).database or "")


def _make_empty(target: Path) -> None:
    """An empty file for its owner alone: people's addresses may come into it."""
    with translated(str(target)):
        target.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OURS_ALONE))


def _file_address(path: Path) -> str:
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
