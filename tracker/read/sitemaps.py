"""Sitemaps (sitemaps.org 0.9), sitemap indexes and Google News sitemaps (0.9)."""

from __future__ import annotations

import logging
import zlib
from dataclasses import dataclass
from datetime import date

from lxml import etree

from tracker.errors import NotParsable
from tracker.read.dates import parse_published
from tracker.read.urls import find_url
from tracker.types import Candidate

_LOG = logging.getLogger(__name__)
MAX_SITEMAP_BYTES = 52_428_800
"""Uncompressed, as sitemaps.org limits them."""
_MAX_PAGES = 50_000
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap file points at. `sitemaps` are in order of `lastmod`, newest first, where it is given."""

    pages: tuple[Candidate, ...] = ()
    sitemaps: tuple[str, ...] = ()
    older: int = 0
    """How many entries were left out, since they say that they were not touched since."""


def parse_sitemap(body: bytes, url: str, touched_since: date | None = None) -> Sitemap:
    """A urlset or a sitemapindex, plain or gzip, relative to `url`.

    `Candidate.published` and `title` come from the news namespace alone: `lastmod` says when a page was touched,
    not when it was published. With `touched_since`, entries whose `lastmod` is before that day are left out; one
    without a `lastmod` that can be read stays in.

    Raises:
        NotParsable: HTML, other or broken XML, or larger than `MAX_SITEMAP_BYTES`.
    """
    body = _inflate(body, url) if body.startswith(b"\x1f\x8b") else body
    if len(body) > MAX_SITEMAP_BYTES:
        raise NotParsable(f"{url}: the sitemap is larger than {MAX_SITEMAP_BYTES} bytes")
    root = _parse_xml(body, url)
    kind = _local(root)
    if kind == "html":
        raise NotParsable(f"{url} is an HTML page, not a sitemap")
    if kind == "urlset":
        return _pages(root, url, touched_since)
    if kind == "sitemapindex":
        return Sitemap(sitemaps=_sitemaps(root, url, touched_since))
    raise NotParsable(f"{url} is not a sitemap; its root element is <{kind[:60]}>")


def _inflate(body: bytes, url: str) -> bytes:
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        data = inflater.decompress(body, MAX_SITEMAP_BYTES + 1)
    except zlib.error as exc:
        raise NotParsable(f"{url}: the compressed sitemap is damaged ({exc})") from exc
    if not inflater.eof and len(data) <= MAX_SITEMAP_BYTES:
        raise NotParsable(f"{url}: the compressed sitemap is cut short")
    return data


def _parse_xml(body: bytes, url: str) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    text = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        if b"<html" in text[:2000].lower() or text[:9].lower() == b"<!doctype":
            raise NotParsable(f"{url} is an HTML page, not a sitemap") from exc
        raise NotParsable(f"{url} is not well-formed XML ({' '.join(str(exc).split())[:120]})") from exc


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname).lower()


def _child_text(element: etree._Element, name: str) -> str | None:
    for child in element:
        if isinstance(child.tag, str) and _local(child) == name:
            return "".join(child.itertext()).strip() or None
    return None


def _entries(root: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in root if isinstance(child.tag, str) and _local(child) == name]


def _pages(root: etree._Element, url: str, touched_since: date | None) -> Sitemap:
    pages, older = [], 0
    for entry in _entries(root, "url")[:_MAX_PAGES]:
        link = find_url(_child_text(entry, "loc"), url)
        if link is None:
            _LOG.info("%s: an entry without an address is skipped", url)
            continue
        if _is_older(_child_text(entry, "lastmod"), touched_since):
            older += 1
            continue
        news = entry.find(f"{_NEWS}news")
        title = news.findtext(f"{_NEWS}title") if news is not None else None
        published = news.findtext(f"{_NEWS}publication_date") if news is not None else None
        pages.append(Candidate(link, " ".join((title or "").split()) or None, (published or "").strip() or None))
    return Sitemap(tuple(pages), older=older)


def _sitemaps(root: etree._Element, url: str, touched_since: date | None) -> tuple[str, ...]:
    found = []
    for entry in _entries(root, "sitemap")[:_MAX_PAGES]:
        link = find_url(_child_text(entry, "loc"), url)
        lastmod = _child_text(entry, "lastmod")
        if link is not None and not _is_older(lastmod, touched_since):
            found.append((lastmod or "", link))
    # W3C datetimes sort as text to the day, which is as fine as the order needs to be.
    return tuple(link for _, link in sorted(found, key=lambda item: item[0], reverse=True))


def _is_older(lastmod: str | None, than: date | None) -> bool:
    """Whether a W3C datetime says an earlier day; a bare year or month says none."""
    if than is None or lastmod is None:
        return False
    day = parse_published(lastmod)
    return day is not None and day < than
