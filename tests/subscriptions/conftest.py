"""The database of subscribers in each of its two kinds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tracker.store.subscriptions import SqlSubscriptions, open_subscriptions


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where there is nothing yet."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'var' / 'subscribers.db'}"
    return str(request.getfixturevalue("empty_postgres_url"))


@pytest.fixture
def store(address: str) -> Iterator[SqlSubscriptions]:
    with open_subscriptions(address) as opened:
        yield opened
