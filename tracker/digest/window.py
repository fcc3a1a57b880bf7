"""The changes that digests of one cut are made of, found by the facts that they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from tracker.types.changes import Change, ChangeKind
from tracker.types.digests import Told

OF_WHAT_STOOD: frozenset[ChangeKind] = frozenset({"corrected", "vanished", "withdrawn"})
"""Changes of words that stood before."""
_GONE: frozenset[ChangeKind] = frozenset({"vanished", "withdrawn"})
_PARTS = frozenset({"assertion", "figure", "conflict", "answer"})
"""Kinds of keys that begin with their event's id."""


@dataclass(frozen=True)
class Window:
    """Changes by seq, each with its own."""

    changes: Sequence[Change]

    @cached_property
    def _by_key(self) -> dict[str, list[Change]]:
        by_key: dict[str, list[Change]] = {}
        for change in self.changes:
            by_key.setdefault(change.key, []).append(change)
        return by_key

    @cached_property
    def _correcting(self) -> dict[str, list[Change]]:
        correcting: dict[str, list[Change]] = {}
        for change in self.changes:
            for key in dict.fromkeys(change.corrects):
                correcting.setdefault(key, []).append(change)
        return correcting

    @property
    def corrected_keys(self) -> tuple[str, ...]:
        """The facts that are otherwise than they were told to be: who was told one of them is told so."""
        return tuple(self._correcting)

    @property
    def gained_events(self) -> tuple[str, ...]:
        """The keys of events that more sources report: who was told one of them is not told it again for that."""
        return tuple(dict.fromkeys(change.key for change in self.changes if is_event_gain(change)))

    def of_key(self, key: str, after: int) -> list[Change]:
        """What became of one fact after a seq."""
        return [change for change in self._by_key.get(key, ()) if change.seq > after]

    def correcting(self, key: str, after: int) -> list[Change]:
        """What corrects one fact after a seq."""
        return [change for change in self._correcting.get(key, ()) if change.seq > after]

    def correcting_in_turn(self, key: str, after: int) -> list[Change]:
        """What corrects one fact after a seq, and what corrects these corrections, by seq."""
        found: dict[int, Change] = {}
        keys = [(key, after)]
        while keys:
            for change in self.correcting(*keys.pop()):
                if change.seq not in found:
                    found[change.seq] = change
                    keys.append((change.key, change.seq))
        return [found[seq] for seq in sorted(found)]

    def is_fresh(self, key: str, after: int) -> bool:
        """Whether a fact, or the event that it is a part of, came to be known after a seq."""
        kind, _, id_ = key.partition(":")
        keys = (key, f"event:{id_.partition('/')[0]}") if kind in _PARTS else (key,)
        return any(is_new(change) for one in keys for change in self.of_key(one, after))

    def find_corrections(self, told: Mapping[str, Told], after: int) -> Iterator[tuple[Change, Told]]:
        """What corrects something of what a subscriber was told (by key), with that."""
        for key, row in told.items():
            for change in self.correcting(key, after):
                yield change, row


def is_new(change: Change) -> bool:
    """Whether the fact was not known before."""
    return not change.before and not change.sources_before and change.kind not in _GONE and not change.corrects


def is_event_gain(change: Change) -> bool:
    """Whether more sources report an event as a whole."""
    return change.kind == "sources" and change.key.startswith("event:")


def is_gone(change: Change) -> bool:
    """Whether nobody says it any more, or people took it back here."""
    return change.kind in _GONE and not change.independent_sources
