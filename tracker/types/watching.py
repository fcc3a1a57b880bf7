"""Who is told, about what, how and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from tracker.types.changes import ChangeKind
from tracker.types.words import ClaimType

Channel = Literal["mail", "webhook", "feed"]
PayloadShape = Literal["json", "slack", "teams"]
Cadence = Literal["at_once", "daily", "weekly", "monthly"]
SubscriberState = Literal["pending", "active", "paused", "disabled"]
"""`pending`: the address has not been confirmed; `disabled`: deliveries failed for too long, or it was refused."""

CHANNELS: tuple[Channel, ...] = get_args(Channel)
PAYLOAD_SHAPES: tuple[PayloadShape, ...] = get_args(PayloadShape)
CADENCES: tuple[Cadence, ...] = get_args(Cadence)
MAX_RULES = 200
"""Of one subscriber."""


@dataclass(frozen=True, slots=True)
class WatchRule:
    """What somebody wants to be told of: every condition that is given must hold, each by one of its values."""

    entities: tuple[str, ...] = ()
    with_children: bool = True
    """Whether what belongs to these entities (labs, models) counts as well."""
    disputes: tuple[str, ...] = ()
    types: tuple[ClaimType, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    """ISO 3166-1 codes."""
    kinds: tuple[ChangeKind, ...] = ()
    query: str = ""
    """Words, each of which the change's own words have."""
    min_sources: int = 1
    """Independent sources; a change that has fewer is told once it has them."""

    @property
    def is_empty(self) -> bool:
        """Whether it has no condition that chooses anything."""
        return not (self.entities or self.disputes or self.types or self.jurisdictions or self.kinds or self.query)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Somebody who is told, over one channel."""

    id: str
    """Opaque and random: it says nothing of who it is."""
    name: str
    """By which the command line knows it; unique."""
    channel: Channel
    address: str
    """Of `mail` the mail address, of `webhook` the URL, of `feed` empty."""
    rules: tuple[WatchRule, ...]
    cadence: Cadence = "daily"
    at_hour: int = 8
    """In its time zone; not of `at_once`."""
    weekday: int = 0
    """Of `weekly`: 0 is Monday."""
    timezone: str = "UTC"
    """IANA."""
    shape: PayloadShape = "json"
    """Of `webhook`."""
    secret: str = ""
    """Of `webhook`: what its payloads are signed with."""
    wants_all_clear: bool = False
    """Whether one line comes when nothing changed."""
    state: SubscriberState = "active"
    state_why: str = ""
    created_at: datetime | None = None
    confirmed_at: datetime | None = None
    consent: str = ""
    """How it came to be: who entered it, or that the form's link was opened."""
    cursor: int = 0
    """The last change that was looked at for it (`Change.seq`)."""
    slot_at: datetime | None = None
    """The last of its hours that a cut was made for."""
    token_version: int = 1
    """Counted up, it makes all links signed before worthless."""
    unreadable: str = ""
    """Why its rules, as they are kept, are none: it has none here, and is told nothing until it has others."""
