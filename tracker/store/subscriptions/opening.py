"""Opening the database of subscribers. It holds people's addresses, and what was sent must survive a power cut."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tracker.store.addresses import has_store, parse_address, place_of
from tracker.store.engine import connected
from tracker.store.faults import translated
from tracker.store.schema import upgrade
from tracker.store.subscriptions.rows import HEAD, MIGRATIONS, VERSIONS
from tracker.store.subscriptions.sqlsubscriptions import SqlSubscriptions

_OURS_ALONE = 0o600


def has_subscriptions(address: str) -> bool:
    """Whether there may be subscribers: False where their database would be a file that is not there."""
    return has_store(address)


@contextmanager
def open_subscriptions(address: str) -> Iterator[SqlSubscriptions]:
    """Open the database at a SQLAlchemy address, made or migrated forward as needed, and close it at the end.

    Raises:
        StoreLocked, StoreUnusable, StoreNewer: here, or from any call on the store.
    """
    _make_private(address)
    with connected(address) as (engine, where):
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _make_durable)
        upgrade(engine, where, HEAD, migrations=MIGRATIONS, versions=VERSIONS)
        yield SqlSubscriptions(engine)


def _make_private(address: str) -> None:
    """A new file is for its owner alone; SQLite gives its log the same mode (sqlite.org/src: findCreateFileMode)."""
    url = parse_address(address)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    path = Path(url.database)
    with translated(place_of(url)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _OURS_ALONE))
        except FileExistsError:
            return


def _make_durable(connection: Any, _record: Any) -> None:
    """Each commit is on the disk when it returns (sqlite.org/pragma.html#pragma_synchronous); what is deleted is
    overwritten, so that who was erased is gone from the file."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()
