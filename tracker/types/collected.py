"""What is collected: candidates, answers, pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tracker.types.words import DocumentKind, PublisherType


@dataclass(frozen=True, slots=True)
class Candidate:
    """A page that a source points at, with what the source itself says of it. Nothing here is verified."""

    url: str
    title: str | None = None
    published: str | None = None
    """As written by the source: a feed's RFC 822 or ISO 8601 text, a listing's words. Never filled in by us."""
    publisher: str | None = None
    """Whose page the source says it is, where it points at pages of others (discovery); often a bare host name."""
    language: str | None = None
    """As the source names it: a BCP 47 tag or an English name ("Chinese")."""
    is_watched: bool = False
    """Asked for each time its source is, however long ago it was first seen: it tells what goes on by its changes."""


class Outcome(StrEnum):
    """How an attempt to fetch one address ended."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    FAILED = "failed"
    SKIPPED = "skipped"
    """Nothing was asked: the source's key is not in the environment."""


@dataclass(frozen=True, slots=True)
class ArchiveRef:
    """Where in the WARC archive a response lies (WARC 1.1, ISO 28500)."""

    file: str
    offset: int
    record_id: str


@dataclass(frozen=True, slots=True)
class Response:
    """What one exchange with a host gave. `body` is decoded of transfer and content encodings, not of charset."""

    url: str
    """The address asked for."""
    final_url: str
    """The address that answered, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    not_modified: bool = False
    archive: ArchiveRef | None = None
    elapsed_ms: int | None = None
    """How long the host was asked, redirects included and waiting for our turn left out; None if not measured."""
    sent: tuple[tuple[str, str], ...] | None = None
    """The headers of the request that was answered; None where they carried a key, or are not known."""
    truncated: bool = False
    """Whether `body` is only the beginning, as it is of an error's page."""
    before: tuple[Response, ...] = ()
    """What else came on the way to this answer: robots.txt, redirects, answers that asked for patience."""
    provenance: tuple[tuple[str, str], ...] = ()
    """Where an answer that others had fetched was taken from, as named fields of its archive record."""

    def header(self, name: str) -> str | None:
        """The first header of that name, compared without case (RFC 9110, section 5.1)."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request sends back (RFC 9110, section 13.1)."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PageContent:
    """What reading the bytes of a page gives: everything that the page itself says, None where it is silent."""

    text: str
    title: str | None = None
    published: date | None = None
    language: str | None = None
    canonical_url: str | None = None
    byline: str | None = None
    kind: DocumentKind = "article"
    page_starts: tuple[int, ...] = ()
    """For a PDF: the offset in `text` at which each page begins."""
    dateline: str | None = None
    """The words before the dash that opens a report: "WASHINGTON, June 10 (Wire)". They stay in `text` as well."""
    syndicated_from: str | None = None
    """Where the page says that it was first published: a publisher's name in its words, or a host name."""


@dataclass(frozen=True, slots=True)
class Document:
    """One text to extract from: the unit of `tracker ingest` and `tracker extract`."""

    id: str
    text: str
    url: str = ""
    publisher: str = ""
    publisher_type: PublisherType = "news"
    published: date | None = None
    language: str = "en"
    title: str = ""
    kind: DocumentKind = "article"
