"""What is stored: documents with their versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tracker.types.collected import ArchiveRef
from tracker.types.extracted import Extraction
from tracker.types.words import DocumentKind, PublisherType


@dataclass(frozen=True, slots=True)
class Version:
    """One text that a page had. A page that changes its words gets another version; boilerplate does not."""

    id: str
    """The id that an ingested document came in with, or the document's id and the number ("doc-1a2b3c4d5e6f.2")."""
    document_id: str
    number: int
    """1 for the first version that we saw."""
    title: str
    text: str
    text_sha256: str
    published: date | None
    language: str
    kind: DocumentKind
    byline: str | None
    fetched_at: datetime
    last_seen_at: datetime
    archive: ArchiveRef | None = None
    page_starts: tuple[int, ...] = ()
    diff: str | None = None
    """What changed since the version before: a unified diff of sentences; None for a first version."""
    dateline: str | None = None
    syndicated_from: str | None = None
    signature: str | None = None
    """A short fingerprint of the text by which near-duplicates are found; None for what was kept without one."""
    fetched_url: str | None = None
    """The address that answered with this text, where that was another form of the document's (AMP, mobile)."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A page with all the versions that we saw, oldest first, and what was extracted from each."""

    id: str
    url: str
    publisher: str
    publisher_type: PublisherType
    source: str
    first_seen_at: datetime
    last_seen_at: datetime
    versions: tuple[Version, ...]
    extractions: tuple[Extraction, ...]
    """One for each version, in the same order."""

    @property
    def current(self) -> Version:
        """The newest version."""
        return self.versions[-1]
