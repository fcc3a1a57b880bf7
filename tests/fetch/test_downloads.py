"""Fetching large files from hosts that are slow, busy, or without the file."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug import Response as Answer

from tests.fetch.test_client import NOW, _network
from tests.loopback import SetClock
from tracker.errors import FetchFailed
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.downloads import download

URL = "http://data.example/a.warc.gz"


def _fails(server: HTTPServer, folder: Path, **changes: object) -> tuple[FetchFailed, PoliteFetcher]:
    server.expect_request("/robots.txt").respond_with_data("", 404)

    async def run() -> tuple[FetchFailed, PoliteFetcher]:
        network = _network(server.port, **changes)
        async with PoliteFetcher(network, SetClock(NOW), backoff_base_s=0.1) as fetcher:
            with pytest.raises(FetchFailed) as caught:
                await download(fetcher, URL, folder / "a", 10_000_000)
            return caught.value, fetcher

    return asyncio.run(run())


def test_a_file_that_drips_is_left_off_in_time_and_what_came_is_kept(httpserver: HTTPServer, tmp_path: Path) -> None:
    def drip(request: Request) -> Answer:
        def parts() -> Iterator[bytes]:
            for _ in range(100):
                yield b"x"
                time.sleep(0.05)

        return Answer(parts(), headers={"ETag": '"1"'})

    httpserver.expect_request("/a.warc.gz").respond_with_handler(drip)
    began = time.monotonic()
    error, _ = _fails(httpserver, tmp_path, total_timeout_s=0.4)
    assert time.monotonic() - began < 3
    assert error.reason == "timeout" and "bytes in 0.4" in error.detail
    assert (tmp_path / "a.part").stat().st_size > 0


def test_a_busy_host_is_asked_five_times_with_growing_pauses(httpserver: HTTPServer, tmp_path: Path) -> None:
    asked: list[float] = []

    def busy(request: Request) -> Answer:
        asked.append(time.monotonic())
        return Answer("", 503)

    httpserver.expect_request("/a.warc.gz").respond_with_handler(busy)
    error, _ = _fails(httpserver, tmp_path)
    assert (error.reason, error.status, len(asked)) == ("busy", 503, 5)
    assert all(asked[n + 1] - asked[n] >= 0.05 * 2**n for n in range(4))


def test_a_host_that_wants_to_be_left_alone_is_asked_once_and_held(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a.warc.gz").respond_with_data("", 503, headers={"Retry-After": "3600"})
    error, fetcher = _fails(httpserver, tmp_path)
    assert "asks to wait 3600 s" in error.detail
    assert (fetcher.holds()["data.example"] - NOW).total_seconds() == 3600
    assert len(httpserver.log) == 2, "robots.txt and the file"


def test_a_file_that_is_not_there_is_named_once_and_its_status_kept(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/a.warc.gz").respond_with_data("", 404)
    error, _ = _fails(httpserver, tmp_path)
    assert (error.detail, error.status) == (f"{URL} answered 404 Not Found", 404)
