"""The tables. Ids are derived from what a thing is, so that the same input gives the same rows on any machine.

What depends on when and how often we ran is the log of what happened (`attempt`) and the marks that count a day's
requests.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.store.columns import UtcDateTime, fit


def _instant() -> Any:
    return Field(sa_type=UtcDateTime)


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=UtcDateTime)


def _text() -> Any:
    return Field(sa_type=Text)


class PageRow(SQLModel, table=True):
    """An address that we fetched: its last whole answer, and how to ask again."""

    __tablename__ = "page"

    url: str = Field(primary_key=True)
    final_url: str
    is_listing: bool
    first_seen_at: datetime = _instant()
    fetched_at: datetime = _instant()
    checked_at: datetime = _instant()
    etag: str | None = None
    last_modified: str | None = None
    content_type: str | None = None
    body_sha256: str
    archive_file: str
    archive_offset: int
    archive_record_id: str
    read_by: str | None = None
    """The reader that has read this body; None while none has."""
    unreadable: str | None = None
    """Why that reader could make nothing of it."""
    version_id: str | None = None
    """The version whose words this body holds; None for what was read before this was kept."""


class SightingRow(SQLModel, table=True):
    """A source points at a page."""

    __tablename__ = "sighting"

    source: str = Field(primary_key=True)
    url: str = Field(primary_key=True, index=True)
    title: str | None = None
    published: str | None = None
    publisher: str | None = None
    language: str | None = None
    first_seen_at: datetime | None = _maybe_instant()
    """None for what was seen before this was kept."""
    last_seen_at: datetime | None = _maybe_instant()


class AttemptRow(SQLModel, table=True):
    """One try at one address: the log."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("attempt_by_address", "source", "url", "id"),
        Index("attempt_by_time", "at"),
        Index("attempt_by_listing", "source", "is_listing", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    source: str
    url: str
    at: datetime = _instant()
    outcome: str
    status: int | None = None
    why: str | None = None
    is_listing: bool
    items: int | None = None
    bytes: int | None = None
    elapsed_ms: int | None = None
    reason: str | None = None


class DocumentRow(SQLModel, table=True):
    """A page as a document, by its canonical address."""

    __tablename__ = "document"

    id: str = Field(primary_key=True)
    url: str = Field(unique=True)
    publisher: str
    publisher_type: str
    source: str = Field(index=True)
    first_seen_at: datetime = _instant()
    last_seen_at: datetime = _instant()


class VersionRow(SQLModel, table=True):
    """One text that a document had."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)

    id: str = Field(primary_key=True)
    document_id: str = Field(foreign_key="document.id")
    number: int
    title: str = _text()
    text: str = _text()
    text_sha256: str
    published: date | None = None
    language: str
    kind: str
    byline: str | None = None
    fetched_at: datetime = _instant()
    last_seen_at: datetime = _instant()
    archive_file: str | None = None
    archive_offset: int | None = None
    archive_record_id: str | None = None
    page_starts: list[int] = Field(default=[], sa_type=JSON)
    diff: str | None = Field(default=None, sa_type=Text)
    dateline: str | None = None
    syndicated_from: str | None = None
    signature: str | None = Field(default=None, sa_type=Text)
    fetched_url: str | None = None
    """The address that answered with this body, where that is another form of the document's (AMP, mobile)."""


class ExtractionRow(SQLModel, table=True):
    """What one extractor read out of one version."""

    __tablename__ = "extraction"

    version_id: str = Field(primary_key=True, foreign_key="version.id")
    extractor: str = Field(index=True)
    relevance: str
    payload: str = _text()
    """The whole extraction as JSON (`tracker.records.extraction_to_json`)."""


class EventRow(SQLModel, table=True):
    """An event, as the reconciler left it."""

    __tablename__ = "event"

    id: str = Field(primary_key=True)
    type: str
    title: str = _text()
    from_on: date = Field(index=True)
    to_on: date
    payload: str = _text()


class ClaimRow(SQLModel, table=True):
    """A claim record, as the reconciler left it."""

    __tablename__ = "claim"

    id: str = Field(primary_key=True)
    document_id: str = Field(index=True)
    type: str
    speaker: str | None = Field(default=None, index=True)
    quote: str = _text()
    payload: str = _text()


class EntityRow(SQLModel, table=True):
    """An entity that some document names."""

    __tablename__ = "entity"

    id: str = Field(primary_key=True)
    name: str
    type: str
    known: bool
    payload: str = _text()


class DisputeRow(SQLModel, table=True):
    """A dispute, as the reconciler left it."""

    __tablename__ = "dispute"

    id: str = Field(primary_key=True)
    accuser_side: str | None = None
    accused_side: str | None = None
    """None for what was kept before these were."""
    title: str = _text()
    payload: str = _text()


class RevisionRow(SQLModel, table=True):
    """What became of one claim when its page changed."""

    __tablename__ = "revision"

    id: str = Field(primary_key=True)
    """A digest of the document, the version and the claims."""
    document_id: str = Field(index=True)
    payload: str = _text()


class RedirectRow(SQLModel, table=True):
    """An event or dispute id that lives on under another."""

    __tablename__ = "redirect"

    old: str = Field(primary_key=True)
    new: str = Field(index=True)


class MarkRow(SQLModel, table=True):
    """Small facts that must survive a crash, by name."""

    __tablename__ = "mark"

    name: str = Field(primary_key=True)
    value: str = _text()


fit(SQLModel.metadata)
