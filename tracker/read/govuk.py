"""Answers of the GOV.UK search API (docs.publishing.service.gov.uk/repos/search-api/using-the-search-api.html)."""

from __future__ import annotations

from typing import Any

from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.urls import find_url
from tracker.types import Candidate

_API = "the GOV.UK search API"
FIELDS = ("title", "link", "public_timestamp")
"""What we ask the API for."""


class _Result(ApiModel):
    link: str
    title: str | None = None
    public_timestamp: str | None = None


class _Answer(ApiModel):
    results: list[dict[str, Any]]
    total: int


def parse_results(body: bytes, url: str) -> ApiList:
    """The documents, by their pages; `published` is `public_timestamp`, which a later edit of substance moves.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    answer = load_answer(body, _Answer, _API)
    candidates, last_at = [], None
    for result in load_entries(answer.results, _Result, _API):
        last_at = parse_instant(result.public_timestamp) or last_at
        if link := find_url(result.link, url):
            candidates.append(Candidate(link, one_line(result.title), result.public_timestamp))
    return ApiList(tuple(candidates), answer.total, None, last_at, len(answer.results))
