"""Every source of the bundled sample web through the real fetcher, and every page it points at, read."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from functools import cache
from typing import NamedTuple

import pytest

from tests.loopback import SetClock
from tracker.config import load_settings
from tracker.errors import FetchError
from tracker.fetch.client import PoliteFetcher
from tracker.read.dates import parse_published
from tracker.read.pages import read_page
from tracker.resources import bundled_path
from tracker.sampleweb import SampleWeb
from tracker.sources import list_candidates
from tracker.types import Candidate, PageContent

SAMPLE = bundled_path("data/sample")


class Crawl(NamedTuple):
    candidates: dict[str, tuple[Candidate, ...]]
    read: dict[str, PageContent]
    failed: dict[str, str]
    landed: dict[str, str]
    """Where an address led in the end, by the address that a source gave."""


@cache
def _crawl(edition: int) -> Crawl:
    async def run(address: str) -> Crawl:
        settings = load_settings(SAMPLE / "config.yaml")
        network = settings.network.model_copy(
            update={"resolve": {"*.example": address}, "allow_networks": ["127.0.0.0/8"], "per_host_delay_s": 0.0}
        )
        crawl = Crawl({}, {}, {}, {})

        async def visit(url: str) -> None:
            try:
                page = await fetcher.fetch(url)
                crawl.landed[url] = page.final_url
                crawl.read[page.final_url] = read_page(page.body, page.header("content-type"), page.final_url)
            except FetchError as exc:
                crawl.failed[url] = f"{exc.outcome}: {exc}"

        async with PoliteFetcher(network, SetClock(datetime(2026, 7, 4, tzinfo=UTC))) as fetcher:
            for source in settings.sources:
                if source.enabled:
                    crawl.candidates[source.name] = await list_candidates(source, fetcher.fetch)
            urls = dict.fromkeys(item.url for found in crawl.candidates.values() for item in found)
            await asyncio.gather(*(visit(url) for url in urls))
        return crawl

    with SampleWeb(SAMPLE, edition=edition) as web:
        return asyncio.run(run(web.address))


def _expected() -> dict[str, dict[str, str]]:
    with (SAMPLE / "documents.jsonl").open(encoding="utf-8") as file:
        return {document["url"]: document for document in map(json.loads, file)}


@pytest.mark.parametrize("edition", [1, 2])
def test_every_source_gives_pages(edition: int) -> None:
    crawl = _crawl(edition)
    assert len(crawl.candidates) >= 10
    assert all(crawl.candidates.values())


def test_no_document_of_the_sample_is_missed_and_none_is_made_up() -> None:
    crawl = _crawl(2)
    assert set(_expected()) - set(crawl.read) == set()
    reasons = sorted(crawl.failed.values())
    assert len(reasons) == 2
    assert reasons[0].startswith("failed: ")
    assert "404" in reasons[0]
    assert reasons[1].startswith("refused: ")
    assert "robots.txt" in reasons[1]


@pytest.mark.parametrize("url", sorted(_expected()))
def test_a_page_is_read_to_the_letter(url: str) -> None:
    content, expected = _crawl(2).read[url], _expected()[url]
    if url.endswith(".pdf"):
        # The sheet's own letterhead, date and heading come before what the sample counts as its text.
        assert content.text.endswith(expected["text"])
    else:
        assert content.text == expected["text"]
    assert content.title == expected["title"]
    assert content.published is None or content.published.isoformat() == expected["published"]
    assert content.language is None or content.language.split("-")[0] == expected["language"]
    assert content.canonical_url in (None, url)


def test_every_document_has_its_day_from_the_page_or_from_the_source() -> None:
    crawl = _crawl(2)
    found = [item for items in crawl.candidates.values() for item in items]
    pointed = {crawl.landed[item.url]: item for item in found if item.url in crawl.landed}
    for url, expected in _expected().items():
        day = crawl.read[url].published or parse_published(pointed[url].published or "")
        assert day is not None, url
        assert day.isoformat() == expected["published"], url


def test_a_corrected_story_has_other_words() -> None:
    before, after = _crawl(1).read, _crawl(2).read
    assert [url for url in before if url in after and before[url].text != after[url].text]
