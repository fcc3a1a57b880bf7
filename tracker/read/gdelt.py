"""Answers of GDELT DOC 2.0 in mode artlist (blog.gdeltproject.org/gdelt-doc-2-0-api-debuts)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tracker.errors import NotParsable
from tracker.read.api_answers import (
    ApiList,
    ApiModel,
    find_told_error,
    first_words,
    load_answer,
    load_entries,
    one_line,
)
from tracker.read.urls import find_url
from tracker.types import Candidate

_API = "GDELT"
_ADVICE = (
    (
        "limit requests",
        "it wants at most one request in 5 seconds, also over several programs at one address: ask later",
    ),
    ("too short", "a term of the query has fewer than three letters, or the query or its period is too short"),
    ("too common", "a term of the query is too common: make it narrower"),
    ("or'd", "OR wants brackets round its terms"),
    ("parentheses", "OR wants brackets round its terms"),
    ("timespan", "the period is none that it holds (about three months)"),
    ("date", "the period is none that it holds (about three months)"),
)
"""Words of the plain text that it answers with instead of JSON, often under status 200, and what to do."""


class _Article(ApiModel):
    url: str
    title: str | None = None
    seendate: str | None = None
    domain: str | None = None
    language: str | None = None


class _Answer(ApiModel):
    articles: list[dict[str, Any]] | None = None
    """Missing where nothing matches."""


def parse_articles(body: bytes) -> ApiList:
    """The stories, each with the host and the language that GDELT names; `published` stays None, since `seendate` says
    when GDELT saw the page, not when it was published. `last_at` is the last `seendate`.

    Raises:
        NotParsable: an error in plain text, with what to do about it, or another shape than is documented.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        words = first_words(body)
        advice = next((advice for mark, advice in _ADVICE if mark in words.lower()), None)
        why = f"; {advice}" if advice else ""
        raise NotParsable(f"{_API} answered with text instead of JSON: {words!r}{why}", reason="api_error")
    answer = load_answer(body, _Answer, _API)
    if answer.articles is None and (told := find_told_error(body)):
        raise NotParsable(f"{_API} answered with an error: {told}", reason="api_error")
    articles = answer.articles or []
    candidates, last_at = [], None
    for article in load_entries(articles, _Article, _API):
        last_at = _parse_seen(article.seendate) or last_at
        if url := find_url(article.url, ""):
            candidates.append(
                Candidate(url, one_line(article.title), publisher=article.domain or None, language=article.language)
            )
    return ApiList(tuple(candidates), None, None, last_at, len(articles))


def _parse_seen(text: str | None) -> datetime | None:
    try:
        return datetime.strptime(text or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
