"""What the adapters share: pages of a list, windows of an API that ends its answers at a limit, how far back to go."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tracker.errors import FetchError, FetchFailed, NotParsable
from tracker.ports import Ask
from tracker.read.api_answers import ApiList
from tracker.read.urls import keeps_to_origin
from tracker.types import Candidate, Response

_LOG = logging.getLogger(__name__)
MAX_REQUESTS = 200
"""Of one source's list in one run, whatever the API says."""
_GONE = frozenset({400, 404, 410, 422})
"""Statuses by which hosts say that a list has no such page."""

Parse = Callable[[Response], ApiList]


class PartlyListed(FetchFailed):
    """Only a part of the list could be had."""

    def __init__(self, candidates: Sequence[Candidate], why: FetchError) -> None:
        """Keep what was had, and say why there is no more: the run counts as failed, and the next goes back as far."""
        super().__init__(why.detail, reason=why.reason, status=why.status)
        self.outcome, self.candidates = why.outcome, tuple(candidates)


def go_back(since: datetime | None, overlap: timedelta, start: date | None = None) -> datetime | None:
    """From when on a list is wanted: `overlap` before it was last listed, or `start` if that is later or the first run.

    The overlap takes in what appeared late under an earlier date, and what a crash left unfetched.
    """
    first = datetime(start.year, start.month, start.day, tzinfo=UTC) if start else None
    if since is None:
        return first
    return max(since - overlap, first) if first else since - overlap


def on_same_origin(url: str | None, base: str) -> str | None:
    """The address, if it is on the origin that names it: an answer must not send us, or our key, elsewhere. A host that
    is asked by https and names itself by http is asked by https all the same."""
    if url is None:
        return None
    secure = f"https{url[4:]}" if url.startswith("http:") else url
    for kept in (url, secure):
        if keeps_to_origin(kept, base):
            return kept
    _LOG.warning("%s names a next page on another host, which is not asked: %s", base, url[:200])
    return None


def tells_end(error: FetchFailed | NotParsable) -> bool:
    """Whether a page after the first failed in a way that says that the list has ended."""
    if isinstance(error, NotParsable):
        return error.reason == "layout"  # a page of the list's kind, without an entry
    return error.status in _GONE


def turned(page: ApiList, url: str, key: str, by: int, size: int) -> ApiList:
    """A page of a list whose pages are counted in the query, with the address of the one after it.

    Args:
        url: the page's own address.
        key: the parameter that counts, such as "start" or "page[number]".
        by: what it grows by from page to page.
        size: how many entries a full page holds; one with fewer is the last.
    """
    if page.entries < size:
        return page
    parts = urlsplit(url)
    query = [(name, str(int(value) + by) if name == key else value) for name, value in parse_qsl(parts.query)]
    return replace(page, following=urlunsplit(parts._replace(query=urlencode(query, safe="[]:,"))))


async def collect_pages(first: str, ask: Ask, parse: Parse, *, limit: int, until: datetime | None = None) -> ApiList:
    """An API's list over all its pages, as one, up to `limit` entries or to what is older than `until`.

    Raises:
        FetchError: a page could not be had or read: half of a list is not passed off as the whole.
    """
    url: str | None = first
    seen: set[str] = set()
    candidates: list[Candidate] = []
    entries, total, last_at = 0, None, None
    while url is not None and url not in seen and len(seen) < MAX_REQUESTS:
        seen.add(url)
        response = await ask(url)
        page = await asyncio.to_thread(parse, response)
        candidates += page.candidates
        entries += page.entries
        total, last_at = page.total, page.last_at or last_at
        if not page.entries or entries >= limit or (until and last_at and last_at < until):
            following = on_same_origin(page.following, first)
            is_cut = following is not None and 0 < limit <= entries and (total is None or total > entries)
            is_cut = is_cut and not (until and last_at and last_at < until)
            return ApiList(tuple(candidates), total, following, last_at, entries, is_cut)
        url = on_same_origin(page.following, first)
    url = None if url in seen else url
    return ApiList(tuple(candidates), total, url, last_at, entries, url is not None)


def told_if_cut(listed: ApiList, candidates: Sequence[Candidate], since: datetime | None, name: str) -> list[Candidate]:
    """The candidates of a list; a cut is logged on the first run, which goes as far as the limit, and no later.

    Raises:
        PartlyListed: `since` was not reached.
    """
    if listed.is_cut:
        why = f"what comes after the first {listed.entries} entries is left out; set a higher max_documents"
        if since is not None:
            raise PartlyListed(candidates, FetchFailed(f"since {since:%Y-%m-%d}: {why}", reason="cut"))
        _LOG.warning("%s: %s, or a later start", name, why)
    return list(candidates)


async def collect_windows(
    build: Callable[[datetime | None], str], ask: Ask, parse: Parse, *, cap: int, step: timedelta, max_documents: int,
    name: str,
) -> list[Candidate]:  # fmt: skip
    """Everything of a query whose answers, newest first, end at `cap` entries.

    A window that is full is followed by one that ends where the full one's oldest entry lies, so that nothing between
    two windows is lost. Entries of one and the same instant (`step` is the finest that the API tells apart) that are
    more than `cap` cannot be told apart by time: that is logged, and the window before them follows.

    Args:
        build: the address of the window that ends at an instant (None: now).
        max_documents: where the collecting ends at the latest; that is logged.
        name: the source's, for the log.
    """
    found: list[Candidate] = []
    entries, end = 0, None
    for _ in range(MAX_REQUESTS):
        window = await collect_pages(build(end), ask, parse, limit=min(cap, max_documents - entries))
        found += window.candidates
        entries += window.entries
        if window.last_at is None or window.entries == 0 or not _is_full(window, cap):
            return found
        if entries >= max_documents:
            _LOG.warning("%s: what is older than the first %d entries is left out (max_documents)", name, entries)
            return found
        if end is not None and window.last_at >= end:
            _LOG.warning("%s: more than %d entries of %s; the rest of them is left out", name, cap, end.isoformat())
            end -= step
        else:
            end = window.last_at
    _LOG.warning("%s: what is older than the first %d entries is left out (%d queries)", name, entries, MAX_REQUESTS)
    return found


def _is_full(window: ApiList, cap: int) -> bool:
    """Whether the window may hold more than we were given."""
    if window.total is not None:
        return window.total > window.entries
    return window.entries >= cap or window.following is not None
