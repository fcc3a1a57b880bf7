"""The contract of the store holds for every database that it can be kept in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tracker.store import SqlStore, open_store


@pytest.fixture
def store(database: str) -> Iterator[SqlStore]:
    """A store over each kind of database."""
    with open_store(database) as opened:
        yield opened
