"""Answers of the Federal Register API v1, `documents.json` (federalregister.gov/developers/documentation/api/v1)."""

from __future__ import annotations

import logging
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import NotParsable
from tracker.read.urls import find_url
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)

FIELDS = ("title", "html_url", "publication_date", "document_number", "type")
"""What we ask the API for."""


class _Document(BaseModel):
    model_config = ConfigDict(extra="ignore")

    html_url: str
    title: str | None = None
    publication_date: str | None = None


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    count: int
    results: list[dict[str, Any]] | None = None
    next_page_url: str | None = None
    errors: Any = None


def parse_documents(body: bytes) -> tuple[tuple[Candidate, ...], str | None]:
    """(documents in the API's order, address of the next page or None).

    `published` is the publication date, `url` the document's page. No match at all (count 0) gives ((), None).

    Raises:
        NotParsable: an error in plain text or JSON under status 200, or another shape than the API documents.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        raise NotParsable(f"the API answered with text instead of JSON: {_first_words(body)!r}")
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError as exc:
        first = exc.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the answer"
        raise NotParsable(
            f"the API's answer has another shape ({where}: {first['msg']}): {_first_words(body)!r}"
        ) from exc
    if answer.errors:
        raise NotParsable(f"the API answered with an error: {str(answer.errors)[:120]}")
    if answer.count and answer.results is None:
        raise NotParsable(f"the API counts {answer.count} documents but sends none")
    candidates = []
    for raw in answer.results or ():
        try:
            document = _Document.model_validate(raw)
        except ValidationError as exc:
            _LOG.warning("document %s is skipped: %s", raw.get("document_number"), exc.errors()[0]["msg"])
            continue
        url = find_url(document.html_url, "")
        if url is None:
            _LOG.warning("document %s is skipped: its address is no address", raw.get("document_number"))
            continue
        title = " ".join((document.title or "").split()) or None
        candidates.append(Candidate(url, title, document.publication_date))
    return tuple(candidates), answer.next_page_url


def _first_words(body: bytes) -> str:
    return " ".join(body[:400].decode("utf-8", "replace").split())[:80]
