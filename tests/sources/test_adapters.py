"""How each kind of source pages, recurses and stops; the answers are given, nothing is fetched."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from pydantic import TypeAdapter

from tracker.config import FederalRegisterSource, Source
from tracker.errors import FetchFailed
from tracker.sources import list_candidates
from tracker.sources.adapters import MAX_LISTING_PAGES, MAX_SITEMAPS, build_api_url
from tracker.types import Response

URL = "https://a.example"
SITEMAP = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</urlset>'
INDEX = '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{}</sitemapindex>'


def _source(kind: str, path: str = "/s", **more: object) -> Source:
    return TypeAdapter[Source](Source).validate_python(
        {"name": "s", "kind": kind, "url": URL + path, "publisher": "A", "publisher_type": "news", **more}
    )


def _list(source: Source, answers: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """(addresses found, addresses asked)."""
    asked: list[str] = []

    async def ask(url: str) -> Response:
        asked.append(url)
        path = url.removeprefix(URL)
        if path not in answers:
            raise FetchFailed(f"{url} answered 404 Not Found")
        return Response(url, url, 200, (), answers[path].encode(), datetime(2026, 6, 10, tzinfo=UTC))

    return [item.url for item in asyncio.run(list_candidates(source, ask))], asked


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


def test_a_watched_page_is_its_own_candidate_and_not_asked_for() -> None:
    assert _list(_source("page", path="/x?utm_medium=m#f"), {}) == ([f"{URL}/x"], [])


def test_the_api_is_asked_as_documented() -> None:
    source = _source(
        "federal_register", "/api/v1/documents.json", term="model extraction", agencies=["a-b", "c"], types=["RULE"]
    )
    assert isinstance(source, FederalRegisterSource)
    query = parse_qsl(urlsplit(build_api_url(source)).query)
    assert ("conditions[term]", "model extraction") in query
    assert [value for key, value in query if key == "conditions[agencies][]"] == ["a-b", "c"]
    assert ("conditions[type][]", "RULE") in query
    assert ("order", "newest") in query
    assert ("fields[]", "html_url") in query
    own = source.model_copy(update={"url": f"{URL}/api/v1/documents.json?per_page=5"})
    assert build_api_url(own) == own.url


def test_the_api_is_paged_on_its_own_host_only() -> None:
    def page(number: int, following: str | None) -> str:
        document = {"html_url": f"{URL}/d/{number}", "title": "T", "publication_date": "2026-06-10"}
        return json.dumps({"count": 3, "results": [document], "next_page_url": following})

    answers = {"/s?q=1": page(1, f"{URL}/s?q=1&page=2"), "/s?q=1&page=2": page(2, "https://elsewhere.example/s?page=3")}
    found, asked = _list(_source("federal_register", "/s?q=1"), answers)
    assert found == [f"{URL}/d/1", f"{URL}/d/2"]
    assert len(asked) == 2
