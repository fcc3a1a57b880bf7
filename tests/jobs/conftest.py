"""A store on PostgreSQL that a fleet works on, with its configuration."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.jobs.fleet import Fleet
from tests.schedule.conftest import Web, web

__all__ = ["web"]


@pytest.fixture
def fleet(postgres_url: str, tmp_path: Path) -> Fleet:
    """A fleet without workers yet, over an empty store."""
    return Fleet(tmp_path, postgres_url)


@pytest.fixture
def collecting(fleet: Fleet, web: Web) -> Fleet:
    """A fleet with three feeds of three stories each on loopback."""
    feeds = "".join(
        f"\n  - {{name: {name}, kind: feed, url: 'http://{name}.example/{name}', publisher: W, "
        "publisher_type: news, every: 1h}"
        for name in ("ash", "birch", "cedar")
    )
    fleet.configure(
        "network: {retries: 0, per_host_delay_s: 0, read_timeout_s: 60, first_byte_timeout_s: 60, "
        "allow_networks: [127.0.0.0/8], "
        f"resolve: {{'*.example': '127.0.0.1:{web.server.port}'}}}}\nsources:{feeds}"
    )
    return fleet
