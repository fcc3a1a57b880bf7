"""Digests: what one subscriber is told at one time, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tracker.types.changes import Change
from tracker.types.watching import Channel

DigestKind = Literal["digest", "all_clear"]
MessageKind = Literal["digest", "all_clear", "confirmation", "notice"]
DeliveryState = Literal["pending", "sent", "refused", "dead", "cancelled"]
"""`sent`: the server accepted it (a feed: it stands there). `refused`: for good. `dead`: it failed for too long.
`cancelled`: the subscriber left before."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a subscriber was last told about a fact."""

    key: str
    digest_id: str
    told_at: datetime
    words: str
    """As `Change.after` was: "about 24,000 accounts"."""
    claim_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestItem:
    """A change, with why this subscriber is told."""

    change: Change
    why: tuple[str, ...]
    """In words, one for each rule that it fits, or that it corrects what was told."""
    told: Told | None = None
    """Of a correction: what this subscriber was told before."""


@dataclass(frozen=True, slots=True)
class DigestGroup:
    """The changes about one watched entity or dispute."""

    heading: str
    page: str
    items: tuple[DigestItem, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What one subscriber is told at one time; made whole before anything is sent."""

    id: str
    """Derived from the subscriber and the changes that it covers."""
    subscriber_id: str
    kind: DigestKind
    number: int
    """Counted from 1 for each subscriber."""
    from_seq: int
    to_seq: int
    """It covers the changes after the first up to and with the second."""
    since: datetime | None
    """When the one before was cut; None for the first."""
    cut_at: datetime
    edition: str
    """SHA-256 of the published database that it was cut from."""
    corrections: tuple[DigestItem, ...]
    groups: tuple[DigestGroup, ...]
    left_out: int = 0
    """Changes over the cap; they are in `all_items` of the kept digest, and behind its link."""
    rest: tuple[DigestItem, ...] = ()
    """Those left out of the message."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed for this subscriber."""
        return not (self.corrections or self.groups or self.rest)


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent, byte for byte, to one address."""

    kind: MessageKind
    channel: Channel
    address: str
    message_id: str
    """Of mail the Message-ID with its angle brackets, of a webhook its event id: the same at every attempt."""
    body: bytes
    """Of mail the whole message (RFC 5322), of a webhook or feed the JSON."""
    subject: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message on its way."""

    id: int
    subscriber_id: str
    subscriber_name: str
    digest_id: str | None
    """None for a confirmation or a notice."""
    message: Message
    state: DeliveryState
    created_at: datetime
    next_at: datetime
    """When it is tried next; of one that is not pending, when it was last."""
    attempts: int = 0
    sent_at: datetime | None = None
    why: str = ""
    """What the server said last."""
    tried_since: datetime | None = None
    """When it was first tried, or first since it was made pending again: what giving up is counted from."""


@dataclass(frozen=True, slots=True)
class DeliveryAttempt:
    """One try, as the log keeps it."""

    delivery_id: int
    at: datetime
    outcome: Literal["sent", "temporary", "refused", "unknown"]
    """`unknown`: the connection was lost after the message had gone out: it is sent again under the same id."""
    code: int | None
    """SMTP reply or HTTP status."""
    why: str
    elapsed_ms: int
