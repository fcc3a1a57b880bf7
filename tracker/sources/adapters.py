"""One small adapter for each kind of source; `list_candidates` chooses it."""

from __future__ import annotations

import logging
import re
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from tracker.config import FederalRegisterSource, FeedSource, ListingSource, PageSource, SitemapSource, Source
from tracker.errors import FetchError, NotParsable
from tracker.ports import Ask
from tracker.read.federal_register import FIELDS, parse_documents
from tracker.read.feeds import parse_feed
from tracker.read.listings import find_next_page, parse_listing
from tracker.read.sitemaps import parse_sitemap
from tracker.read.urls import canonical_url
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)
MAX_SITEMAPS = 50
MAX_LISTING_PAGES = 20
MAX_API_PAGES = 20
_API_PAGE_SIZE = 100


async def list_candidates(source: Source, ask: Ask, since: datetime | None = None) -> tuple[Candidate, ...]:
    """The pages that a source points at now, in its own order, each address once (the first that is named).

    `since` is when the source was last listed with success (None: never).

    Addresses are canonical (`read.urls.canonical_url`). Nothing is filtered but what the source's own settings say.

    Raises:
        FetchError: the source could not be had (from `ask`), or it is not what its kind promises (NotParsable).
    """
    match source:
        case FeedSource():
            found = await _list_feed(source, ask)
        case SitemapSource():
            found = await _list_sitemap(source, ask)
        case ListingSource():
            found = await _list_listing(source, ask)
        case PageSource():
            found = [Candidate(canonical_url(source.url))]
        case FederalRegisterSource():
            found = await _list_federal_register(source, ask)
    first: dict[str, Candidate] = {}
    for candidate in found:
        first.setdefault(candidate.url, candidate)
    return tuple(first.values())


async def _list_feed(source: FeedSource, ask: Ask) -> list[Candidate]:
    response = await ask(source.url)
    return list(parse_feed(response.body, response.header("content-type"), response.final_url))


async def _list_sitemap(source: SitemapSource, ask: Ask) -> list[Candidate]:
    include = _compile_include(source)
    found: list[Candidate] = []
    waiting, seen = [source.url], {canonical_url(source.url)}
    read = 0
    failure: FetchError | None = None
    while waiting and read < MAX_SITEMAPS:
        url = waiting.pop(0)
        read += 1
        try:
            response = await ask(url)
            sitemap = parse_sitemap(response.body, response.final_url)
        except FetchError as exc:
            if url == source.url:
                raise
            # One file of an index that fails must not hide the pages of the others.
            _LOG.warning("%s: %s is left out: %s", source.name, url, exc)
            failure = exc
            continue
        found += [page for page in sitemap.pages if include is None or include.search(page.url)]
        fresh = [link for link in sitemap.sitemaps if link not in seen]
        seen.update(fresh)
        waiting += fresh
    if failure is not None and not found:
        raise failure
    if waiting:
        _LOG.warning("%s: %d sitemaps beyond the first %d are left out", source.name, len(waiting), MAX_SITEMAPS)
    return found


def _compile_include(source: SitemapSource) -> re.Pattern[str] | None:
    try:
        return re.compile(source.include) if source.include else None
    except re.error as exc:
        raise NotParsable(f"{source.name}: include: {source.include!r} is not a regular expression ({exc})") from exc


async def _list_listing(source: ListingSource, ask: Ask) -> list[Candidate]:
    found: list[Candidate] = []
    url: str | None = source.url
    seen: set[str] = set()
    while url is not None and canonical_url(url) not in seen and len(seen) < MAX_LISTING_PAGES:
        seen.add(canonical_url(url))
        response = await ask(url)
        kind, base = response.header("content-type"), response.final_url
        try:
            found += parse_listing(response.body, kind, base, source.items, source.link, source.date)
        except NotParsable:
            if not found:
                raise
            # A last page without entries ends the list; the first page has shown that the selectors are right.
            _LOG.info("%s: %s has no entries, the listing ends there", source.name, url)
            break
        url = _on_same_host(find_next_page(response.body, kind, base), base)
    return found


async def _list_federal_register(source: FederalRegisterSource, ask: Ask) -> list[Candidate]:
    found: list[Candidate] = []
    url: str | None = build_api_url(source)
    seen: set[str] = set()
    while url is not None and url not in seen and len(seen) < MAX_API_PAGES:
        seen.add(url)
        response = await ask(url)
        documents, following = parse_documents(response.body)
        found += documents
        url = _on_same_host(following, response.final_url)
    if url is not None:
        _LOG.warning("%s: documents beyond the first %d pages are left out", source.name, MAX_API_PAGES)
    return found


def build_api_url(source: FederalRegisterSource) -> str:
    """The query for a source's newest documents; a url that has a query of its own is taken as it is."""
    if urlsplit(source.url).query:
        return source.url
    query = [("per_page", str(_API_PAGE_SIZE)), ("order", "newest")]
    if source.term:
        query.append(("conditions[term]", source.term))
    query += [("conditions[agencies][]", agency) for agency in source.agencies]
    query += [("conditions[type][]", kind) for kind in source.types]
    query += [("fields[]", field) for field in FIELDS]
    return f"{source.url.rstrip('?')}?{urlencode(query, safe='[]')}"


def _on_same_host(url: str | None, base: str) -> str | None:
    """The address, if it is on the host that names it: an answer must not send us elsewhere."""
    if url is None:
        return None
    try:
        same = urlsplit(url).hostname == urlsplit(base).hostname and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return None
    if not same:
        _LOG.warning("%s names a next page on another host, which is not asked: %s", base, url[:200])
    return url if same else None
