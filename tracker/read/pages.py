"""Pages: the bytes of an answer as the text and the statements of a document."""

from __future__ import annotations

import re
from dataclasses import replace

from tracker.errors import NotParsable
from tracker.read.api_pages import read_api_page
from tracker.read.bylines import find_signature
from tracker.read.charsets import decode_text
from tracker.read.datelines import find_dateline
from tracker.read.federal_register import find_citation
from tracker.read.html_pages import read_html
from tracker.read.origins import agency_named, find_origin
from tracker.read.pdf import read_pdf
from tracker.read.texts import clean_text
from tracker.types import PageContent

_MAX_HTML_BYTES = 10_000_000
_MAX_TEXT_BYTES = 10_000_000
_MAGIC = (
    (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"),
    (b"RIFF", "audio, video or webp"),
    (b"PK\x03\x04", "application/zip"), (b"\x1f\x8b", "application/gzip"), (b"\xd0\xcf\x11\xe0", "an Office file"),
    (b"\x7fELF", "a program"), (b"OggS", "audio/ogg"), (b"ID3", "audio/mpeg"), (b"\x00\x00\x00", "binary data"),
)  # fmt: skip
_HTML_MARK = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|p|h1|table|script|link|section|span)[\s>/]", re.I
)
_FEED_MARK = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)\b", re.S)
_TEXT_TYPES = frozenset({"text/plain", "text/markdown", "text/x-markdown"})
_JSON_TYPES = frozenset({"application/json", "application/vnd.api+json"})
_SNIFF_BYTES = 4096
_MAX_NULS = 8
"""Among the first bytes: more of them make it binary, fewer are a slip of the host's."""


def read_page(body: bytes, content_type: str | None, url: str) -> PageContent:
    """What a page says, by what its bytes are (HTML, PDF or plain text), whatever its header calls it.

    The text keeps the page's code points; only line ends, spaces at line ends and NULs are tidied. Paragraphs are
    parted by a blank line. `published`, `language` and the others are the page's own statements, None without one.
    `kind` is left at "article": `kinds.classify_kind` decides it with the publisher.

    Raises:
        NotParsable: not a text, no text in it, or beyond the limits of size and depth.
    """
    if not body.strip():
        raise NotParsable(f"{url} is empty")
    return _with_signs(_read(body, content_type, url))


def _with_signs(content: PageContent) -> PageContent:
    """The content with what the words themselves say: dateline, signature, and who published them first."""
    dateline = find_dateline(content.text)
    byline = content.byline or find_signature(content.text) or (dateline.byline if dateline else None)
    sender = dateline.agency if dateline else None
    return replace(
        content,
        byline=byline,
        dateline=dateline.line if dateline else None,
        syndicated_from=find_origin(content.text)
        or content.syndicated_from
        or agency_named(sender)
        or sender
        or agency_named(byline),
    )


def _read(body: bytes, content_type: str | None, url: str) -> PageContent:
    kind = _sniff(body, content_type, url)
    if kind == "pdf":
        return read_pdf(body, url)
    if kind == "json":
        return read_api_page(body, url)
    if len(body) > (_MAX_HTML_BYTES if kind == "html" else _MAX_TEXT_BYTES):
        raise NotParsable(f"{url}: {len(body)} bytes are more than is read of a page")
    text = decode_text(body, content_type)
    content = read_html(text, url) if kind == "html" else PageContent(text=_paragraphs(text, url))
    if citation := find_citation(url):
        # Its title is that of the whole issue; the API tells the document's own.
        return replace(content, title=None, canonical_url=citation)
    return content


def _sniff(body: bytes, content_type: str | None, url: str) -> str:
    named = (content_type or "").partition(";")[0].strip().lower()
    head = body[:_SNIFF_BYTES]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    for magic, what in _MAGIC:
        if head.startswith(magic) and not wide:
            raise NotParsable(f"{url} is not a text: {what}")
    if not wide and head.count(0) > _MAX_NULS:
        raise NotParsable(f"{url} is not a text: {named or 'binary data'}")
    if mark := _FEED_MARK.match(head):
        raise NotParsable(f"{url} is not a page, but a {mark[1].decode()} file")
    if named in _JSON_TYPES and head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "json"
    if _HTML_MARK.search(head.replace(b"\x00", b"")) and (named not in _TEXT_TYPES or find_citation(url)):
        return "html"
    if named in _TEXT_TYPES:
        return "text"
    if named in ("text/html", "application/xhtml+xml", ""):
        return "html" if b"<" in head else "text"
    raise NotParsable(f"{url} is not a text: {named}")


def _paragraphs(text: str, url: str) -> str:
    """Plain text as it stands: blank lines part its paragraphs already."""
    cleaned = clean_text(text)
    if not cleaned:
        raise NotParsable(f"{url} holds no text")
    return cleaned
