"""Disputes: who accuses whom about what, how the allegation stands, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tracker.types.words import DateBasis

DisputeStatus = Literal[
    "alleged", "repeated_by_government", "under_investigation", "in_bill", "sanctioned",
    "in_court", "withdrawn", "settled", "admitted",
]  # fmt: skip
LedgerKind = Literal["denied", "declined", "no_reply", "counter_claim", "admitted", "none_found"]


@dataclass(frozen=True, slots=True)
class StatusStep:
    """A step in how an allegation stands, with the claims that show it."""

    status: DisputeStatus
    from_on: date
    to_on: date
    """The days within which it was taken."""
    date_basis: DateBasis
    event_id: str
    claim_ids: tuple[str, ...]
    first_seen_at: datetime | None = None
    """When the tracker first had a page that shows it."""


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """What an accused party answered. `claim_id` is None for `none_found`: no answer in any of the sources."""

    party: str
    kind: LedgerKind
    given_on: date | None
    """The day of the answer, or of the publication that reports it; for `no_reply` the day by which there was none."""
    claim_id: str | None
    event_id: str | None
    first_seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dispute:
    """Who accuses whom about what. Its id outlives re-runs like an event's."""

    id: str
    title: str
    accusers: tuple[str, ...]
    accused: tuple[str, ...]
    target: tuple[str, ...]
    event_ids: tuple[str, ...]
    """By date."""
    allegation_ids: tuple[str, ...]
    """The claims that allege it."""
    steps: tuple[StatusStep, ...]
    """By date; the last one is how it stands."""
    ledger: tuple[LedgerEntry, ...]
    """By party and day."""
