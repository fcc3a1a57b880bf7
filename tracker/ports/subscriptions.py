"""What telling subscribers needs of the database that holds them.

It is a database of its own (subscribers.db in data_dir): it holds people's addresses, which no copy of the working
database should carry away, and nothing in it waits for a long write of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tracker.types.changes import Change, Fact
from tracker.types.digests import Delivery, DeliveryAttempt, DeliveryState, Digest, Message, Told
from tracker.types.watching import Channel, Subscriber

LONGEST_WAIT = timedelta(days=1)
"""Between two tries of one delivery."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A published edition that changes were taken from."""

    sha256: str
    """Of the published database."""
    seen_at: datetime
    up_to_seq: int
    """The last change that was known with it."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What one subscriber's cut leaves: kept whole in one transaction, or not at all."""

    subscriber_id: str
    from_cursor: int
    """What the subscriber's cursor was when the cut was made; if it is another by now, somebody else has cut."""
    to_cursor: int
    from_slot: datetime | None
    """What the subscriber's slot was, likewise: an all-clear moves no cursor, and is not to be sent twice."""
    slot_at: datetime | None
    digest: Digest | None
    """None where nothing changed: the cursor moves all the same."""
    message: Message | None
    told: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptDigest:
    """A digest as it was sent, with its place in the chain of all digests."""

    digest: Digest | None
    """None where its subscriber was erased and only the chain is left."""
    subscriber_name: str
    sha256: str
    """Of `previous_sha256` and what was sent: a digest that is taken out or altered breaks the chain."""
    previous_sha256: str
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class DeliveryFigures:
    """What a monitor is told of messages to subscribers."""

    deliveries: tuple[tuple[str, str, int], ...] = ()
    """(channel, state, how many)."""
    tries: tuple[tuple[str, str, int], ...] = ()
    """(channel, outcome, how many) of all tries there ever were."""
    subscribers: tuple[tuple[str, int], ...] = ()
    """(state, how many)."""
    waiting_since: datetime | None = None
    """When the oldest message was made that is to be sent still, to somebody who is told at present."""


class SubscriptionStore(Protocol):
    """Subscribers, changes, digests and deliveries. Each `save_` is one transaction."""

    # Editions and changes

    def load_edition(self) -> Edition | None:
        """The last edition that was compared; None before the first."""
        ...

    def load_facts(self, keys: Iterable[str] | None = None) -> Mapping[str, Fact]:
        """What the last edition said, by key; with `keys`: of those alone."""
        ...

    def load_fact_digests(self) -> Mapping[str, int]:
        """`Fact.digest` by key, without the values: enough to see what changed."""
        ...

    def save_edition(
        self,
        edition: str,
        at: datetime,
        facts: Iterable[Fact],
        gone: Iterable[str],
        changes: Sequence[Change],
        *,
        compared_with: str | None,
    ) -> int:
        """Keep an edition: the facts that are new or otherwise, the keys that are gone, and the changes.

        Returns the last seq. An edition that is the last one already changes nothing, nor does one that was compared
        with another than the last (`compared_with`, its sha256; None for the first): somebody else was quicker.
        """
        ...

    def load_changes(self, after: int, up_to: int | None = None) -> tuple[Change, ...]:
        """The changes with `after` < seq <= `up_to`, by seq, each with its seq, edition and instant."""
        ...

    # Subscribers

    def load_subscribers(self) -> tuple[Subscriber, ...]:
        """All, by name."""
        ...

    def find_subscriber(self, key: str) -> Subscriber | None:
        """By id or by name."""
        ...

    def find_subscribers_at(self, channel: Channel, address: str) -> tuple[Subscriber, ...]:
        """Those with this address, whatever the case of its letters: the active one first, then the newest."""
        ...

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Keep a new one, or what was changed of one that is there; not its cursor and slot, which cuts move.

        A new one's cursor is the last change there is: it is told of what comes, not of what was.

        Raises:
            InputError: the name is taken, or for an address of this channel there is an active one already.
        """
        ...

    def erase_subscriber(self, id: str, at: datetime) -> None:
        """Take out somebody's data: name, address, rules, messages. What the digests said stays, as nobody's."""
        ...

    # Cuts

    def load_told(self, subscriber_ids: Sequence[str], keys: Iterable[str]) -> Mapping[tuple[str, str], Told]:
        """What these subscribers were last told of these facts, by (subscriber, key)."""
        ...

    def load_last_digests(self, subscriber_ids: Sequence[str]) -> Mapping[str, tuple[int, datetime]]:
        """(number, cut_at) of the last digest of each."""
        ...

    def save_cuts(self, cuts: Sequence[Cut]) -> int:
        """Keep cuts: cursor, slot, digest, what was told and the delivery, of each all or nothing.

        One whose subscriber's cursor or slot has moved meanwhile, or who is no longer active, is skipped. Returns how
        many were kept.
        """
        ...

    def save_message(self, subscriber_id: str, message: Message, at: datetime) -> None:
        """Put a confirmation or a notice into the outbox."""
        ...

    # Deliveries

    def count_failing(self, channel: Channel, since: datetime) -> int:
        """Subscribers with a pending delivery that failed, where the channel took nothing at all since then; else 0."""
        ...

    def find_delivery(self, id: int) -> Delivery | None:
        """By its number."""
        ...

    def load_due(self, now: datetime, limit: int = 1000, channel: Channel | None = None) -> tuple[Delivery, ...]:
        """Pending deliveries that are to be tried, by `next_at`; of one subscriber only the oldest pending one.

        Digests of a subscriber who is not active wait; confirmations and notices do not. One that waits for longer
        than `LONGEST_WAIT` is due as well: the clock was wrong when it was put off.
        """
        ...

    def save_attempt(
        self,
        attempt: DeliveryAttempt,
        state: DeliveryState,
        next_at: datetime | None = None,
        *,
        disabled_because: str = "",
    ) -> bool:
        """Record a try and what it left: False, and nothing recorded, where the delivery was no longer pending.

        With `disabled_because` its subscriber is disabled, and that is why.
        """
        ...

    def put_back(self, delivery_ids: Sequence[int], at: datetime) -> None:
        """Let pending deliveries wait from `at`, behind those that waited before. It is no try, and not counted."""
        ...

    def load_deliveries(
        self,
        *,
        subscriber_id: str | None = None,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """The newest first."""
        ...

    def load_attempts(self, delivery_id: int) -> tuple[DeliveryAttempt, ...]:
        """The tries of one delivery, by time."""
        ...

    def retry(self, delivery_id: int, now: datetime) -> bool:
        """Make one that is dead or refused pending again; False where it is neither."""
        ...

    def load_delivery_figures(self) -> DeliveryFigures:
        """Sums for a monitor."""
        ...

    # Audit

    def load_digests(
        self, *, subscriber_id: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[KeptDigest, ...]:
        """Digests as they were sent, by time."""
        ...

    def find_digest(self, id: str) -> KeptDigest | None:
        """One digest as it was sent."""
        ...

    def verify_digests(self) -> tuple[str, ...]:
        """What does not fit in the chain of digests, in words; nothing where it is whole."""
        ...
