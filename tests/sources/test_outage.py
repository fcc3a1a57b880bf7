"""Two weeks of outage over real sockets: what APIs and feeds published meanwhile is all collected, with their keys."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.loopback import loopback_network
from tests.sources.web import make_source
from tracker.config import Revisit
from tracker.fetch.archive import WarcArchive
from tracker.fetch.client import PoliteFetcher
from tracker.pipeline.collect import Collector
from tracker.pipeline.read import read
from tracker.sourcekinds import Source
from tracker.store import SqlStore, open_store
from tracker.types import Candidate, SourceReport

START = datetime(2026, 6, 1, 12, tzinfo=UTC)
KEY = "0123secret"
HOST = ("api.example", "api.congress.gov")
PAGE = "<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p></article></body></html>"
WORDS = "The ministry said that the rule on the export of model weights is open for comments until the autumn. " * 3


class Host:
    """One host with a feed, a Federal Register and a key-only API; every day brings one document to each."""

    def __init__(self, folder: Path, server: HTTPServer, store: SqlStore) -> None:
        self.folder, self.server, self.store = folder, server, store
        self.at = START
        self.runs = 0
        server.expect_request("/robots.txt").respond_with_data("", status=404)
        server.expect_request("/register").respond_with_handler(self.answer_register)
        server.expect_request("/feed").respond_with_handler(self.answer_feed)
        server.expect_request("/v3/bill/119/hr/8283").respond_with_handler(self.answer_bill)
        server.expect_request("/v3/bill/119/hr/8283/actions").respond_with_handler(self.answer_actions)
        server.expect_request("/page").respond_with_handler(
            lambda request: Response(PAGE.format(request.query_string.decode(), WORDS), content_type="text/html")
        )

    def now(self) -> datetime:
        return self.at

    @property
    def days(self) -> list[str]:
        """The days so far, the last first."""
        return [
            f"{START - timedelta(days=9) + timedelta(days=n):%Y-%m-%d}" for n in range((self.at - START).days + 10)
        ][::-1]

    def answer_register(self, request: Request) -> Response:
        """At most ten documents a query, in pages of five."""
        low, high = (request.args.get(f"conditions[publication_date][{side}]", "") for side in ("gte", "lte"))
        days = [day for day in self.days if low <= day <= (high or "9")]
        page = int(request.args.get("page", "1"))
        shown = days[:10][(page - 1) * 5 : page * 5]
        more = f"{request.url.partition('&page=')[0]}&page={page + 1}" if page * 5 < min(10, len(days)) else None
        results = [
            {"title": day, "html_url": f"http://api.example/page?fr-{day}", "publication_date": day} for day in shown
        ]
        return Response(json.dumps({"count": len(days), "results": results, "next_page_url": more}))

    def answer_feed(self, request: Request) -> Response:
        """Five entries a page."""
        page = int(request.args.get("paged", "1"))
        items = [
            {"id": day, "url": f"http://api.example/page?feed-{day}", "date_published": f"{day}T08:00:00Z"}
            for day in self.days[(page - 1) * 5 : page * 5]
        ]
        if not items:
            return Response("no such page", status=404)
        return Response(json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items}))

    def _keyed(self, request: Request, answer: Mapping[str, object]) -> Response:
        if request.headers.get("X-Api-Key") != KEY:
            return Response('{"error": {"code": "API_KEY_INVALID"}}', status=403, content_type="application/json")
        return Response(json.dumps(answer), content_type="application/json")

    def answer_bill(self, request: Request) -> Response:
        bill = {"congress": 119, "type": "HR", "number": "8283", "title": "An Act", "introducedDate": "2026-05-23"}
        return self._keyed(request, {"bill": {**bill, "actions": {"count": len(self.days)}}})

    def answer_actions(self, request: Request) -> Response:
        actions = [{"actionDate": day, "text": f"Debated again on day {n}."} for n, day in enumerate(self.days)]
        return self._keyed(request, {"actions": actions})

    def collect(self, *sources: Source, key: str | None = KEY) -> list[SourceReport]:
        self.runs += 1
        network = loopback_network(
            self.server.port,
            resolve=dict.fromkeys(("*.example", "*.congress.gov"), f"127.0.0.1:{self.server.port}"),
        )
        environ = {"DATA_GOV_API_KEY": key} if key else {}

        async def run() -> list[SourceReport]:
            async with PoliteFetcher(network, self) as fetcher:
                archive = WarcArchive(self.folder / "archive", f"run{self.runs}")
                return await Collector(fetcher, archive, self.store, self, Revisit(), network, environ).collect(sources)

        return asyncio.run(run())

    def pages(self) -> set[str]:
        return {attempt.url.partition("?")[2] for attempt in self.store.load_attempts() if "/page?" in attempt.url}


@pytest.fixture
def host(tmp_path: Path, httpserver: HTTPServer) -> Iterator[Host]:
    with open_store(f"sqlite:///{tmp_path / 't.db'}") as store:
        yield Host(tmp_path, httpserver, store)


def source(kind: str, path: str, **more: object) -> Source:
    return make_source(kind, **{"url": f"http://{HOST[kind == 'congress']}{path}", **more})


def test_a_run_after_two_weeks_collects_the_two_weeks(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.sources.federal_register.QUERY_CAP", 10)
    register = source("federal_register", "/register", name="register", start="2026-05-30")
    feed = source("feed", "/feed", name="feed", pages="?paged={n}", max_pages=9)
    host.collect(register, feed)
    host.at += timedelta(days=14)
    before = len(host.server.log)
    reports = host.collect(register, feed)
    assert [report.failure for report in reports] == [None, None]
    missed = {f"{START + timedelta(days=n):%Y-%m-%d}" for n in range(15)}
    assert {f"fr-{day}" for day in missed} | {f"feed-{day}" for day in missed} <= host.pages()
    lists = [request.url for request, _ in host.server.log[before:] if request.path in ("/feed", "/register")]
    assert len(lists) <= 8, "and goes back no further than that"
    host.at += timedelta(hours=6)
    before = len(host.server.log)
    host.collect(register, feed)
    lists = [request.path for request, _ in host.server.log[before:] if request.path == "/feed"]
    assert len(lists) == 1, "an ordinary run asks for one page of the feed"


def test_a_bill_is_read_with_its_key_and_again_when_it_moves_on(host: Host) -> None:
    bill = source("congress", "/v3/bill/119/hr/8283", name="bill", publisher_type="government")
    (report,) = host.collect(bill)
    assert (report.failure, report.failed, report.refused) == (None, 0, 0)
    archive = WarcArchive(host.folder / "archive", "reader")
    assert read(archive, host.store, [bill]).done == 2
    host.at += timedelta(days=30)
    host.collect(bill)
    read(archive, host.store, [bill])
    stages = [item for item in host.store.load_unextracted("x") if item.title.startswith("Actions on")]
    assert {item.url for item in stages} == {"https://www.congress.gov/bill/119th-congress/house-bill/8283/all-actions"}
    assert sorted(item.text.count("Debated again") for item in stages) == [10, 40], "also long after it was first seen"
    for path in host.folder.rglob("*.warc.gz"):
        assert KEY.encode() not in gzip.decompress(path.read_bytes())
    assert KEY.encode() not in (host.folder / "t.db").read_bytes()


def test_no_key_is_skipped_and_a_wrong_one_is_a_failure_that_names_its_variable(host: Host) -> None:
    bill = source("congress", "/v3/bill/119/hr/8283", name="bill")
    (skipped,) = host.collect(bill, key=None)
    assert skipped.failure is None and "DATA_GOV_API_KEY" in (skipped.skipped or "")
    assert not [request for request, _ in host.server.log if request.path != "/robots.txt"]
    (refused,) = host.collect(bill, key="wrong")
    assert "check the key in the environment variable DATA_GOV_API_KEY" in (refused.failure or "")
    assert "wrong" not in (refused.failure or "")
    (attempt,) = [item for item in host.store.load_attempts() if item.reason == "key_refused"][:1]
    assert attempt.status == 403


def test_a_page_on_the_port_of_somebody_else_is_asked_without_the_key(host: Host) -> None:
    bill = source("congress", "/v3/bill/119/hr/8283", name="bill")
    host.collect(bill)
    host.store.save_sightings("bill", [Candidate(f"http://{HOST[1]}:8080/page?other")], host.at)
    host.collect(bill)
    (request,) = [request for request, _ in host.server.log if request.query_string == b"other"]
    assert "X-Api-Key" not in request.headers


def test_what_a_broken_file_of_a_sitemap_held_back_comes_in_the_next_run(host: Host) -> None:
    names = "http://www.sitemaps.org/schemas/sitemap/0.9"

    def entry(element: str, path: str, day: str) -> str:
        return f"<{element}><loc>http://api.example{path}</loc><lastmod>{day}</lastmod></{element}>"

    files = entry("sitemap", "/one.xml", "2026-06-20") + entry("sitemap", "/two.xml", "2026-06-20")
    one, two = entry("url", "/page?one", "2026-06-05"), entry("url", "/page?two", "2026-06-05")
    broken = [False]
    host.server.expect_request("/map").respond_with_data(f'<sitemapindex xmlns="{names}">{files}</sitemapindex>')
    host.server.expect_request("/one.xml").respond_with_data(f'<urlset xmlns="{names}">{one}</urlset>')
    host.server.expect_request("/two.xml").respond_with_handler(
        lambda request: Response("", 500) if broken[0] else Response(f'<urlset xmlns="{names}">{two}</urlset>')
    )
    site = source("sitemap", "/map", name="site")
    broken[0] = True
    host.at = datetime(2026, 6, 6, 12, tzinfo=UTC)
    (report,) = host.collect(site)
    assert report.failure and "500" in report.failure
    assert "one" in host.pages() and host.store.find_listed_at("site", site.url) is None
    broken[0] = False
    host.at += timedelta(days=10)
    (report,) = host.collect(site)
    assert report.failure is None
    assert {"one", "two"} <= host.pages() and host.store.find_listed_at("site", site.url) == host.at
