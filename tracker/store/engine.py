"""Opening the database: connection and migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from tracker.store.addresses import parse_address, place_of
from tracker.store.dialects import make_engine
from tracker.store.faults import translated
from tracker.store.schema import upgrade
from tracker.store.sessions import SETTLE_S
from tracker.store.sqlstore import SqlStore


@contextmanager
def connected(address: str) -> Iterator[tuple[Engine, str]]:
    """(connections to the database as it is, where it is), closed at the end.

    Raises:
        StoreLocked, StoreUnusable: here, or from anything that is done over the connections.
    """
    url = parse_address(address)
    where = place_of(url)
    engine = make_engine(url)
    try:
        with translated(where):
            yield engine, where
    finally:
        engine.dispose()


@contextmanager
def open_store(address: str, settle_s: float = SETTLE_S) -> Iterator[SqlStore]:
    """Open the database at a SQLAlchemy address, made or migrated forward as needed, and close it at the end.

    Args:
        settle_s: how long the jobs of workers wait for more before all is reconciled or published.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer: here, or from any call on the store.
    """
    with connected(address) as (engine, where):
        upgrade(engine, where)
        yield SqlStore(engine, settle_s)


def upgrade_store(address: str) -> str | None:
    """Take the database at an address forward and do nothing else: the schema that it had, None where it had none.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer.
    """
    with connected(address) as (engine, where):
        return upgrade(engine, where)
