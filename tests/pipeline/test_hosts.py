"""What is remembered of hosts from run to run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.loopback import SetClock, loopback_network
from tracker.config import Settings
from tracker.fetch.archive import WarcArchive
from tracker.fetch.client import PoliteFetcher
from tracker.pipeline.collecting import Collecting
from tracker.pipeline.hosts import load_host_records
from tracker.sourcekinds import FeedSource
from tracker.store import SqlStore, open_store

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = FeedSource(
    name="wire", kind="feed", url="http://wire.example/feed", publisher="Wire", publisher_type="news", language="en"
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield store


def _run(folder: Path, server: HTTPServer, store: SqlStore, clock: SetClock) -> None:
    network = loopback_network(server.port, retries=2)

    async def run() -> None:
        records = load_host_records(store, clock.now())
        settings = Settings(data_dir=folder, network=network, sources=[SOURCE])
        with WarcArchive(folder / "archive", f"run{len(server.log)}") as archive:
            async with PoliteFetcher(network, clock, records=records, backoff_base_s=0.01) as fetcher:
                await Collecting(fetcher, archive, store, clock, settings).collect([SOURCE])

    asyncio.run(run())


def test_every_request_counts_in_the_next_run_also_robots_txt_and_further_tries(
    tmp_path: Path, httpserver: HTTPServer, store: SqlStore
) -> None:
    httpserver.expect_request("/robots.txt").respond_with_data("", 404)
    httpserver.expect_request("/feed").respond_with_data("", 502)
    clock = SetClock(START)
    for _ in range(2):
        _run(tmp_path, httpserver, store, clock)
        assert load_host_records(store, clock.now())["wire.example"].asked_today == len(httpserver.log)
    assert len(httpserver.log) == 8, "robots.txt and three tries, twice"
    clock.at += timedelta(days=1)
    assert "wire.example" not in load_host_records(store, clock.now())
    _run(tmp_path, httpserver, store, clock)
    assert load_host_records(store, clock.now())["wire.example"].asked_today == 4
    assert sum(name.startswith("requests ") for name in store.load_marks()) == 1, "days that are over are forgotten"
