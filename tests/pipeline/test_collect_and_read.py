"""Collect and read over a real server: what is asked again, what is not, and what failure leaves behind."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.loopback import SetClock, loopback_network
from tracker.config import FeedSource, PageSource, Revisit, Settings
from tracker.fetch.archive import WarcArchive
from tracker.fetch.client import PoliteFetcher
from tracker.pipeline.collect import Collector
from tracker.pipeline.collecting import Collecting
from tracker.pipeline.read import READER, read
from tracker.pipeline.standing import load_health
from tracker.store import SqlStore, open_store
from tracker.types import Outcome, SourceReport

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
STORY = "<html><head><title>Story</title></head><body><article><h1>Story</h1>{}</article></body></html>"
WORDS = (
    "<p>Orchid Labs said on Monday that Fern AI had opened about 300 accounts to copy its model, in a letter.</p>"
    "<p>Fern AI did not reply to a request for comment, and its office in the city was closed all day long.</p>"
)


class World:
    """A store, an archive and sources over one server; each crawl is a run of its own."""

    def __init__(self, folder: Path, server: HTTPServer, store: SqlStore) -> None:
        self.folder, self.server, self.store = folder, server, store
        self.clock = SetClock(START)
        self.runs = 0
        self.network = loopback_network(server.port)

    @property
    def archive(self) -> WarcArchive:
        return WarcArchive(self.folder / "archive", f"run{self.runs}")

    def source(self, name: str = "wire", path: str = "/feed") -> FeedSource:
        return FeedSource(
            name=name, kind="feed", url=f"http://wire.example{path}", publisher=name.title(), publisher_type="news"
        )

    def collect(self, *sources: FeedSource | PageSource, revisit: Revisit | None = None) -> list[SourceReport]:
        self.runs += 1

        async def run() -> list[SourceReport]:
            async with PoliteFetcher(self.network, self.clock) as fetcher:
                collector = Collector(fetcher, self.archive, self.store, self.clock, revisit or Revisit())
                return await collector.collect(sources or (self.source(),))

        return asyncio.run(run())

    def serve_feed(self, *paths: str, at: str = "/feed") -> None:
        items = "".join(f"<item><title>T</title><link>http://wire.example{path}</link></item>" for path in paths)
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>W</title>{items}</channel></rss>'
        self.server.expect_request(at).respond_with_data(feed, content_type="application/rss+xml")

    def serve_page(self, path: str, words: str = WORDS, etag: str = '"1"') -> None:
        def answer(request: Request) -> Response:
            if request.headers.get("If-None-Match") == etag:
                return Response(status=304)
            return Response(STORY.format(words), content_type="text/html; charset=utf-8", headers={"ETag": etag})

        self.server.expect_request(path).respond_with_handler(answer)

    def asked(self, path: str) -> int:
        return sum(request.path == path for request, _ in self.server.log)


@pytest.fixture
def world(tmp_path: Path, httpserver: HTTPServer) -> Iterator[World]:
    httpserver.expect_request("/robots.txt").respond_with_data("", status=404)
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield World(tmp_path, httpserver, store)


def test_a_page_that_two_sources_point_at_is_fetched_once_and_belongs_to_the_first(world: World) -> None:
    world.serve_feed("/a")
    world.serve_feed("/a", at="/other")
    world.serve_page("/a")
    first, second = world.source("wire"), world.source("copy", "/other")
    reports = world.collect(first, second)
    assert sum(report.new for report in reports) == 1 and world.asked("/a") == 1
    read(world.archive, world.store, [second, first])
    world.store.save_extractions("x", [])
    (document,) = list(world.store.load_unextracted("x"))
    assert document.publisher == "Copy", "the first in the configuration owns it, whoever was faster"


def test_a_known_page_is_asked_again_only_when_due_and_only_while_young(world: World) -> None:
    world.serve_feed("/a")
    world.serve_page("/a")
    revisit = Revisit.model_validate({"for": "14d", "every": "6h"})
    world.collect(revisit=revisit)
    world.collect(revisit=revisit)
    assert world.asked("/a") == 1, "not due"
    world.clock.at = START + timedelta(hours=6)
    (report,) = world.collect(revisit=revisit)
    assert (report.unchanged, report.new) == (1, 0) and world.asked("/a") == 2, "due: asked conditionally"
    world.clock.at = START + timedelta(days=15)
    world.collect(revisit=revisit)
    assert world.asked("/a") == 2, "too old to be corrected"


def test_a_lost_archive_is_filled_again_without_a_condition(world: World) -> None:
    world.serve_feed("/a")
    world.serve_page("/a")
    world.collect()
    for path in (world.folder / "archive").iterdir():
        path.unlink()
    world.clock.at = START + timedelta(days=1)
    (report,) = world.collect()
    assert report.failure is None and report.failed == 0
    assert read(world.archive, world.store, [world.source()]).done == 1


def test_a_source_that_serves_html_instead_of_its_feed_fails_alone(world: World) -> None:
    world.serve_feed("/a")
    world.serve_page("/a")
    world.server.expect_request("/broken").respond_with_data(
        "<html><body>Log in</body></html>", content_type="text/html"
    )
    broken, good = world.collect(world.source("broken", "/broken"), world.source())
    assert broken.failure is not None and broken.failed == 1 and broken.problems[0].why
    assert (good.failure, good.new) == (None, 1)
    attempts = {(item.source, item.is_listing): item for item in world.store.load_attempts()}
    assert attempts["wire", False].outcome is Outcome.NEW
    assert any(item.source == "broken" and item.why for item in world.store.load_attempts())


def test_a_refused_and_a_failed_page_are_on_record_and_the_rest_goes_on(world: World) -> None:
    world.serve_feed("/a", "/paywall", "/gone")
    world.serve_page("/a")
    world.server.expect_request("/paywall").respond_with_data("no", status=403)
    world.server.expect_request("/gone").respond_with_data("gone", status=410)
    (report,) = world.collect()
    assert (report.new, report.refused, report.failed) == (1, 1, 1) and report.failure is None
    outcomes = {item.url.rsplit("/", 1)[1]: item.outcome for item in world.store.load_attempts() if not item.is_listing}
    assert outcomes == {"a": Outcome.NEW, "paywall": Outcome.REFUSED, "gone": Outcome.FAILED}


def test_a_page_without_text_is_told_once_and_not_read_again(world: World) -> None:
    world.serve_feed("/empty")
    world.server.expect_request("/empty").respond_with_data("<html><body></body></html>", content_type="text/html")
    world.collect()
    first = read(world.archive, world.store, [world.source()])
    assert [problem.where for problem in first.problems] == ["http://wire.example/empty"]
    assert read(world.archive, world.store, [world.source()]).given == 0
    assert world.store.load_unreadable()


def test_changed_words_make_a_version_and_a_changed_frame_does_not(world: World) -> None:
    world.serve_feed("/a")
    world.serve_page("/a")
    world.collect()
    read(world.archive, world.store, [world.source()])
    world.server.clear()
    world.server.expect_request("/robots.txt").respond_with_data("", status=404)
    world.serve_feed("/a")
    world.serve_page("/a", WORDS + "<!-- another advertisement -->", '"2"')
    world.clock.at += timedelta(days=1)
    assert world.collect()[0].changed == 1
    assert read(world.archive, world.store, [world.source()]).skipped == 1
    world.server.clear()
    world.server.expect_request("/robots.txt").respond_with_data("", status=404)
    world.serve_feed("/a")
    world.serve_page("/a", WORDS.replace("about 300", "nearly 400"), '"3"')
    world.clock.at += timedelta(days=1)
    world.collect()
    assert read(world.archive, world.store, [world.source()]).done == 1
    assert len(list(world.store.load_unextracted("x"))) == 2


def test_a_page_of_a_source_that_left_the_configuration_waits_for_it(world: World) -> None:
    world.serve_feed("/a")
    world.serve_page("/a")
    world.collect()
    assert read(world.archive, world.store, []).done == 0
    assert len(list(world.store.load_unread(READER))) == 1
    assert read(world.archive, world.store, [world.source()]).done == 1


def _delete(path: Path, offset: int) -> None:
    path.unlink()


def _cut(path: Path, offset: int) -> None:
    path.write_bytes(path.read_bytes()[: offset + 300])


@pytest.mark.parametrize("harm", [_delete, _cut])
def test_a_lost_record_costs_its_own_page_until_it_is_fetched_again(
    world: World, harm: Callable[[Path, int], None]
) -> None:
    world.serve_page("/a", WORDS.replace("300", "200"))
    world.serve_page("/b")
    world.serve_feed("/a", at="/one")
    world.serve_feed("/b", at="/two")
    sources = [world.source("one", "/one"), world.source("two", "/two")]
    world.collect(sources[0])
    world.collect(sources[1])
    state = world.store.find_page("http://wire.example/a")
    assert state is not None
    harm(world.folder / "archive" / state.archive.file, state.archive.offset)
    report = read(world.archive, world.store, sources)
    assert report.done == 1, "the other page is read"
    assert [(item.where, item.outcome) for item in report.problems] == [("http://wire.example/a", Outcome.FAILED)]
    assert read(world.archive, world.store, sources).given == 0, "it is told once"
    world.clock.at += timedelta(days=1)
    assert [item.failed for item in world.collect(*sources)] == [0, 0]
    assert read(world.archive, world.store, sources).done == 1, "it was fetched whole, and is read"
    assert not world.store.load_unreadable()


def test_a_page_that_is_its_own_list_is_asked_once_a_turn(world: World) -> None:
    world.serve_page("/notice")
    notice = PageSource(
        name="notice", kind="page", url="http://wire.example/notice", publisher="Wire", publisher_type="news"
    )
    reports = []
    for turn in range(1, 4):
        reports += world.collect(notice)
        assert world.asked("/notice") == turn
        world.clock.at += timedelta(days=1)
    assert [(report.new, report.unchanged) for report in reports] == [(1, 0), (0, 1), (0, 1)]


def test_sources_that_take_their_turns_side_by_side_fetch_a_shared_page_once(world: World) -> None:
    paths = [f"/{number}" for number in range(20)]
    world.serve_feed(*paths)
    world.serve_feed(*reversed(paths), at="/other")
    for path in paths:
        world.serve_page(path)
    settings = Settings(data_dir=world.folder, network=world.network)
    sources = [world.source("wire"), world.source("copy", "/other")]

    async def run() -> list[SourceReport]:
        async with PoliteFetcher(world.network, world.clock) as fetcher:
            collecting = Collecting(fetcher, world.archive, world.store, world.clock, settings)
            turns = []
            for _ in range(2):
                both = await asyncio.gather(*(collecting.collect([source]) for source in sources))
                turns += [report for (report,) in both]
                world.clock.at += timedelta(days=1)
            return turns

    first, second, third, fourth = asyncio.run(run())
    assert first.new + second.new == 20 and third.unchanged + fourth.unchanged == 20, "due again at the next turn"
    assert {world.asked(path) for path in paths} == {2}
    assert not any(report.problems for report in (first, second, third, fourth))


def test_a_page_that_is_given_up_stays_on_the_count_of_its_source(world: World) -> None:
    world.serve_feed("/a", "/gone")
    world.serve_page("/a")
    world.server.expect_request("/gone").respond_with_data("gone", status=410)
    world.collect()
    world.clock.at += timedelta(days=400)
    world.server.clear()
    world.server.expect_request("/robots.txt").respond_with_data("", status=404)
    world.serve_feed("/a")
    world.collect()
    assert world.asked("/gone") == 0, "nobody asks for it any more"
    assert load_health(world.store, world.source(), world.clock.now()).missing == 1
