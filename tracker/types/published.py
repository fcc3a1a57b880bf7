"""What is published: the dataset, with how its sources do and which documents are one text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from tracker.types.curation import Judged
from tracker.types.events import ClaimRecord, Reconciled
from tracker.types.stored import StoredDocument
from tracker.types.words import TROUBLED_STATES, HealthState, PublisherType


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does, judged from what is on record of it (`tracker.health`)."""

    state: HealthState
    since: datetime | None = None
    """The first attempt that showed this state; for `silent`, the last news. None where it was always so."""
    why: str = ""
    """What was seen; empty for `fine` and `new`."""
    advice: str = ""
    """What somebody can do about it; empty where there is nothing to do."""
    last_success_at: datetime | None = None
    """When it last told what it points at."""
    last_error_at: datetime | None = None
    last_error: str | None = None
    last_news_at: datetime | None = None
    """When it last pointed at something that we had not seen."""
    missing: int = 0
    """Pages that it has pointed at and that were never had, also those that are no longer asked for."""

    @property
    def is_troubled(self) -> bool:
        """Whether somebody should look into it."""
        return self.state in TROUBLED_STATES


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A source with its record, as the sources page shows it."""

    name: str
    kind: str
    url: str
    publisher: str
    publisher_type: PublisherType
    language: str
    enabled: bool
    documents: int = 0
    relevant: int = 0
    last_success_at: datetime | None = None
    last_attempt_at: datetime | None = None
    last_error: str | None = None
    refused: tuple[tuple[str, str], ...] = ()
    """(address, why) of pages that were refused at the last attempt."""
    failed: tuple[tuple[str, str], ...] = ()
    health: Health = field(default_factory=lambda: Health("new"))


CopyBasis = Literal["named", "earliest"]


@dataclass(frozen=True, slots=True)
class Copy:
    """A document that prints another's text, and how alike the two are: from 0 to 1 of their runs of words."""

    document_id: str
    similarity: float


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Documents that are one text: as sources they count once."""

    original: str
    """The document that had it first."""
    copies: tuple[Copy, ...]
    """The others, earliest first; at least one."""
    basis: CopyBasis
    """Why that is taken for the original: the texts name its publisher, or it is the earliest."""
    origin: str | None = None
    """The publisher that the texts name as theirs, where none of its documents is held: `original` is then just the
    earliest copy."""


@dataclass(frozen=True, slots=True)
class Digests:
    """What the things of a dataset are, by id, as a number each: with equal digests they are equal."""

    documents: Mapping[str, int]
    """With their versions and what was extracted from them."""
    claims: Mapping[str, int]
    events: Mapping[str, int]
    entities: Mapping[str, int]
    disputes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Dataset:
    """What is published: the site, the exports and the digests are made from this one value."""

    documents: tuple[StoredDocument, ...] = ()
    reconciled: Reconciled = field(default_factory=Reconciled)
    sources: tuple[SourceStatus, ...] = ()
    awaiting_review: tuple[ClaimRecord, ...] = ()
    """Claims that are too unsure to be published, by document and place; they are part of no event."""
    copies: tuple[CopyGroup, ...] = ()
    """Documents that are one text, by the id of the original."""
    edits: tuple[Judged, ...] = ()
    """What people decided, by time, and what became of each decision."""
    as_of: datetime | None = None
    """The instant up to which it was known; None for the present."""
