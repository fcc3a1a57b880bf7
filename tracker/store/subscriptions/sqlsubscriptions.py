"""The store of subscriptions over SQLAlchemy: implements `tracker.ports.subscriptions`. Each `save_` is one
transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tracker.ports.subscriptions import Cut, DeliveryFigures, Edition, KeptDigest
from tracker.store.sessions import Sessions
from tracker.store.subscriptions import chain, cuts, editions, outbox, people
from tracker.types.changes import Change, Fact
from tracker.types.digests import Delivery, DeliveryAttempt, DeliveryState, Message, Told
from tracker.types.watching import Channel, Subscriber


class SqlSubscriptions(Sessions):
    """The database behind an engine; `tracker.store.subscriptions.open_subscriptions` makes it."""

    # --- editions and changes ---

    def load_edition(self) -> Edition | None:
        """The last edition that was compared; None before the first."""
        with self._session() as session:
            return editions.load_edition(session)

    def load_facts(self, keys: Iterable[str] | None = None) -> Mapping[str, Fact]:
        """What the last edition said, by key; with `keys`: of those alone."""
        with self._session() as session:
            return editions.load_facts(session, keys)

    def load_fact_digests(self) -> Mapping[str, int]:
        """`Fact.digest` by key."""
        with self._session() as session:
            return editions.load_fact_digests(session)

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
        """Keep an edition, unless it was compared with another than the last; the last seq."""
        with self._writing() as session:
            return editions.save_edition(session, edition, at, facts, gone, changes, compared_with)

    def load_changes(self, after: int, up_to: int | None = None) -> tuple[Change, ...]:
        """The changes with `after` < seq <= `up_to`, by seq."""
        with self._session() as session:
            return editions.load_changes(session, after, up_to)

    # --- subscribers ---

    def load_subscribers(self) -> tuple[Subscriber, ...]:
        """All, by name."""
        with self._session() as session:
            return people.load_subscribers(session)

    def find_subscriber(self, key: str) -> Subscriber | None:
        """By id or by name."""
        with self._session() as session:
            return people.find_subscriber(session, key)

    def find_subscribers_at(self, channel: Channel, address: str) -> tuple[Subscriber, ...]:
        """Those with this address, whatever the case of a mail address's letters: the active one first."""
        with self._session() as session:
            return people.find_subscribers_at(session, channel, address)

    def save_subscriber(self, subscriber: Subscriber) -> None:
        """Keep a new one, or what was changed of one that is there; not its cursor and slot.

        Raises:
            InputError: the name is taken, or an active one has this address.
        """
        with self._writing() as session:
            people.save_subscriber(session, subscriber)

    def erase_subscriber(self, id: str, at: datetime) -> None:
        """Take out somebody's data, from the file as well."""
        with self._writing() as session:
            people.erase_subscriber(session, id, at)
        self._checkpoint()

    def _checkpoint(self) -> None:
        """Take what was overwritten out of SQLite's log, as far as other readers let us."""
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- cuts ---

    def load_told(self, subscriber_ids: Sequence[str], keys: Iterable[str]) -> Mapping[tuple[str, str], Told]:
        """What these subscribers were last told of these facts, by (subscriber, key)."""
        with self._session() as session:
            return cuts.load_told(session, subscriber_ids, keys)

    def load_last_digests(self, subscriber_ids: Sequence[str]) -> Mapping[str, tuple[int, datetime]]:
        """(number, cut_at) of the last digest of each."""
        with self._session() as session:
            return cuts.load_last_digests(session, subscriber_ids)

    def save_cuts(self, made: Sequence[Cut]) -> int:
        """Keep cuts, of each all or nothing; how many were kept."""
        with self._writing() as session:
            return cuts.save_cuts(session, made)

    def save_message(self, subscriber_id: str, message: Message, at: datetime) -> None:
        """Put a confirmation or a notice into the outbox."""
        with self._writing() as session:
            outbox.save_message(session, subscriber_id, message, at)

    # --- deliveries ---

    def load_due(self, now: datetime, limit: int = 1000, channel: Channel | None = None) -> tuple[Delivery, ...]:
        """Pending deliveries that are to be tried, what waits longest first; of one subscriber only the oldest."""
        with self._session() as session:
            return outbox.load_due(session, now, limit, channel)

    def save_attempt(
        self,
        attempt: DeliveryAttempt,
        state: DeliveryState,
        next_at: datetime | None = None,
        *,
        disabled_because: str = "",
    ) -> bool:
        """Record a try and what it left; False where the delivery was no longer pending."""
        with self._writing() as session:
            return outbox.save_attempt(session, attempt, state, next_at, disabled_because)

    def put_back(self, delivery_ids: Sequence[int], at: datetime) -> None:
        """Pending deliveries wait from `at`, behind those that waited before; it is no try."""
        with self._writing() as session:
            outbox.put_back(session, delivery_ids, at)

    def count_failing(self, channel: Channel, since: datetime) -> int:
        """Subscribers whose deliveries fail, where the channel took nothing at all since then; else 0."""
        with self._session() as session:
            return outbox.count_failing(session, channel, since)

    def find_delivery(self, id: int) -> Delivery | None:
        """By its number."""
        with self._session() as session:
            return outbox.find_delivery(session, id)

    def load_deliveries(
        self,
        *,
        subscriber_id: str | None = None,
        state: DeliveryState | None = None,
        since: datetime | None = None,
        limit: int = 100,
    ) -> tuple[Delivery, ...]:
        """The newest first."""
        with self._session() as session:
            return outbox.load_deliveries(session, subscriber_id=subscriber_id, state=state, since=since, limit=limit)

    def load_attempts(self, delivery_id: int) -> tuple[DeliveryAttempt, ...]:
        """The tries of one delivery, by time."""
        with self._session() as session:
            return outbox.load_attempts(session, delivery_id)

    def retry(self, delivery_id: int, now: datetime) -> bool:
        """Make one that is dead or refused pending again; False where it is neither."""
        with self._writing() as session:
            return outbox.retry(session, delivery_id, now)

    def load_delivery_figures(self) -> DeliveryFigures:
        """Sums for a monitor."""
        with self._session() as session:
            return outbox.delivery_figures(session)

    # --- audit ---

    def load_digests(
        self, *, subscriber_id: str | None = None, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[KeptDigest, ...]:
        """Digests as they were sent, by time."""
        with self._session() as session:
            return cuts.load_digests(session, subscriber_id=subscriber_id, since=since, until=until)

    def find_digest(self, id: str) -> KeptDigest | None:
        """One digest as it was sent."""
        with self._session() as session:
            return next(iter(cuts.load_digests(session, id=id)), None)

    def verify_digests(self) -> tuple[str, ...]:
        """What does not fit in the chain of digests, in words; nothing where it is whole."""
        with self._session() as session:
            return tuple(chain.find_breaks(session))
