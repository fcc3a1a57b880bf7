"""One small adapter for each kind of source; `list_candidates` chooses it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime

from tracker.errors import NotParsable
from tracker.ports import Ask
from tracker.read.urls import canonical_url
from tracker.sourcekinds import (
    ArxivSource,
    CongressSource,
    CourtListenerSource,
    FederalRegisterSource,
    FeedSource,
    GdeltSource,
    GovInfoSource,
    GovUkSource,
    ListingSource,
    PageSource,
    RegulationsGovSource,
    SitemapSource,
    SiteSource,
    Source,
    WarcSource,
)
from tracker.sources.arxiv import list_arxiv
from tracker.sources.congress import list_congress
from tracker.sources.courtlistener import list_courtlistener
from tracker.sources.federal_register import list_federal_register
from tracker.sources.feeds import list_feed
from tracker.sources.gdelt import list_gdelt
from tracker.sources.govinfo import list_govinfo
from tracker.sources.govuk import list_govuk
from tracker.sources.keys import with_key
from tracker.sources.listings import list_listing
from tracker.sources.paging import PartlyListed
from tracker.sources.regulations_gov import list_regulations_gov
from tracker.sources.sitemaps import list_sitemap
from tracker.sources.sites import list_site
from tracker.types import Candidate


async def list_candidates(
    source: Source, ask: Ask, since: datetime | None = None, *, environ: Mapping[str, str] = os.environ
) -> tuple[Candidate, ...]:
    """The pages that a source points at, in its own order, each address once (the first that is named).

    `since` is when the source was last listed with success: a list is then followed back to that instant and some time
    before it, over its pages or in windows of its dates, and no further. None: as far as the source's settings say.
    Addresses are canonical (`read.urls.canonical_url`). `environ` holds the keys.

    Raises:
        FetchError: the source could not be had (from `ask`), it is not what its kind promises (NotParsable), or it
            wants a key that is not there (KeyMissing).
        PartlyListed: a FetchError that holds the candidates of the part that was had.
    """
    try:
        return _first_of_each(await _list(source, with_key(source, ask, environ), since))
    except PartlyListed as error:
        error.candidates = _first_of_each(error.candidates)
        raise


def _first_of_each(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    first: dict[str, Candidate] = {}
    for candidate in found:
        first.setdefault(candidate.url, candidate)
    return tuple(first.values())


async def _list(source: Source, ask: Ask, since: datetime | None) -> list[Candidate]:
    match source:
        case FeedSource():
            return await list_feed(source, ask, since)
        case SitemapSource():
            return await list_sitemap(source, ask, since)
        case ListingSource():
            return await list_listing(source, ask, since)
        case SiteSource():
            return await list_site(source, ask, since)
        case PageSource():
            return await _list_page(source, ask)
        case FederalRegisterSource():
            return await list_federal_register(source, ask, since)
        case GovInfoSource():
            return await list_govinfo(source, ask, since)
        case CongressSource():
            return await list_congress(source, ask, since)
        case RegulationsGovSource():
            return await list_regulations_gov(source, ask, since)
        case CourtListenerSource():
            return await list_courtlistener(source, ask, since)
        case GdeltSource():
            return await list_gdelt(source, ask, since)
        case GovUkSource():
            return await list_govuk(source, ask, since)
        case ArxivSource():
            return await list_arxiv(source, ask, since)
        case WarcSource():
            raise NotParsable(f"{source.name} is an archive: `tracker collect {source.name}` reads it, it has no list")


async def _list_page(source: PageSource, ask: Ask) -> list[Candidate]:
    """The page is its own list: asking for it is the visit, at each turn of the source, however old the page is."""
    url = canonical_url(source.url)
    await ask(url)
    return [Candidate(url)]
