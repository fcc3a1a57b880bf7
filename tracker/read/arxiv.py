"""Answers of the arXiv API: Atom with OpenSearch counts (info.arxiv.org/help/api/user-manual.html, section 3)."""

from __future__ import annotations

import io
import re
from typing import Any

import feedparser

from tracker.errors import NotParsable
from tracker.read.api_answers import ApiList, first_words, one_line, parse_instant
from tracker.read.feeds import MAX_ENTITIES
from tracker.types import Candidate

_API = "the arXiv API"
_PAPER = re.compile(r"arxiv\.org/abs/(?P<id>[\w.-]+(?:/\d+)?)$")


def parse_papers(body: bytes) -> ApiList:
    """The papers, by their abstract pages without a version, so that a new version is a change of the same document;
    `published` is the date of version 1.

    Raises:
        NotParsable: no Atom, or the entry titled Error by which the API tells what it does not like.
    """
    if not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") or body.count(b"<!ENTITY") > MAX_ENTITIES:
        raise NotParsable(f"{_API} answered with text instead of Atom: {first_words(body)!r}", reason="api_error")
    parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/atom+xml"})
    if not parsed.get("version"):
        raise NotParsable(f"{_API} answered with something else than Atom: {first_words(body)!r}")
    candidates, last_at = [], None
    for entry in parsed.entries:
        _check_error(entry)
        last_at = parse_instant(entry.get("published")) or last_at
        if found := _PAPER.search(str(entry.get("id", ""))):
            url = f"https://arxiv.org/abs/{re.sub(r'v[0-9]+$', '', found['id'])}"
            candidates.append(Candidate(url, one_line(entry.get("title")), entry.get("published")))
    return ApiList(tuple(candidates), _total(parsed.feed), None, last_at, len(parsed.entries))


def _check_error(entry: Any) -> None:
    if "/api/errors" in str(entry.get("id", "")):
        told = one_line(entry.get("summary")) or "no reason given"
        raise NotParsable(f"{_API} answered with an error: {told[:160]}", reason="api_error")


def _total(feed: Any) -> int | None:
    text = str(feed.get("opensearch_totalresults", ""))
    return int(text) if text.isdecimal() else None
