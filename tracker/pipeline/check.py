"""Check: one polite look at a source, to see whether it gives what its configuration says."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tracker.config import Source
from tracker.errors import FetchError, FetchFailed, KeyMissing, Refused
from tracker.health import ADVICE
from tracker.pipeline.progress import Progress, silent
from tracker.ports import Fetcher
from tracker.read.dates import parse_published
from tracker.read.pages import read_page
from tracker.read.urls import keeps_to_origin
from tracker.sourcekinds import PagedSource, WarcSource
from tracker.sources import auth_headers, list_candidates
from tracker.types import Candidate, PageContent, Response

STAGE = "check"
MAX_LIST_REQUESTS = 3
"""Of a source's list; robots.txt and one page come on top."""
_FEW_CHARS = 400
"""A page with less text than this was probably drawn by a program, or is a teaser."""
_AT_FIRST = {"layout": "look at the page and correct the selectors", "dns": "is the host's name right?"}
"""What to do about a source that has never worked, where that is not what one would do when it stops (`ADVICE`)."""

Verdict = Literal["works", "doubtful", "fails", "refused", "skipped"]


@dataclass(frozen=True)
class SourceCheck:
    """What a look at a source showed."""

    source: Source
    verdict: Verdict
    items: int = 0
    dated: int = 0
    newest: date | None = None
    requests: int = 0
    first: str | None = None
    """The page that was looked at."""
    title: str | None = None
    text_chars: int | None = None
    language: str | None = None
    published: date | None = None
    notes: tuple[str, ...] = ()
    """What is wrong or doubtful, each with what to do."""


@dataclass
class _Look:
    """What has been seen so far."""

    source: Source
    fetcher: Fetcher
    environ: Mapping[str, str]
    requests: int = 0
    is_cut: bool = False
    notes: list[str] = field(default_factory=list)

    async def ask(self, url: str, *, headers: Mapping[str, str] | None = None) -> Response:
        if self.requests >= MAX_LIST_REQUESTS:
            self.is_cut = True
            raise FetchFailed(f"a check asks for at most {MAX_LIST_REQUESTS} parts of a list", reason="budget")
        self.requests += 1
        return await self.fetcher.fetch(url, None, headers)


async def check_sources(
    sources: Sequence[Source],
    fetcher: Fetcher,
    progress: Progress = silent,
    environ: Mapping[str, str] = os.environ,
) -> list[SourceCheck]:
    """Look at each source: its robots.txt (by the fetcher), its list, and the first page that it points at.

    No page is stored, and nothing is asked twice. What cannot be had or read is told in the check, never raised.
    """
    done = 0

    async def check(source: Source) -> SourceCheck:
        nonlocal done
        found = await _check(_Look(_modest(source), fetcher, environ))
        done += 1
        progress(STAGE, done, len(sources))
        return replace(found, source=source)

    progress(STAGE, 0, len(sources))
    return list(await asyncio.gather(*(check(source) for source in sources)))


def _modest(source: Source) -> Source:
    """The source, asking for no more than one page of its list where its kind lets it."""
    limit = {"max_pages": 1} if isinstance(source, PagedSource) else {}
    if "max_documents" in type(source).model_fields:
        limit = {"max_documents": 100}
    return source.model_copy(update=limit)


async def _check(look: _Look) -> SourceCheck:
    source = look.source
    if isinstance(source, WarcSource):
        note = f"an archive has no list to look at: `tracker collect {source.name}` reads it"
        return SourceCheck(source, "skipped", notes=(note,))
    try:
        candidates = await list_candidates(source, look.ask, None, environ=look.environ)
    except KeyMissing as error:
        return SourceCheck(source, "skipped", notes=(error.detail,))
    except Refused as error:
        return SourceCheck(source, "refused", requests=look.requests, notes=(error.detail,))
    except FetchError as error:
        if look.is_cut:
            note = "the list is long; its beginning can be had, and the rest was not asked for"
            return SourceCheck(source, "works", requests=look.requests, notes=(note,))
        return SourceCheck(source, "fails", requests=look.requests, notes=(_advised(error),))
    days = [day for item in candidates if (day := parse_published(item.published or ""))]
    found = SourceCheck(
        source, "works", len(candidates), len(days), max(days, default=None), look.requests,
    )  # fmt: skip
    if not candidates:
        note = "the list is empty: nothing matches now, or the query, `include` or the address is wrong"
        return replace(found, verdict="doubtful", notes=(note,))
    return await _check_page(look, found, candidates)


def _advised(error: FetchError) -> str:
    """What went wrong, with what to do about it where the reason says."""
    hint = _AT_FIRST.get(error.reason) or ADVICE.get(error.reason)
    if error.status in (404, 410):
        hint = "is the address right?"
    return f"{error.detail}; {hint}" if hint else error.detail


async def _check_page(look: _Look, found: SourceCheck, candidates: Sequence[Candidate]) -> SourceCheck:
    """The first page of the list, with the newest date first, asked for as the collector would."""
    first = max(candidates, key=lambda item: parse_published(item.published or "") or date.min)
    source = look.source
    found = replace(found, first=first.url)
    try:
        headers = auth_headers(source, look.environ) if keeps_to_origin(first.url, source.url) else {}
        response = await look.fetcher.fetch(first.url, None, headers or None)
        content = read_page(response.body, response.header("content-type"), response.final_url)
    except Refused as error:
        return replace(found, verdict="refused", notes=(f"the list can be had, its pages not: {error.detail}",))
    except FetchError as error:
        return replace(found, verdict="doubtful", notes=(f"the list can be had, its first page not: {error.detail}",))
    notes = tuple(_doubts(source, first, content))
    return replace(
        found, verdict="doubtful" if notes else "works", title=content.title or first.title,
        text_chars=len(content.text), language=content.language, published=content.published, notes=notes,
    )  # fmt: skip


def _doubts(source: Source, first: Candidate, content: PageContent) -> list[str]:
    notes = []
    if len(content.text) < _FEW_CHARS:
        notes.append(f"the first page gives only {len(content.text)} characters of text: is it drawn by a program?")
    if not content.published and not parse_published(first.published or ""):
        notes.append("neither the list nor the page states a date that can be read")
    own = source.language.split("-")[0].lower()
    if content.language and content.language.split("-")[0].lower() != own and source.kind != "gdelt":
        notes.append(f"the page says that its language is {content.language}, the configuration says {source.language}")
    return notes
