"""The tables of the database of subscribers; they are no tables of the working database."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Index, LargeBinary, Text
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

from tracker.store.columns import UtcDateTime, fit

MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = "0001"
"""The newest migration."""
VERSIONS = "subscriptions_version"


def _instant() -> Any:
    return Field(sa_type=UtcDateTime)


def _maybe_instant() -> Any:
    return Field(default=None, sa_type=UtcDateTime)


def _text() -> Any:
    return Field(sa_type=Text)


class Base(SQLModel, registry=registry()):
    """Tables beside, not among, those of the working database."""


class EditionRow(Base, table=True):
    """A published edition that was compared with the one before it."""

    __tablename__ = "edition"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str
    seen_at: datetime = _instant()
    up_to_seq: int


class FactRow(Base, table=True):
    """What the last edition says."""

    __tablename__ = "fact"

    key: str = Field(primary_key=True)
    digest: int
    value: str = _text()
    """JSON."""


class ChangeRow(Base, table=True):
    """What changed: the log, never altered."""

    __tablename__ = "change"

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    edition: str
    seen_at: datetime = _instant()
    payload: str = _text()
    """The `Change` as JSON, without what stands in the other columns."""
    sha256: str
    """Of the payload and the other columns, and so of all changes before it."""
    previous_sha256: str


class SubscriberRow(Base, table=True):
    """Who is told."""

    __tablename__ = "subscriber"

    id: str = Field(primary_key=True)
    name: str = Field(unique=True)
    channel: str
    address: str
    address_key: str = Field(index=True)
    """The address as it is compared with others."""
    rules: str = _text()
    """JSON."""
    cadence: str
    at_hour: int
    weekday: int
    timezone: str
    shape: str
    secret: str
    wants_all_clear: bool
    state: str
    state_why: str = _text()
    created_at: datetime | None = _maybe_instant()
    confirmed_at: datetime | None = _maybe_instant()
    consent: str = _text()
    cursor: int
    slot_at: datetime | None = _maybe_instant()
    token_version: int


class DigestRow(Base, table=True):
    """A digest as it was cut, and its place in the chain of all."""

    __tablename__ = "digest"
    __table_args__ = (Index("digest_by_subscriber", "subscriber_id", "number", unique=True),)

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """From 1, without a gap."""
    id: str = Field(unique=True)
    subscriber_id: str
    number: int
    cut_at: datetime = Field(sa_type=UtcDateTime, index=True)
    payload: str | None = Field(default=None, sa_type=Text)
    """The `Digest` as JSON, its changes by their seq; None once its subscriber is erased."""
    content_sha256: str
    """Of the payload and the message's body."""
    sha256: str
    previous_sha256: str


class ErasureRow(Base, table=True):
    """That the digests of somebody were emptied: any other without its payload was tampered with."""

    __tablename__ = "erasure"

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """From 1, without a gap."""
    at: datetime = _instant()
    digests: str = _text()
    """Their positions, as a JSON list."""
    sha256: str
    """Of this and all erasures before it."""
    previous_sha256: str


class ToldRow(Base, table=True):
    """What a subscriber was last told about a fact."""

    __tablename__ = "told"

    subscriber_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    digest_id: str
    told_at: datetime = _instant()
    words: str = _text()
    claim_ids: str = _text()
    """JSON."""


class DeliveryRow(Base, table=True):
    """The outbox: a message, and what became of it."""

    __tablename__ = "delivery"
    __table_args__ = (Index("delivery_by_state", "state", "subscriber_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: str = Field(index=True)
    digest_id: str | None = Field(default=None, unique=True)
    kind: str
    channel: str
    address: str
    message_id: str
    subject: str = _text()
    body: bytes = Field(sa_type=LargeBinary)
    state: str
    created_at: datetime = _instant()
    next_at: datetime = _instant()
    attempts: int = 0
    tried_since: datetime | None = _maybe_instant()
    sent_at: datetime | None = _maybe_instant()
    why: str = _text()


class TryRow(Base, table=True):
    """One try at a delivery."""

    __tablename__ = "attempt"

    id: int | None = Field(default=None, primary_key=True)
    delivery_id: int = Field(index=True)
    at: datetime = _instant()
    outcome: str
    code: int | None = None
    why: str = _text()
    elapsed_ms: int


METADATA = Base.metadata
fit(METADATA)
