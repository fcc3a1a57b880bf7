"""Answers of the Federal Register API v1, `documents.json` (federalregister.gov/developers/documentation/api/v1)."""

from __future__ import annotations

from typing import Any

from tracker.errors import NotParsable
from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.urls import find_url
from tracker.types import Candidate

_API = "the Federal Register API"
FIELDS = ("title", "html_url", "publication_date", "document_number", "type")
"""What we ask the API for."""


class _Document(ApiModel):
    html_url: str
    title: str | None = None
    publication_date: str | None = None


class _Answer(ApiModel):
    count: int
    results: list[dict[str, Any]] | None = None
    next_page_url: str | None = None
    errors: Any = None


def parse_documents(body: bytes) -> ApiList:
    """The documents in the API's order (newest first, if it was asked so), by their pages on federalregister.gov.

    `published` is the publication date. No match at all (count 0) gives an empty list.

    Raises:
        NotParsable: an error in plain text or JSON under status 200, or another shape than the API documents.
    """
    answer = load_answer(body, _Answer, _API)
    if answer.errors:
        raise NotParsable(f"{_API} answered with an error: {str(answer.errors)[:120]}", reason="api_error")
    if answer.count and answer.results is None:
        raise NotParsable(f"{_API} counts {answer.count} documents but sends none", reason="api_error")
    candidates, last_at = [], None
    for document in load_entries(answer.results or (), _Document, _API):
        last_at = parse_instant(document.publication_date) or last_at
        if url := find_url(document.html_url, ""):
            candidates.append(Candidate(url, one_line(document.title), document.publication_date))
    return ApiList(tuple(candidates), answer.count, answer.next_page_url, last_at, len(answer.results or ()))
