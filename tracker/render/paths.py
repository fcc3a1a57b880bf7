"""Where each page of the site lies, and which outside addresses may be linked."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from tracker.ids import digest_of, slugify

_SAFE_STEM = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")
_OPEN_URL = re.compile(r"https?://[^\s\"'<>\\^`{|}\x00-\x20\x7f]+", re.IGNORECASE)
_WIKIDATA = re.compile(r"Q[1-9]\d{0,11}")
_EDGE_WORDS = 6
_EDGE_CHARACTERS = 14


@lru_cache(maxsize=1 << 16)
def file_stem(id: str) -> str:
    """An id as a file name and anchor: the id itself where it is a plain lower-case slug, else a slug and a digest.

    Ingested ids are anybody's text: `../../etc`, `INDEX` and `文件` all come out as one safe name each.
    """
    if _SAFE_STEM.fullmatch(id) and ".." not in id and id != "index":
        return id
    return f"{slugify(id, 40)}-{digest_of(id)}"


def event_path(id: str) -> str:
    """The path of an event's page."""
    return f"events/{file_stem(id)}.html"


def document_path(id: str) -> str:
    """The path of a document's page."""
    return f"documents/{file_stem(id)}.html"


def entity_path(id: str) -> str:
    """The path of an entity's page."""
    return f"entities/{file_stem(id)}.html"


def entity_data_path(id: str) -> str:
    """The path of the JSON beside an entity's page."""
    return f"entities/{file_stem(id)}.json"


def register_path(id: str) -> str:
    """The path of a company's register."""
    return f"registers/{file_stem(id)}.html"


def register_data_path(id: str) -> str:
    """The path of the CSV beside a register's page."""
    return f"registers/{file_stem(id)}.csv"


def dispute_path(id: str) -> str:
    """The path of a dispute's page."""
    return f"disputes/{file_stem(id)}.html"


def types_page(type_: str) -> str:
    """The path of the timeline of one claim type."""
    return f"types/{type_.replace('_', '-')}.html"


def jurisdiction_page(code: str) -> str:
    """The path of the timeline of one country, by its code of ISO 3166-1 alpha-2."""
    return f"jurisdictions/{code}.html"


def status_page(status: str) -> str:
    """The path of the timeline of the disputes that stand so."""
    return f"status/{status.replace('_', '-')}.html"


def feed_path(page: str) -> str:
    """The path, without its ending, of the feed that belongs to a page."""
    return f"feeds/{page.removesuffix('.html')}"


def full_address(base: str, path: str) -> str:
    """Where a path of the site stands on the web; the path itself where the site's address is not known ("")."""
    return base + path


def root_of(path: str) -> str:
    """The way from a page to the site's top: "" or "../" for each folder."""
    return "../" * path.count("/")


@lru_cache(maxsize=1 << 16)  # a page's address stands beside each of its claims
def safe_url(url: str | None) -> str | None:
    """The address if it can be linked (absolute, http or https, nothing that markup could trip over), else None."""
    if not url or not _OPEN_URL.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.hostname else None
    except ValueError:
        return None


def safe_wikidata(id: str | None) -> str:
    """The id of an item of Wikidata ("Q42") if it is one, else ""."""
    return id if id and _WIKIDATA.fullmatch(id) else ""


def text_fragment_url(url: str | None, words: str, page: int | None = None) -> str | None:
    """The address that scrolls to `words` in the original (WICG URL Fragment Text Directives), or to a PDF's page.

    A long quote is given by its first and last words, which also keeps it from crossing a paragraph.
    """
    link = safe_url(url)
    if link is None:
        return None
    if page is not None:
        return f"{link.partition('#')[0]}#page={page}"
    base, _, anchor = link.partition("#")
    return f"{base}#{anchor.partition(':~:')[0]}:~:text={_directive(words)}"


def _directive(words: str) -> str:
    parts = words.split()
    if len(parts) > 2 * _EDGE_WORDS:
        ends = [" ".join(parts[:_EDGE_WORDS]), " ".join(parts[-_EDGE_WORDS:])]
    elif len(words) > 4 * _EDGE_CHARACTERS and len(parts) <= 3:
        ends = [words[:_EDGE_CHARACTERS].strip(), words[-_EDGE_CHARACTERS:].strip()]
    else:
        ends = [" ".join(parts)]
    # "-" and "," have a meaning in the directive, so they are always escaped.
    return ",".join(quote(end, safe="", errors="replace").replace("-", "%2D") for end in ends)
