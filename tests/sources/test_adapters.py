"""How each kind of source pages, recurses and stops; the answers are given, nothing is fetched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest

from tests.sources.web import NOW, URL, Web, make_source, web_of
from tracker.errors import FetchFailed, NotParsable, Refused
from tracker.read.feeds import MAX_FEED_BYTES
from tracker.sourcekinds import Source
from tracker.sources import PartlyListed, list_candidates
from tracker.sources.sitemaps import MAX_SITEMAPS
from tracker.types import Candidate

SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'
MAX_LISTING_PAGES = 20


def _source(kind: str, path: str = "/s", **more: object) -> Source:
    return make_source(kind, path, **more)


def _list(source: Source, answers: Mapping[str, object], since: datetime | None = None) -> tuple[list[str], list[str]]:
    """(addresses found, addresses asked)."""
    web = web_of(answers)
    return [item.url for item in web.list(source, since)], web.asked


def _locs(element: str, paths: list[str]) -> str:
    return "".join(f"<{element}><loc>{URL}{path}</loc></{element}>" for path in paths)


def test_feed_addresses_are_canonical_and_stand_once_in_order() -> None:
    items = ["/b?utm_source=x&id=2#c", "/a", "/b?id=2", "/a/", "/a#top"]
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": path} for path in items]}
    found, _ = _list(_source("feed"), {"/s": json.dumps(feed)})
    assert found == [f"{URL}/b?id=2", f"{URL}/a", f"{URL}/a/"]


def test_a_sitemap_index_is_followed_and_its_pages_filtered() -> None:
    answers = {
        "/s": INDEX.format(_locs("sitemap", ["/one", "/missing", "/two", "/s"])),
        "/one": SITEMAP.format(_locs("url", ["/news/1", "/about"])),
        "/two": INDEX.format(_locs("sitemap", ["/three", "/one"])),
        "/three": SITEMAP.format(_locs("url", ["/news/3"])),
    }
    found, asked = _list(_source("sitemap", include="/news/"), answers)
    assert found == [f"{URL}/news/1", f"{URL}/news/3"]
    assert len(asked) == len(set(asked)) == 5


def test_an_index_whose_every_part_fails_is_a_failure() -> None:
    with pytest.raises(FetchFailed):
        _list(_source("sitemap"), {"/s": INDEX.format(_locs("sitemap", ["/one", "/two"]))})


def test_an_endless_index_ends() -> None:
    answers = {"/s": INDEX.format(_locs("sitemap", ["/1"]))}
    answers |= {f"/{n}": INDEX.format(_locs("sitemap", [f"/{n + 1}"])) for n in range(1, 200)}
    found, asked = _list(_source("sitemap"), answers)
    assert (found, len(asked)) == ([], MAX_SITEMAPS)


def _listing_page(number: int, following: str) -> str:
    return f'<ul><li class="e"><a href="/p{number}">P{number}</a></li></ul><a rel="next" href="{following}">more</a>'


def test_a_listing_is_paged_to_its_end_and_not_in_circles() -> None:
    answers = {"/s": _listing_page(1, "?page=2"), "/s?page=2": _listing_page(2, "/s")}
    found, asked = _list(_source("listing", items="li.e"), answers)
    assert found == [f"{URL}/p1", f"{URL}/p2"]
    assert len(asked) == 2


def test_a_listing_ends_at_an_empty_page_at_the_limit_and_at_the_border_of_its_host() -> None:
    source = _source("listing", items="li.e")
    empty = {"/s": _listing_page(1, "/s?page=2"), "/s?page=2": "<p>No more.</p>"}
    assert _list(source, empty)[0] == [f"{URL}/p1"]
    endless = {"/s": _listing_page(0, "/s?page=1")}
    endless |= {f"/s?page={n}": _listing_page(n, f"/s?page={n + 1}") for n in range(1, 100)}
    assert len(_list(source, endless)[1]) == MAX_LISTING_PAGES
    assert len(_list(source, {"/s": _listing_page(1, "https://other.example/s")})[1]) == 1


def test_a_watched_page_is_its_own_list_and_fails_as_one() -> None:
    assert _list(_source("page", path="/x?utm_medium=m#f"), {"/x": "<p>Hello</p>"}) == ([f"{URL}/x"], [f"{URL}/x"])
    with pytest.raises(FetchFailed):
        _list(_source("page", path="/gone"), {})


def _feed_page(days: list[int], month: int = 6) -> str:
    items = [
        {"id": f"{day}", "url": f"/{month}/{day}", "date_published": f"2026-{month:02}-{day:02}T08:00:00Z"}
        for day in days
    ]
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": items})


def test_a_feed_is_paged_back_over_an_outage_and_no_further() -> None:
    source = _source("feed", pages="?paged={n}")
    answers = {
        "/s": _feed_page([30, 29, 28]),
        "/s?paged=2": _feed_page([27, 20, 19]),
        "/s?paged=3": _feed_page([12, 11]),
    }
    answers |= {"/s?paged=4": _feed_page([2])}
    assert _list(source, answers, NOW - timedelta(hours=6))[1] == [f"{URL}/s", f"{URL}/s?paged=2"]
    found, asked = _list(source, answers, NOW - timedelta(days=14))
    assert len(asked) == 3 and f"{URL}/6/12" in found, "two weeks and the overlap"
    assert len(_list(source, answers)[0]) == 9, "the first run takes all pages, and a missing one ends the list"


def test_a_pinned_old_entry_does_not_end_the_list() -> None:
    answers = {"/s": _feed_page([1, 30, 29]), "/s?paged=2": _feed_page([28, 3])}
    assert len(_list(_source("feed", pages="?paged={n}"), answers, NOW - timedelta(days=1))[1]) == 2


def test_a_page_that_fails_otherwise_fails_the_source() -> None:
    answers = {"/s": _feed_page([30]), "/s?paged=2": FetchFailed("timed out", reason="timeout")}
    with pytest.raises(FetchFailed, match="timed out"):
        _list(_source("feed", pages="?paged={n}"), answers, NOW - timedelta(days=14))


def test_a_feed_that_names_its_older_page_is_followed() -> None:
    atom = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/s?page=2&amp;x=1"/>{}</feed>'
    entry = '<entry><title>T</title><link href="/p{}"/><published>2026-06-{:02}T00:00:00Z</published></entry>'
    answers = {"/s": atom.format(entry.format(1, 29)), "/s?page=2&x=1": atom.format(entry.format(2, 1))}
    assert _list(_source("feed"), answers, NOW - timedelta(days=20))[0] == [f"{URL}/p1", f"{URL}/p2"]
    nothing = "<rss version='2.0'><channel><title>t</title></channel></rss>"
    assert _list(_source("feed"), {"/s": nothing}) == ([], [f"{URL}/s"]), "an empty but valid feed"


def test_a_listing_by_rule_takes_its_dates_from_the_addresses() -> None:
    def page(*days: int) -> str:
        return "".join(f'<li><a href="./t202606{day:02}_1.html">Press conference</a></li>' for day in days)

    rule = r"t(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})_"
    source = _source("listing", "/l/", items="li", pages="index_{n}.html", pages_from=1, date_in_url=rule)
    web = web_of({"/l/": page(30, 29), "/l/index_1.html": page(26, 20), "/l/index_2.html": page(10)})
    found = web.list(source, NOW - timedelta(days=2))
    assert [item.published for item in found] == ["2026-06-30", "2026-06-29", "2026-06-26", "2026-06-20"]
    assert len(web.asked) == 2
    assert len(web.list(source, NOW - timedelta(days=14))) == 5


def test_a_listing_without_dates_is_followed_as_far_as_the_gap_is_long() -> None:
    answers = {"/s": _listing_page(0, "/s?page=1")}
    answers |= {f"/s?page={n}": _listing_page(n, f"/s?page={n + 1}") for n in range(1, 9)}
    source = _source("listing", items="li.e")
    assert len(_list(source, answers, NOW - timedelta(hours=3))[1]) == 2
    assert len(_list(source, answers, NOW - timedelta(days=14))[1]) == 10


def test_a_sitemap_is_read_by_what_was_touched() -> None:
    def touched(element: str, path: str, day: str | None) -> str:
        return f"<{element}><loc>{URL}{path}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</{element}>"

    answers = {
        "/s": INDEX.format(touched("sitemap", "/new", "2026-06-29") + touched("sitemap", "/old", "2026-01-01")),
        "/new": SITEMAP.format(
            touched("url", "/a", "2026-06-29T10:00:00+00:00")
            + touched("url", "/b", "2026-06-01")
            + touched("url", "/c", None)
            + touched("url", "/d", "2026-06")
        ),
    }
    found, asked = _list(_source("sitemap"), answers, NOW - timedelta(days=1))
    assert found == [f"{URL}/a", f"{URL}/c", f"{URL}/d"], "what says no day is kept"
    assert asked == [f"{URL}/s", f"{URL}/new"]


def test_an_include_that_matches_nothing_at_all_is_named_on_the_first_run() -> None:
    with pytest.raises(NotParsable, match="include: '/nws/' matches none of 2 addresses") as error:
        _list(_source("sitemap", include="/nws/"), {"/s": SITEMAP.format(_locs("url", ["/news/1", "/news/2"]))})
    assert error.value.reason == "layout"


@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing"])
def test_html_where_something_else_was_promised_is_named(kind: str) -> None:
    more = {"items": "li.gone"} if kind == "listing" else {}
    with pytest.raises(NotParsable) as error:
        _list(_source(kind, **more), {"/s": "<!doctype html><html><body><p>Welcome</p></body></html>"})
    assert error.value.reason == ("layout" if kind == "listing" else "not_parsable")
    assert ("li.gone" if kind == "listing" else "HTML page") in str(error.value)


def test_a_date_rule_with_a_part_that_is_not_there_gives_no_date() -> None:
    rule = r"/(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?"
    links = "".join(f'<li><a href="/{path}">A</a></li>' for path in ("2026-06", "2026-06-09", "2026-13-45", "about"))
    web = web_of({"/s": links})
    found = web.list(_source("listing", items="li", date_in_url=rule))
    assert [item.published for item in found] == [None, "2026-06-09", None, None]


@pytest.mark.parametrize(
    "page",
    [
        pytest.param('{"a":' * 100_000 + "1" + "}" * 100_000, id="nested-deeply"),
        pytest.param('[{"title": "A", "slug": {"a": 1}}]', id="another-shape"),
        pytest.param("{", id="no-json"),
    ],
)
def test_what_a_site_may_send_is_a_changed_layout(page: str) -> None:
    script = f'<script id="__NEXT_DATA__" type="application/json">{page}</script>'
    with pytest.raises(NotParsable) as error:
        _list(_source("site", site="next_data"), {"/s": script})
    assert error.value.reason == "layout"


def test_a_site_file_that_breaks_is_a_changed_layout_that_names_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def parse_list(body: bytes, url: str) -> tuple[Candidate, ...]:
        return tuple(Candidate(entry["href"]) for entry in json.loads(body)["news"])

    monkeypatch.setattr("tracker.sources.sites.next_data.parse_list", parse_list)
    source = _source("site", site="next_data")
    assert _list(source, {"/s": {"news": [{"href": f"{URL}/a"}]}})[0] == [f"{URL}/a"]
    with pytest.raises(NotParsable, match=r"sites/next_data\.py cannot read it \(KeyError: 'news'\)") as error:
        _list(source, {"/s": {"items": []}})
    assert error.value.reason == "layout"


NESTED = "<a>" * 40_000
LARGE = {
    "feed": f"<rss version='2.0'><channel><item><link>/a</link></item>{NESTED}</channel></rss>",
    "listing": f'<ul><li class="e"><a href="/a">A</a></li></ul>{"<p>words</p>" * 40_000}',
    "sitemap": SITEMAP.format(_locs("url", [f"/{n}" for n in range(40_000)])),
    "gdelt": {"articles": [{"url": f"{URL}/{n}", "title": "T"} for n in range(40_000)]},
}


@pytest.mark.parametrize("kind", LARGE)
def test_a_list_that_takes_long_to_read_holds_up_nobody_else(kind: str) -> None:
    source = _source(kind, **({"items": "li.e"} if kind == "listing" else {"query": "word"} if kind == "gdelt" else {}))
    web = Web(lambda path, query: LARGE[kind])

    async def count_turns() -> tuple[int, int]:
        listing = asyncio.create_task(list_candidates(source, web.ask, environ={}))
        turns = 0
        while not listing.done():
            turns += 1
            await asyncio.sleep(0.001)
        return len(listing.result()), turns

    found, turns = asyncio.run(count_turns())
    assert found and turns >= 8


def test_a_feed_larger_than_any_honest_one_is_told() -> None:
    with pytest.raises(NotParsable, match="the feed is larger than"):
        _list(_source("feed"), {"/s": "<rss>" + " " * MAX_FEED_BYTES + "</rss>"})


def _part(source: Source, answers: Mapping[str, object], since: datetime | None = None) -> list[str]:
    with pytest.raises(PartlyListed) as error:
        _list(source, answers, since)
    return [item.url for item in error.value.candidates]


def test_a_sitemap_of_which_a_part_failed_gives_the_rest_and_is_no_success() -> None:
    broken = FetchFailed("503", reason="status", status=503)
    answers = {"/s": INDEX.format(_locs("sitemap", ["/one", "/two"])), "/one": SITEMAP.format(_locs("url", ["/a"]))}
    assert _part(_source("sitemap"), answers | {"/two": broken}) == [f"{URL}/a"]
    assert _part(_source("sitemap"), answers | {"/two": "<html>Error</html>"}) == [f"{URL}/a"]
    assert _list(_source("sitemap"), answers | {"/two": Refused("robots.txt", reason="robots")})[0] == [f"{URL}/a"]


@pytest.mark.parametrize(
    "page", ["<html><body>Error establishing a database connection</body></html>", FetchFailed("503", status=503)]
)
def test_a_later_page_that_cannot_be_read_is_not_the_end_of_a_feed(page: object) -> None:
    source = _source("feed", pages="?paged={n}")
    answers = {"/s": _feed_page([30, 29]), "/s?paged=2": page}
    assert _part(source, answers, NOW - timedelta(days=14)) == [f"{URL}/6/30", f"{URL}/6/29"]
    reaching = answers | {"/s": _feed_page([30, 20])}
    assert len(_list(source, reaching, NOW)[0]) == 2, "the first page goes back as far as it must"


def test_the_first_run_ends_where_a_later_page_is_no_feed() -> None:
    answers = {"/s": _feed_page([30, 29]), "/s?paged=2": "<html><body>No such page</body></html>"}
    assert len(_list(_source("feed", pages="?paged={n}"), answers)[0]) == 2
