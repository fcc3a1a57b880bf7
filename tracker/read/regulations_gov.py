"""Answers of the regulations.gov API v4 (open.gsa.gov/api/regulationsgov): lists of documents, and one document."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from tracker.read.api_answers import ApiList, ApiModel, load_answer, load_entries, one_line, parse_instant
from tracker.read.dates import parse_published
from tracker.read.texts import clean_text
from tracker.types import Candidate, PageContent

_API = "the regulations.gov API"
_PAGE = "https://www.regulations.gov/document/"


class _Attributes(ApiModel):
    title: str | None = None
    postedDate: str | None = None  # noqa: N815 (the API's own names)
    lastModifiedDate: str | None = None  # noqa: N815
    agencyId: str | None = None  # noqa: N815
    docketId: str | None = None  # noqa: N815
    documentType: str | None = None  # noqa: N815
    docAbstract: str | None = None  # noqa: N815
    summary: str | None = None
    comment: str | None = None
    commentStartDate: str | None = None  # noqa: N815
    commentEndDate: str | None = None  # noqa: N815
    frDocNum: str | None = None  # noqa: N815
    withdrawn: bool | None = None


class _Document(ApiModel):
    id: str
    attributes: _Attributes


class _Meta(ApiModel):
    totalElements: int | None = None  # noqa: N815


class _List(ApiModel):
    data: list[dict[str, Any]]
    meta: _Meta = _Meta()


class _One(ApiModel):
    data: _Document


def parse_documents(body: bytes, url: str) -> ApiList:
    """The documents, each by its own answer under `url` (its web page is drawn by a program); `published` is the day of
    posting, `last_at` the last change of the last document.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    answer = load_answer(body, _List, _API)
    api = url.partition("?")[0].rstrip("/")
    candidates, last_at = [], None
    for document in load_entries(answer.data, _Document, _API):
        about = document.attributes
        last_at = parse_instant(about.lastModifiedDate) or last_at
        candidates.append(Candidate(f"{api}/{quote(document.id)}", one_line(about.title), about.postedDate))
    return ApiList(tuple(candidates), answer.meta.totalElements, None, last_at, len(answer.data))


def read_document(body: bytes) -> PageContent:
    """One document as a text: what it is, its abstract in its own words, and until when comments are taken.

    Raises:
        NotParsable: an error, or another shape than the API documents.
    """
    document = load_answer(body, _One, _API).data
    about = document.attributes
    posted = parse_published(about.postedDate or "")
    kind = about.documentType or "Document"
    where = f" in docket {about.docketId}" if about.docketId else ""
    lines = [
        one_line(about.title),
        f"{kind} of {about.agencyId or 'an agency'}{where}, posted on {posted:%B} {posted.day}, {posted.year}."
        if posted
        else None,
        "It was withdrawn." if about.withdrawn else None,
        about.docAbstract,
        about.summary,
        about.comment,
        _comment_period(about),
        f"Federal Register document {about.frDocNum}." if about.frDocNum else None,
    ]
    return PageContent(
        text=clean_text("\n\n".join(line for line in lines if line)),
        title=one_line(about.title),
        published=posted,
        language="en",
        canonical_url=f"{_PAGE}{document.id}",
    )


def _comment_period(about: _Attributes) -> str | None:
    """Until when comments are taken. The API gives the last second of that day in Washington as UTC, so that an hour of
    the day before is looked at, whether or not it is summer."""
    end = parse_instant(about.commentEndDate)
    last = end - timedelta(hours=5) if end else None
    return f"Comments are taken until {last:%B} {last.day}, {last.year}." if last else None
