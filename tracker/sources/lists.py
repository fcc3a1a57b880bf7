"""Lists over several pages, newest first, that only say by their entries how far back they reach."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urljoin

from tracker.errors import FetchFailed, NotParsable
from tracker.ports import Ask
from tracker.read.dates import parse_published
from tracker.read.urls import canonical_url
from tracker.sourcekinds import PagedSource
from tracker.sources.paging import PartlyListed, on_same_origin, tells_end
from tracker.types import Candidate, Response

_LOG = logging.getLogger(__name__)
_OVERLAP = timedelta(days=3)
_SHORT_GAP = timedelta(days=3)
_UNDATED_PAGES = 2
"""So many pages of a list without dates are asked for where the last time was not long ago."""

_REPEATED_PAGES = 2
"""So many pages in a row without a new entry end the list; one may be the first page under its other name."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a list, and the next one where the page itself names it."""

    candidates: tuple[Candidate, ...]
    following: str | None = None


Parse = Callable[[Response], ListPage]


async def collect_list(source: PagedSource, ask: Ask, since: datetime | None, parse: Parse) -> list[Candidate]:
    """The entries of all pages that may hold what is newer than `since`; on the first run up to `max_pages`.

    The list ends with a page that is missing or empty, or with two that hold nothing new.

    Raises:
        FetchError: the first page could not be had or read.
        PartlyListed: a later one could not, in a way that does not say that it is the end of the list. What cannot be
            read is taken for the end on the first run alone, which need not reach anything.
    """
    found: list[Candidate] = []
    known: set[str] = set()
    url: str | None = source.url
    asked: set[str] = set()
    repeated = 0
    while url is not None and canonical_url(url) not in asked:
        if len(asked) >= source.max_pages:
            if since is not None:
                _LOG.warning("%s: what is beyond %d pages is left out (max_pages)", source.name, source.max_pages)
            break
        asked.add(canonical_url(url))
        try:
            response = await ask(url)
            page = await asyncio.to_thread(parse, response)  # a large list would hold up all other sources
        except (FetchFailed, NotParsable) as error:
            if len(asked) == 1:
                raise
            if not tells_end(error) and not (since is None and isinstance(error, NotParsable)):
                raise PartlyListed(found, error) from error
            _LOG.info("%s: the list ends before %s (%s)", source.name, url, error.detail)
            break
        fresh = [item for item in page.candidates if item.url not in known]
        known.update(item.url for item in fresh)
        found += fresh
        repeated = 0 if fresh else repeated + 1
        if repeated == _REPEATED_PAGES or _reaches(page, since, response.fetched_at, len(asked)):
            break
        url = _next_page(source, page, response.final_url, len(asked))
    return found


def _reaches(page: ListPage, since: datetime | None, asked_at: datetime, number: int) -> bool:
    """Whether the page goes back to `since`: by its last entry that has a date (what is pinned stands first), or,
    without any date, by how long ago that is."""
    if since is None:
        return False
    for candidate in reversed(page.candidates):
        if day := parse_published(candidate.published or ""):
            return day < (since - _OVERLAP).date()
    return asked_at - since <= _SHORT_GAP and number >= _UNDATED_PAGES


def _next_page(source: PagedSource, page: ListPage, base: str, number: int) -> str | None:
    if source.pages is None:
        return on_same_origin(page.following, base)
    return urljoin(source.url, source.pages.replace("{n}", str(source.pages_from + number - 1)))
