"""Feeds: RSS and Atom (by feedparser), JSON Feed 1.0 and 1.1 (jsonfeed.org). Which one is found out from the bytes."""

from __future__ import annotations

import html
import io
import logging
import re
from typing import Any

import feedparser
from pydantic import BaseModel, ConfigDict, ValidationError

from tracker.errors import NotParsable
from tracker.read.urls import find_url
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)
_HTML = re.compile(rb"^\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_TAG = re.compile(r"<[^<>]{0,1000}>")
_LINK = re.compile(r"<(?:\w+:)?link\b([^<>]{0,2000})>")
_ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*["']([^"']*)["']""")
_HEAD_BYTES = 65_536
_MAX_TITLE = 500
MAX_ENTITIES = 100
MAX_FEED_BYTES = 5_000_000
"""Hostile markup takes feedparser some ten seconds a megabyte; honest feeds are a tenth of this."""


class _JsonItem(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    date_published: str | None = None


class _JsonFeed(BaseModel):
    model_config = ConfigDict(extra="ignore")

    version: str
    next_url: str | None = None
    items: list[dict[str, Any]]


def parse_feed(body: bytes, content_type: str | None, url: str) -> tuple[Candidate, ...]:
    """The entries of a feed in its order, with links resolved against `url` (or the feed's own xml:base).

    An entry without a link is skipped; a valid feed without entries gives (). Dates stay as written: an Atom
    entry's `updated` is not taken for its publication.

    Raises:
        NotParsable: HTML, anything else that is no feed, or more than `MAX_FEED_BYTES`.
    """
    if len(body) > MAX_FEED_BYTES:
        raise NotParsable(f"{url}: the feed is larger than {MAX_FEED_BYTES} bytes")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return _parse_json_feed(body, url)
    if _HTML.match(start[:4096]):
        raise NotParsable(f"{url} is an HTML page, not a feed")
    if not start.startswith(b"<"):
        raise NotParsable(f"{url} is not a feed; it begins with {_first_words(start)!r}")
    if body.count(b"<!ENTITY") > MAX_ENTITIES:
        raise NotParsable(f"{url} declares {body.count(b'<!ENTITY')} XML entities; no honest feed does")
    return _parse_xml_feed(body, content_type, url)


def find_next_feed(body: bytes, url: str) -> str | None:
    """The address of the feed's next older page, where it names one: Atom's rel=next (RFC 5005, section 3), JSON Feed's
    `next_url`. For a body that `parse_feed` reads."""
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return find_url(_JsonFeed.model_validate_json(body).next_url, url)
    for tag in _LINK.findall(start[:_HEAD_BYTES].decode("utf-8", "replace")):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if attributes.get("rel") == "next":
            return find_url(html.unescape(attributes.get("href", "")), url)
    return None


def _parse_xml_feed(body: bytes, content_type: str | None, url: str) -> tuple[Candidate, ...]:
    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    try:
        parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    except (RecursionError, AssertionError, LookupError, TypeError, ValueError) as exc:
        raise NotParsable(f"{url}: the feed cannot be read ({type(exc).__name__})") from exc
    version = parsed.get("version") or ""
    if not version and not parsed.entries:
        why = parsed.get("bozo_exception")
        raise NotParsable(f"{url} is no RSS or Atom feed" + (f" ({_line(why)})" if why else ""))
    if parsed.get("bozo") and not parsed.entries and _looks_cut(body):
        raise NotParsable(f"{url}: the feed is cut short before its first entry")
    candidates = []
    for entry in parsed.entries:
        link = find_url(entry.get("link"), url)
        if link is None:
            _LOG.info("%s: an entry without a link is skipped: %r", url, str(entry.get("title"))[:80])
            continue
        candidates.append(Candidate(link, _plain(entry.get("title")), _published(entry, version)))
    return tuple(candidates)


def _looks_cut(body: bytes) -> bool:
    return not re.search(rb"</(?:\w+:)?(?:rss|feed|RDF)\s*>\s*(?:<!--.*-->\s*)?$", body[-2000:].strip(), re.S)


def _published(entry: Any, version: str) -> str | None:
    if "published" in entry:
        return str(entry["published"]).strip() or None
    # RSS has no `updated`: there feedparser files Dublin Core's dc:date under it.
    if version.startswith("rss") and dict.get(entry, "updated"):
        return str(dict.get(entry, "updated")).strip() or None
    return None


def _plain(title: Any) -> str | None:
    """A title without markup, on one line."""
    if not title:
        return None
    text = " ".join(html.unescape(_TAG.sub("", str(title))).split())
    return text[:_MAX_TITLE] or None


def _parse_json_feed(body: bytes, url: str) -> tuple[Candidate, ...]:
    try:
        feed = _JsonFeed.model_validate_json(body)
    except ValidationError as exc:
        raise NotParsable(f"{url} is JSON, but no JSON Feed ({exc.errors()[0]['msg']})") from exc
    if not re.match(r"https?://(?:www\.)?jsonfeed\.org/version/1(?:\.1)?/?$", feed.version):
        raise NotParsable(f"{url} is JSON, but no JSON Feed 1.0 or 1.1 (version {feed.version[:60]!r})")
    candidates = []
    for number, raw in enumerate(feed.items):
        try:
            item = _JsonItem.model_validate(raw)
        except ValidationError as exc:
            _LOG.warning("%s: item %d is skipped: %s", url, number, exc.errors()[0]["msg"])
            continue
        named = item.id if isinstance(item.id, str) and item.id.startswith(("http://", "https://")) else None
        link = find_url(item.url or item.external_url or named, url)
        if link is None:
            _LOG.info("%s: item %d has no link and is skipped", url, number)
            continue
        candidates.append(Candidate(link, _plain(item.title), item.date_published))
    return tuple(candidates)


def _first_words(body: bytes) -> str:
    return " ".join(body[:200].decode("utf-8", "replace").split())[:60]


def _line(error: object) -> str:
    return " ".join(str(error).split())[:120]
