"""The digests of subscribers over one window of changes; nothing of them is kept here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from tracker.digest.composing import Composed, Occasion, compose
from tracker.digest.matching import RuleIndex
from tracker.digest.names import load_names
from tracker.digest.window import Window
from tracker.ports import Edition, SubscriptionStore
from tracker.query import Published
from tracker.types.digests import Told
from tracker.types.watching import Subscriber

MOST_CHANGES = 10_000
"""That one digest is made of; who has more before it gets the next one with the next cut, whatever its hours."""


class Composing:
    """The digests of some subscribers over one window."""

    def __init__(
        self,
        store: SubscriptionStore,
        published: Published,
        subscribers: Sequence[Subscriber],
        window: Window,
        edition: Edition,
        occasion: Occasion,
        most_items: int,
    ) -> None:
        self._store, self._subscribers, self._window, self._occasion = store, subscribers, window, occasion
        self._most_items, self._up_to = most_items, edition.up_to_seq
        rules = [rule for subscriber in subscribers for rule in subscriber.rules]
        parties = {party for rule in rules for party in rule.entities}
        parties.update(party for change in window.changes for party in change.entities)
        self._names = load_names(published, parties, {dispute for rule in rules for dispute in rule.disputes})
        called = {key: named.name for key, named in self._names.entities.items()}
        self._index = RuleIndex(subscribers, window.changes, called)

    def compose(self, start: int, stop: int) -> Iterator[tuple[Subscriber, Callable[[], Composed | None]]]:
        """Each of a slice of the subscribers, with what makes its digest: what fails there is of that one alone."""
        matches = self._index.find_matches(start, stop)
        batch = self._subscribers[start:stop]
        ids = [subscriber.id for subscriber in batch]
        last = self._store.load_last_digests(ids)
        told = self._load_told(ids)
        for subscriber in batch:
            number, since = last.get(subscriber.id, (0, None))
            occasion = replace(
                self._occasion,
                to_seq=max(self._occasion.to_seq, subscriber.cursor),
                number=number + 1,
                since=since,
                most_items=self._most_items,
                wants_all_clear=self._may_be_clear(subscriber),
            )
            found, known = matches.get(subscriber.id, ()), told.get(subscriber.id, {})
            yield subscriber, partial(compose, subscriber, found, self._window, known, self._names, occasion)

    def _may_be_clear(self, subscriber: Subscriber) -> bool:
        """Whether "nothing changed" may be said: at its hours, once for each, and where all was looked at."""
        is_whole = self._occasion.to_seq >= self._up_to
        came_before = subscriber.slot_at is not None and subscriber.slot_at > self._occasion.cut_at
        return is_whole and subscriber.cadence != "at_once" and not came_before

    def _load_told(self, ids: Sequence[str]) -> dict[str, dict[str, Told]]:
        told: dict[str, dict[str, Told]] = {}
        keys = tuple(dict.fromkeys((*self._window.corrected_keys, *self._window.gained_events)))
        if keys:
            for (id_, key), row in self._store.load_told(ids, keys).items():
                told.setdefault(id_, {})[key] = row
        return told
