"""Answers of the Federal Register API v1, `documents.json` (federalregister.gov/developers/documentation/api/v1)."""

from __future__ import annotations

import re
from typing import Any

from tracker.errors import NotParsable
from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.urls import find_url
from tracker.types import Candidate

_API = "the Federal Register API"
FIELDS = ("title", "html_url", "raw_text_url", "publication_date", "document_number", "type")
"""What we ask the API for."""

_RAW_TEXT = re.compile(r"https?://www\.federalregister\.gov/documents/full_text/text/[\d/]+/(?P<number>[\w-]+)\.txt$")


def find_citation(url: str) -> str | None:
    """The lasting address of the document (federalregister.gov/d/NUMBER) whose raw text an address gives, or None."""
    match = _RAW_TEXT.match(url)
    return f"https://www.federalregister.gov/d/{match['number']}" if match else None


class _Document(ApiModel):
    html_url: str
    raw_text_url: str | None = None
    title: str | None = None
    publication_date: str | None = None


class _Answer(ApiModel):
    count: int
    results: list[dict[str, Any]] | None = None
    next_page_url: str | None = None
    errors: Any = None


def parse_documents(body: bytes) -> ApiList:
    """The documents in the API's order (newest first, if it was asked so), by their text, which the host gives to
    programs, else by their pages, where it wants proof that somebody is no program.

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
        if url := find_url(document.raw_text_url or document.html_url, ""):
            candidates.append(Candidate(url, one_line(document.title), document.publication_date))
    return ApiList(tuple(candidates), answer.count, answer.next_page_url, last_at, len(answer.results or ()))
