"""Answers of the CourtListener search API v4 (courtlistener.com/help/api/rest/v4/search)."""

from __future__ import annotations

from typing import Any

from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.urls import find_url
from tracker.types import Candidate

_API = "the CourtListener API"
_SITE = "https://www.courtlistener.com"
_STORAGE = "https://storage.courtlistener.com/"
"""Where the files of the RECAP archive lie for everybody; `filepath_local` is a path in it."""


class _Filing(ApiModel):
    absolute_url: str | None = None
    filepath_local: str | None = None
    is_available: bool = False
    short_description: str | None = None
    description: str | None = None
    entry_date_filed: str | None = None


class _Opinion(ApiModel):
    local_path: str | None = None


class _Result(_Filing):
    caseName: str | None = None  # noqa: N815 (the API's own names)
    dateFiled: str | None = None  # noqa: N815
    docket_absolute_url: str | None = None
    recap_documents: list[dict[str, Any]] = []  # noqa: RUF012
    opinions: list[dict[str, Any]] = []  # noqa: RUF012


class _Answer(ApiModel):
    count: int
    results: list[dict[str, Any]]
    next: str | None = None


def parse_results(body: bytes) -> ApiList:
    """Filings and opinions by the files of the archive, which is there for everybody; a docket or opinion of which it
    has none by its page, which the host keeps from programs (robots.txt), so that it is on record.

    `published` is the day of filing. `last_at` is that of the last result.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    answer = load_answer(body, _Answer, _API)
    candidates: list[Candidate] = []
    last_at = None
    for result in load_entries(answer.results, _Result, _API):
        last_at = parse_instant(result.entry_date_filed or result.dateFiled) or last_at
        candidates += _files(result) or _page(result)
    return ApiList(tuple(candidates), answer.count, answer.next, last_at, len(answer.results))


def _files(result: _Result) -> list[Candidate]:
    found = _filing(result, result.caseName)
    for filing in load_entries(result.recap_documents, _Filing, _API):
        found += _filing(filing, result.caseName)
    for opinion in load_entries(result.opinions, _Opinion, _API):
        if url := find_url(opinion.local_path, _STORAGE):
            found.append(Candidate(url, one_line(result.caseName), result.dateFiled))
    return found


def _page(result: _Result) -> list[Candidate]:
    if result.entry_date_filed is not None:
        return []  # a filing that the archive does not hold
    page = find_url(result.docket_absolute_url or result.absolute_url, _SITE)
    return [Candidate(page, one_line(result.caseName), result.dateFiled)] if page else []


def _filing(filing: _Filing, case: str | None) -> list[Candidate]:
    """The PDF, titled by its case and its own description; nothing where the archive does not hold it."""
    url = find_url(filing.filepath_local, _STORAGE) if filing.is_available else None
    if url is None:
        return []
    own = filing.short_description or filing.description or "filing"
    return [Candidate(url, one_line(f"{case}: {own}" if case else own), filing.entry_date_filed)]
