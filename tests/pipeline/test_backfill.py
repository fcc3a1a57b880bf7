"""Backfill out of WARC files: what is screened out, what is kept with its provenance, and how it is gone on with."""

from __future__ import annotations

import asyncio
import gzip
import io
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter
from werkzeug import Request, Response

from tests.loopback import SetClock, loopback_network
from tracker.fetch.archive import WarcArchive
from tracker.fetch.client import PoliteFetcher
from tracker.fetch.downloads import download
from tracker.health import ADVICE
from tracker.pipeline.backfill import Backfill
from tracker.pipeline.read import read
from tracker.sourcekinds import WarcSource
from tracker.store import SqlStore, open_store
from tracker.types import SourceReport

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = (
    "Orchid Labs said on Monday that Fern AI had opened about 300 fake accounts to copy its language model, in a letter. "
    "Fern AI did not reply to a request for comment, and its office in the city was closed all day long."
)
COOKING = (
    "The soup wants two hours on a low fire, and a spoon of butter at the end. Serve it with bread that you baked."
)
DATE = "2025-06-01T10:00:00Z"


def html(words: str) -> bytes:
    return f"<html><head><title>T</title></head><body><article><p>{words}</p></article></body></html>".encode()


def write_warc(path: Path, *pages: tuple[str, str], date: str = DATE) -> Path:
    """A file of responses, each (address, words)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, words in pages:
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    url, "response", payload=io.BytesIO(html(words)), http_headers=headers,
                    warc_headers_dict={"WARC-Date": date},
                )
            )  # fmt: skip
    return path


class World:
    def __init__(self, folder: Path, store: SqlStore, server: HTTPServer) -> None:
        self.folder, self.store, self.server = folder, store, server
        self.clock = SetClock(START)
        self.runs = 0
        self.network = loopback_network(server.port)

    def source(self, url: object, **more: object) -> WarcSource:
        fields = {
            "name": "old",
            "kind": "warc",
            "url": str(url),
            "publisher": "Archive",
            "publisher_type": "news",
            **more,
        }
        return WarcSource.model_validate(fields)

    @property
    def archive(self) -> WarcArchive:
        return WarcArchive(self.folder / "archive", f"run{self.runs}")

    def run(self, source: WarcSource, watch: Callable[[Backfill], None] = lambda backfill: None) -> SourceReport:
        self.runs += 1

        async def go() -> SourceReport:
            async with PoliteFetcher(self.network, self.clock) as fetcher:
                incoming = self.folder / "incoming"
                fetch = partial(download, fetcher)
                backfill = Backfill(fetcher, fetch, self.archive, self.store, self.clock, incoming)
                watch(backfill)
                return await backfill.collect(source)

        return asyncio.run(go())

    def texts(self, source: WarcSource) -> dict[str, tuple[str, datetime]]:
        read(self.archive, self.store, [source])
        return {item.url: (item.text, item.published) for item in self.store.load_unextracted("x")}  # type: ignore[misc]


@pytest.fixture
def world(tmp_path: Path, httpserver: HTTPServer) -> Iterator[World]:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield World(tmp_path, store, httpserver)


def test_pages_on_the_matter_are_kept_as_fetched_then_with_their_provenance(world: World) -> None:
    path = write_warc(world.folder / "a.warc.gz", ("http://wire.example/a", WORDS), ("http://food.example/b", COOKING))
    source = world.source(path)
    report = world.run(source)
    assert (report.new, report.failure, report.problems) == (1, None, ())
    assert list(world.texts(source)) == ["http://wire.example/a"]
    state = world.store.find_page("http://wire.example/a")
    assert state is not None and state.fetched_at == datetime(2025, 6, 1, 10, tzinfo=UTC)
    (kept,) = (world.folder / "archive").glob("*.warc.gz")
    with kept.open("rb") as file:
        records = [item.rec_headers for item in ArchiveIterator(file) if item.rec_type == "response"]
    assert [item.get_header("WARC-Source-URI") for item in records] == [str(path)]
    assert records[0].get_header("X-Source-Record-ID").startswith("<urn:uuid:")
    assert records[0].get_header("WARC-Date") == DATE
    (attempt,) = [item for item in world.store.load_attempts() if item.is_listing]
    assert attempt.items == 1
    assert list(world.store.load_requests(world.clock.now().replace(hour=0))) in ([], [str(path)]), "no budget is spent"


def test_hosts_screen_and_the_gate_may_be_off(world: World) -> None:
    path = write_warc(
        world.folder / "a.warc.gz",
        ("http://www.wire.example/a", WORDS), ("http://notwire.example/a", WORDS), ("http://wire.example/c", COOKING),
        ("http://wire.example/robots.txt", WORDS), ("dns:wire.example", WORDS),
    )  # fmt: skip
    assert world.run(world.source(path, hosts=["wire.example"])).new == 1
    assert world.run(world.source(path, name="all", hosts=["Wire.example"], gate=False)).new == 1, "the other is known"
    assert world.store.find_page("http://wire.example/c") is not None
    assert world.store.find_page("http://notwire.example/a") is None


def test_a_file_that_was_read_is_not_read_again(world: World) -> None:
    path = write_warc(world.folder / "a.warc.gz", ("http://wire.example/a", WORDS))
    source = world.source(path)
    assert [world.run(source).fetched, world.run(source).fetched] == [1, 0]


def test_a_stopped_run_is_gone_on_with(world: World) -> None:
    pages = [(f"http://wire.example/{n}", f"{WORDS} Page {n}.") for n in range(60)]
    source = world.source(write_warc(world.folder / "a.warc.gz", *pages))

    class StoppingClock(SetClock):
        """Somebody stops the run when it asks for the time for the second time, which it does at each batch kept."""

        def __init__(self, backfill: Backfill) -> None:
            super().__init__(START)
            self.backfill, self.asked = backfill, 0

        def now(self) -> datetime:
            self.asked += 1
            if self.asked == 2:
                self.backfill.stop()
            return super().now()

    def watch(backfill: Backfill) -> None:
        backfill._clock = StoppingClock(backfill)

    first = world.run(source, watch)
    assert 2 < first.new < 60
    second = world.run(source)
    assert first.new + second.new == 60 and second.unchanged == 0


def test_a_page_that_is_in_a_file_twice_is_kept_as_it_was_last(world: World) -> None:
    twice = [("http://wire.example/a", f"{WORDS} {n}.") for n in (1, 2)]
    later = write_warc(
        world.folder / "b.warc.gz", ("http://wire.example/a", f"{WORDS} 3."), date="2025-06-02T10:00:00Z"
    )
    path = write_warc(world.folder / "a.warc.gz", *twice)
    path.write_bytes(path.read_bytes() + later.read_bytes())
    report = world.run(world.source(path))
    assert (report.new, report.changed, report.unchanged) == (1, 1, 1)


def test_a_page_that_we_fetched_since_stays(world: World) -> None:
    new = write_warc(world.folder / "new.warc.gz", ("http://wire.example/a", WORDS), date="2025-09-01T00:00:00Z")
    old = write_warc(world.folder / "old.warc.gz", ("http://wire.example/a", f"{WORDS} Old."))
    world.run(world.source(new))
    assert world.run(world.source(old, name="older")).unchanged == 1
    state = world.store.find_page("http://wire.example/a")
    assert state is not None and state.fetched_at.month == 9


def test_a_list_of_files_is_fetched_and_read_a_few_a_run(world: World) -> None:
    files = {}
    for number in range(3):
        path = write_warc(world.folder / f"{number}.warc.gz", (f"http://wire.example/{number}", f"{WORDS} {number}."))
        files[f"crawl-data/{number}.warc.gz"] = path.read_bytes()
        path.unlink()
    listing = gzip.compress("\n".join(files).encode())
    world.server.expect_request("/lists/warc.paths.gz").respond_with_data(listing, content_type="application/gzip")
    for name, body in files.items():
        world.server.expect_request(f"/{name}").respond_with_data(body, content_type="application/octet-stream")
    source = world.source("http://data.example/lists/warc.paths.gz", max_files=2)
    assert [world.run(source).new for _ in range(3)] == [2, 1, 0]
    assert list((world.folder / "incoming").iterdir()) == []


def test_a_broken_download_goes_on_where_it_broke(world: World) -> None:
    body = write_warc(
        world.folder / "x", *((f"http://wire.example/{n}", f"{WORDS} {n}.") for n in range(30))
    ).read_bytes()
    ranges: list[str | None] = []

    def answer(request: Request) -> Response:
        ranges.append(request.headers.get("Range"))
        start = int((request.headers.get("Range") or "bytes=0-")[6:-1])
        half = body[start : start + len(body) // 2] if len(ranges) < 3 else body[start:]
        headers = {"ETag": '"1"', "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        made = Response(half, status=206 if start else 200, headers=headers, content_type="application/octet-stream")
        made.headers["Content-Length"] = str(len(body) - start)
        return made

    world.server.expect_request("/a.warc.gz").respond_with_handler(answer)
    report = world.run(world.source("http://data.example/a.warc.gz"))
    assert (report.failure, report.new) == (None, 30)
    assert ranges[0] is None and ranges[1] is not None and ranges[1].startswith("bytes=")


@pytest.mark.parametrize(("name", "body", "words"), [
    ("big.warc.gz", b"x" * 5000, "max_file_bytes"), ("odd.warc.gz", b"<html>Not found, sorry</html>", "WARC"),
    ("list.paths", b"<html>\n<body>", "list of WARC files"), ("gone.warc.gz", None, "404"),
])  # fmt: skip
def test_what_cannot_be_used_is_told_and_leaves_nothing(
    world: World, name: str, body: bytes | None, words: str
) -> None:
    status = 404 if body is None else 200
    world.server.expect_request(f"/{name}").respond_with_data(body or b"", status=status)
    report = world.run(world.source(f"http://data.example/{name}", max_file_bytes=1000))
    assert report.failure is not None and words in report.failure
    (attempt,) = world.store.load_attempts()
    assert attempt.is_listing and attempt.reason in ADVICE


def test_a_file_that_is_not_there_is_named(world: World) -> None:
    report = world.run(world.source(world.folder / "nowhere.warc.gz"))
    assert report.failure is not None and "nowhere.warc.gz" in report.failure
    (attempt,) = world.store.load_attempts()
    assert attempt.reason in ADVICE


def test_a_damaged_record_costs_only_itself(world: World) -> None:
    path = write_warc(world.folder / "a.warc.gz", *((f"http://wire.example/{n}", f"{WORDS} {n}.") for n in range(3)))
    data = bytearray(path.read_bytes())
    second = data.index(b"\x1f\x8b", 20)
    data[second + 40 : second + 60] = b"\0" * 20
    path.write_bytes(bytes(data))
    report = world.run(world.source(path))
    assert report.new == 2 and report.failed >= 1 and "damaged" in report.problems[0].why


def test_a_stop_is_heard_among_records_that_the_hosts_filter_drops(world: World) -> None:
    path = write_warc(world.folder / "a.warc.gz", *((f"http://wire.example/{n}", WORDS) for n in range(30)))
    source, seen = world.source(path, hosts=["other.example"]), 0

    def watch(backfill: Backfill) -> None:
        real = backfill._store

        class StoppingStore(type(real)):  # type: ignore[misc]
            """The store, and somebody who stops the run as soon as the file is begun."""

            def load_marks(self) -> Mapping[str, str]:
                nonlocal seen
                seen += 1
                if seen == 2:
                    backfill.stop()
                return dict(real.load_marks())

        backfill._store = StoppingStore(real._engine)  # type: ignore[attr-defined]

    assert world.run(source, watch).fetched == 1 and seen == 2
    assert "done" not in world.store.load_marks().values(), "the rest was not looked at"
    assert world.run(source).fetched == 1 and "done" in world.store.load_marks().values()
    assert world.run(source).fetched == 0


def test_a_stop_is_heard_during_a_download_which_goes_on_later(world: World) -> None:
    body = write_warc(world.folder / "x", ("http://wire.example/a", WORDS)).read_bytes()
    ranges: list[str | None] = []
    halfway, end = threading.Event(), threading.Event()

    def answer(request: Request) -> Response:
        ranges.append(request.headers.get("Range"))
        start = int((request.headers.get("Range") or "bytes=0-")[6:-1])

        def pieces() -> Iterator[bytes]:
            if not start:
                yield body[:100]
                halfway.set()
                end.wait(60)
            yield body[start or 100 :]

        headers = {"ETag": '"1"', "Content-Range": f"bytes {start}-{len(body) - 1}/{len(body)}"}
        made = Response(pieces(), status=206 if start else 200, headers=headers)
        made.headers["Content-Length"] = str(len(body) - start)
        return made

    world.server.expect_request("/a.warc.gz").respond_with_handler(answer)
    source = world.source("http://data.example/a.warc.gz")
    stopper: list[threading.Thread] = []

    def watch(backfill: Backfill) -> None:
        def stop() -> None:
            halfway.wait(60)
            time.sleep(0.3)
            backfill.stop()

        stopper.append(threading.Thread(target=stop))
        stopper[0].start()

    began = time.monotonic()
    try:
        report = world.run(source, watch)
        assert time.monotonic() - began < 20 and (report.failure, report.fetched, report.new) == (None, 0, 0)
    finally:
        end.set()
        stopper[0].join()
    assert world.run(source).new == 1
    assert ranges == [None, "bytes=100-"]
