"""Every fault of a server ends in the right outcome and health, loses no document and slows no other source."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.faults.server import LAUGHS_SITEMAP, FaultServer, feed, head, page, whole
from tests.loopback import SetClock, loopback_network
from tracker.config import FeedSource, Revisit
from tracker.errors import NotParsable
from tracker.fetch.archive import WarcArchive
from tracker.fetch.client import PoliteFetcher
from tracker.pipeline.collect import Collector
from tracker.pipeline.hosts import load_host_records
from tracker.pipeline.publish import load_health
from tracker.pipeline.read import read
from tracker.ports import Attempt
from tracker.read.sitemaps import parse_sitemap
from tracker.store import SqlStore, open_store
from tracker.types import Outcome, SourceReport

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
RSS = "application/rss+xml"


class World:
    def __init__(self, folder: Path, server: FaultServer, store: SqlStore) -> None:
        self.folder, self.server, self.store, self.clock = folder, server, store, SetClock(START)
        self.runs = 0
        self.network = loopback_network(
            server.port,
            connect_timeout_s=2,
            read_timeout_s=2,
            first_byte_timeout_s=2,
            total_timeout_s=3,
            retries=1,
            concurrency=8,
        )

    def collect(self, *sources: FeedSource) -> dict[str, SourceReport]:
        self.runs += 1

        async def run() -> list[SourceReport]:
            records = load_host_records(self.store, self.clock.now())
            async with PoliteFetcher(self.network, self.clock, records=records, backoff_base_s=0.01) as fetcher:
                archive = WarcArchive(self.folder / "archive", f"run{self.runs}")
                with archive:
                    collector = Collector(fetcher, archive, self.store, self.clock, Revisit(), self.network)
                    return await collector.collect(sources)

        return {report.source: report for report in asyncio.run(run())}

    def attempts(self, source: str) -> list[Attempt]:
        return [item for item in self.store.load_attempts() if item.source == source]


def _source(name: str, path: str = "/feed") -> FeedSource:
    url = f"http://{name}.example{path}"
    return FeedSource(name=name, kind="feed", url=url, publisher=name.title(), publisher_type="news", language="en")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    server = FaultServer()
    links = [f"http://good.example/{n}" for n in range(3)]
    server.answers["good.example/feed"] = whole(feed(*links), RSS)
    for n in range(3):
        server.answers[f"good.example/{n}"] = whole(page(f"Good {n}"))
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield World(tmp_path, server, store)
    server.close()


SOURCE_FAULTS = [
    ("times-out", Outcome.FAILED, "timeout", "unreachable"),
    ("drops-mid-body", Outcome.FAILED, "connection", "unreachable"),
    ("drops-mid-head", Outcome.FAILED, "connection", "unreachable"),
    ("drips", Outcome.FAILED, "timeout", "unreachable"),
    ("drips-its-head", Outcome.FAILED, "timeout", "unreachable"),
    ("claims-more-than-it-sends", Outcome.FAILED, "connection", "unreachable"),
    ("redirects-in-circles", Outcome.FAILED, "redirects", "unreachable"),
    ("gzip-bomb", Outcome.FAILED, "too_large", "unreachable"),
    ("two-gigabytes", Outcome.FAILED, "too_large", "unreachable"),
    ("no-http", Outcome.FAILED, "connection", "unreachable"),
    ("429-seconds", Outcome.FAILED, "busy", "unreachable"),
    ("429-date", Outcome.FAILED, "busy", "unreachable"),
    ("503-seconds", Outcome.FAILED, "busy", "unreachable"),
    ("503-date", Outcome.FAILED, "busy", "unreachable"),
    ("503-challenge", Outcome.REFUSED, "challenge", "refused"),
    ("403", Outcome.REFUSED, "forbidden", "refused"),
    ("403-challenge", Outcome.REFUSED, "challenge", "refused"),
    ("200-challenge", Outcome.REFUSED, "challenge", "refused"),
    ("broken-xml", Outcome.FAILED, "not_parsable", "layout_changed"),
    ("html-for-a-feed", Outcome.FAILED, "not_parsable", "layout_changed"),
]
PAGE_FAULTS = [item[:3] for item in SOURCE_FAULTS if item[2] != "not_parsable"]


@pytest.mark.parametrize(
    ("fault", "outcome", "reason", "state"), SOURCE_FAULTS, ids=[item[0] for item in SOURCE_FAULTS]
)
def test_a_source_with_a_fault_is_judged_rightly_and_slows_no_other(
    world: World, fault: str, outcome: Outcome, reason: str, state: str
) -> None:
    bad, good = _source("fault", f"/{fault}"), _source("good")
    began = time.monotonic()
    reports = world.collect(bad, good)
    took_s = time.monotonic() - began
    assert (reports["good"].new, reports["good"].failure) == (3, None)
    assert max(at for asked, at in world.server.asked if asked.startswith("good.example")) - began < 3, "not slowed"
    assert took_s < 10, "the fault itself ends in time"
    assert reports["fault"].failure
    (attempt,) = world.attempts("fault")
    assert (attempt.outcome, attempt.reason, attempt.url) == (outcome, reason, bad.url)
    health = load_health(world.store, bad, world.clock.now())
    assert health.state == state
    assert health.why and health.advice and health.last_error
    assert load_health(world.store, good, world.clock.now()).state == "fine"
    assert world.server.sent_bytes < 30_000_000


def test_an_empty_feed_is_no_failure_and_is_told_apart(world: World) -> None:
    empty = _source("fault", "/empty-feed")
    report = world.collect(empty)["fault"]
    assert report.failure is None
    (attempt,) = [item for item in world.attempts("fault") if item.items is not None]
    assert (attempt.items, attempt.outcome) == (0, Outcome.NEW)
    assert load_health(world.store, empty, world.clock.now()).state == "empty"


def test_a_billion_laughs_are_not_laughed_and_the_entry_beside_them_is_not_lost(world: World) -> None:
    laughs = _source("fault", "/billion-laughs")
    world.server.answers["fault.example/story"] = whole(page("Story"))
    began = time.monotonic()
    report = world.collect(laughs)["fault"]
    assert time.monotonic() - began < 10
    assert (report.failure, report.new) == (None, 1)
    (unread,) = world.store.load_unread("none")
    ((_, candidate),) = unread.sightings
    assert len(candidate.title or "") < 100 and "root" not in (candidate.title or "")


def test_a_sitemap_of_a_billion_laughs_is_refused_and_one_with_an_outer_entity_gives_nothing_of_it() -> None:
    with pytest.raises(NotParsable, match="amplification"):
        parse_sitemap(LAUGHS_SITEMAP, "http://fault.example/sitemap.xml")
    outer = LAUGHS_SITEMAP.replace(b"<url><loc>&l9;</loc></url>", b"")
    found = parse_sitemap(outer, "http://fault.example/sitemap.xml")
    assert found.pages[0].url == "http://fault.example/story"
    assert not any("root" in item.url for item in found.pages)


@pytest.mark.parametrize(("fault", "outcome", "reason"), PAGE_FAULTS, ids=[item[0] for item in PAGE_FAULTS])
def test_a_page_with_a_fault_is_had_when_it_is_mended_though_the_feed_has_moved_on(
    world: World, fault: str, outcome: Outcome, reason: str
) -> None:
    source = _source("wire")
    server = world.server
    world.clock.at = start = datetime.now(UTC).replace(microsecond=0)  # a date in Retry-After is a real one
    server.answers["wire.example/feed"] = whole(feed(f"http://fault.example/{fault}", "http://wire.example/a"), RSS)
    server.answers["wire.example/a"] = whole(page("A"))
    report = world.collect(source)["wire"]
    assert (report.new, report.failure) == (1, None)
    attempts = {item.url: item for item in world.attempts("wire")}
    failed = attempts[f"http://fault.example/{fault}"]
    assert (failed.outcome, failed.reason) == (outcome, reason)
    server.answers["wire.example/feed"] = whole(feed("http://wire.example/a"), RSS)
    server.answers[f"fault.example/{fault}"] = whole(page("Mended"))
    world.clock.at = start + timedelta(days=1, hours=1)
    assert world.collect(source)["wire"].new == 1
    read(WarcArchive(world.folder / "archive", "none"), world.store, [source])
    world.store.save_extractions("x", [])
    assert {item.title for item in world.store.load_unextracted("x")} == {"A", "Mended"}


def test_a_page_that_failed_is_not_asked_again_at_once(world: World) -> None:
    source = _source("wire")
    world.server.answers["wire.example/feed"] = whole(
        feed("http://fault.example/403", "http://fault.example/no-http"), RSS
    )
    world.collect(source)
    asked = world.server.count("fault.example/no-http")
    world.clock.at += timedelta(minutes=14)
    world.collect(source)
    assert world.server.count("fault.example/no-http") == asked
    world.clock.at += timedelta(minutes=2)
    world.collect(source)
    assert world.server.count("fault.example/no-http") > asked
    assert world.server.count("fault.example/403") == 1, "a refusal is a result"


@pytest.mark.parametrize("fault", ["429-seconds", "503-date"])
def test_retry_after_is_remembered_in_the_next_run(world: World, fault: str) -> None:
    source = _source("fault", f"/{fault}")
    world.clock.at = datetime.now(UTC).replace(microsecond=0)  # the server's date is the real one
    world.collect(source)
    asked = len(world.server.asked)
    world.clock.at += timedelta(hours=1, minutes=55)
    report = world.collect(source)["fault"]
    assert len(world.server.asked) == asked, "not even robots.txt is asked for"
    assert "asked for no request before" in (report.failure or "")
    (attempt,) = world.attempts("fault")
    assert (attempt.reason, attempt.elapsed_ms) == ("held", None)
    world.server.answers[f"fault.example/{fault}"] = whole(feed(), RSS)
    world.clock.at += timedelta(minutes=6)
    assert world.collect(source)["fault"].failure is None


def test_a_daily_budget_counts_over_runs_and_what_waits_comes_the_next_day(world: World) -> None:
    source = _source("wire")
    links = [f"http://wire.example/{n}" for n in range(5)]
    world.server.answers["wire.example/feed"] = whole(feed(*links), RSS)
    for n in range(5):
        world.server.answers[f"wire.example/{n}"] = whole(page(f"Page {n}"))
    world.network = world.network.model_copy(update={"daily_requests_per_host": 4})
    first = world.collect(source)["wire"]
    assert (first.new, first.refused) == (2, 3), "robots.txt and the feed count too"
    assert {item.reason for item in world.attempts("wire") if item.outcome is Outcome.REFUSED} == {"budget"}
    world.clock.at += timedelta(hours=1)
    second = world.collect(source)["wire"]
    assert second.new == 0 or len(world.server.asked) <= 8
    world.network = world.network.model_copy(update={"daily_requests_per_host": 40})
    world.clock.at = START + timedelta(days=1)
    world.server.answers["wire.example/feed"] = whole(feed(), RSS)
    total = world.collect(source)["wire"].new + first.new + second.new
    assert total == 5, "no page is lost to the budget"


def test_many_dead_hosts_leave_slots_to_the_living(world: World) -> None:
    dead = [_source(f"dead{n}", "/times-out") for n in range(20)]
    began = time.monotonic()
    reports = world.collect(*dead, _source("good"))
    took_s = time.monotonic() - began
    assert reports["good"].new == 3
    last_good = max(at for asked, at in world.server.asked if asked.startswith("good.example"))
    assert last_good - began < took_s / 2, "long before the last of the dead is given up"
    assert all(reports[source.name].failure for source in dead)


def test_a_slow_page_of_one_host_holds_up_no_page_of_another_in_the_same_source(world: World) -> None:
    links = ["http://slow.example/drips", *(f"http://good.example/{n}" for n in range(3))]
    world.server.answers["wire.example/feed"] = whole(feed(*links), RSS)
    began = time.monotonic()
    assert world.collect(_source("wire"))["wire"].new == 3
    assert max(at for asked, at in world.server.asked if asked.startswith("good.example")) - began < 1


def test_a_length_that_is_too_short_spoils_no_other_page(world: World) -> None:
    body = page("Cut by its own length")
    world.server.answers["wire.example/short"] = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 300\r\n\r\n" + body + b"HTTP/1.1 200 OK\r\n\r\n"
    )
    world.server.answers["wire.example/a"] = whole(page("A"))
    world.server.answers["wire.example/feed"] = whole(feed("http://wire.example/short", "http://wire.example/a"), RSS)
    source = _source("wire")
    assert world.collect(source)["wire"].new == 2
    read(WarcArchive(world.folder / "archive", "none"), world.store, [source])
    world.store.save_extractions("x", [])
    assert "A" in {item.title for item in world.store.load_unextracted("x")}


@pytest.mark.parametrize("stated", ["us-ascii", "utf-16", "gb2312", "no-such-charset"])
def test_a_charset_that_is_a_lie_loses_no_words(world: World, stated: str) -> None:
    words = "<p>\u201cOrchid Labs\u201d na\u00efvely said that Fern AI\u2019s accounts \u2014 about 300 of them \u2014 had copied its model in March.</p>"
    body = page("A lie", words * 3).replace(b"<head>", b'<head><meta charset="utf-8">')
    world.server.answers["wire.example/a"] = whole(body, f"text/html; charset={stated}")
    world.server.answers["wire.example/feed"] = whole(feed("http://wire.example/a"), RSS)
    source = _source("wire")
    world.collect(source)
    read(WarcArchive(world.folder / "archive", "none"), world.store, [source])
    world.store.save_extractions("x", [])
    (document,) = world.store.load_unextracted("x")
    assert "na\u00efvely said that Fern AI\u2019s accounts \u2014" in document.text


def _archived(world: World) -> list[tuple[str, str, str]]:
    found = []
    for path in sorted((world.folder / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file):
                if record.rec_type in ("response", "revisit"):
                    url = record.rec_headers.get_header("WARC-Target-URI")
                    found.append((record.rec_type, url, record.http_headers.get_statuscode()))
    return found


def test_every_answer_is_in_the_archive_also_a_refusal_and_what_came_on_the_way(world: World) -> None:
    links = ["http://wire.example/moved", "http://fault.example/403", "http://fault.example/200-challenge"]
    world.server.answers["wire.example/feed"] = whole(feed(*links), RSS)
    world.server.answers["wire.example/moved"] = head("301 Moved", 0, "text/html", "Location: /a")
    world.server.answers["wire.example/a"] = whole(page("A"))
    world.collect(_source("wire"))
    assert set(_archived(world)) == {
        ("response", "http://wire.example/robots.txt", "404"),
        ("response", "http://wire.example/feed", "200"),
        ("response", "http://wire.example/moved", "301"),
        ("response", "http://wire.example/a", "200"),
        ("response", "http://fault.example/robots.txt", "404"),
        ("response", "http://fault.example/403", "403"),
        ("response", "http://fault.example/200-challenge", "200"),
    }
    world.clock.at += timedelta(hours=1)
    world.collect(_source("wire"))
    assert ("revisit", "http://wire.example/feed", "200") in _archived(world), "the same body is not kept twice"


def test_a_damaged_record_is_replaced_by_a_whole_answer(world: World) -> None:
    source = _source("wire")
    answer = whole(feed("http://wire.example/a"), RSS)
    world.server.answers["wire.example/feed"] = answer.replace(b"Connection: close", b'ETag: "1"\r\nConnection: close')
    world.server.answers["wire.example/a"] = whole(page("A"))
    world.collect(source)
    (path,) = (world.folder / "archive").iterdir()
    path.write_bytes(b"\0" * path.stat().st_size)
    world.clock.at += timedelta(hours=1)
    world.server.answers["wire.example/feed"] = head("304 Not Modified", None, "text/html", 'ETag: "1"')
    failed = world.collect(source)["wire"]
    assert "unconditional" in (failed.failure or ""), "the host is asked for the whole"
    world.server.answers["wire.example/feed"] = answer
    world.clock.at += timedelta(hours=1)
    assert world.collect(source)["wire"].failure is None
