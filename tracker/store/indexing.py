"""The full-text index of a database as its operator sees to it."""

from __future__ import annotations

from tracker.store.dialects import for_reading, write_alone
from tracker.store.engine import connected
from tracker.store.fulltext.checking import IndexState, count_bytes, find_index
from tracker.store.fulltext.filling import Note, fill_index
from tracker.store.fulltext.tables import drop_index
from tracker.store.schema import upgrade


def index_store(
    address: str, note: Note = lambda done, total: None, *, anew: bool = False
) -> tuple[IndexState, int | None]:
    """Make the index of the database at an address, or bring it up to date; `anew` throws away what there is of one.

    What it holds then, and how many bytes it takes (None where SQLite cannot tell). Others may work meanwhile.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer.
    """
    with connected(address) as (engine, where):
        upgrade(engine, where)
        fill_index(engine, note, anew=anew)
        with for_reading(engine).connect() as connection:
            state = find_index(connection)
            assert state is not None  # it was filled a moment ago
            return state, count_bytes(connection)


def drop_store_index(address: str) -> bool:
    """Take the index away, with all that it costs; whether there was one.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer.
    """
    with connected(address) as (engine, where):
        upgrade(engine, where)
        with engine.begin() as connection:
            write_alone(connection)
            was = find_index(connection) is not None
            drop_index(connection)
    return was
