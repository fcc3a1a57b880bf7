"""Sitemaps: an index is followed into its files, and what has not been touched since is left alone."""

from __future__ import annotations

import asyncio
import logging
import re
from datetime import date, datetime, timedelta

from tracker.errors import FetchError, NotParsable, Refused
from tracker.ports import Ask
from tracker.read.sitemaps import Sitemap, parse_sitemap
from tracker.read.urls import canonical_url
from tracker.sourcekinds import SitemapSource
from tracker.sources.paging import PartlyListed, go_back
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)
MAX_SITEMAPS = 50
_OVERLAP = timedelta(days=3)
_GONE = (404, 410)


async def list_sitemap(source: SitemapSource, ask: Ask, since: datetime | None) -> list[Candidate]:
    """The pages of a sitemap or of all files of an index whose address matches `include`, without those whose
    `lastmod` is older than `since`.

    Raises:
        FetchError: the sitemap itself, or every file of the index, could not be had or read.
        PartlyListed: a file of the index could not. One that is gone (404, 410) or that the host refuses us is logged
            alone, since asking again would change nothing.
    """
    include = re.compile(source.include) if source.include else None
    back = go_back(since, _OVERLAP)
    touched_since: date | None = back.date() if back else None
    found: list[Candidate] = []
    waiting, seen = [source.url], {canonical_url(source.url)}
    read, all_pages, older = 0, 0, 0
    failure: FetchError | None = None
    lost: FetchError | None = None
    while waiting and read < MAX_SITEMAPS:
        url = waiting.pop(0)
        read += 1
        try:
            sitemap = await _load(url, ask, touched_since)
        except FetchError as exc:
            if url == source.url:
                raise
            # One file of an index that fails must not hide the pages of the others.
            _LOG.warning("%s: %s is left out: %s", source.name, url, exc)
            failure = exc
            lost = lost or (None if exc.status in _GONE or isinstance(exc, Refused) else exc)
            continue
        all_pages += len(sitemap.pages)
        older += sitemap.older
        found += [page for page in sitemap.pages if include is None or include.search(page.url)]
        fresh = [link for link in sitemap.sitemaps if link not in seen]
        seen.update(fresh)
        waiting += fresh
    if failure is not None and not found:
        raise failure
    if all_pages and not found and not older and since is None:
        raise NotParsable(
            f"{source.url}: include: {source.include!r} matches none of {all_pages} addresses", reason="layout"
        )
    if waiting:
        _LOG.warning("%s: %d sitemaps beyond the first %d are left out", source.name, len(waiting), MAX_SITEMAPS)
    if lost is not None:
        raise PartlyListed(found, lost)
    return found


async def _load(url: str, ask: Ask, touched_since: date | None) -> Sitemap:
    response = await ask(url)
    # Tens of thousands of entries would hold up all other sources.
    return await asyncio.to_thread(parse_sitemap, response.body, response.final_url, touched_since)
