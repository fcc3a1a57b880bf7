"""Noting what a page reads while it is made, so that a later build knows whether it would come out the same.

A thing that is read has a name, "claim:c-1a2b" or "events_of_entity:kestrel", and what it is has a digest. "KIND:*" is
all of a kind in their order, "KIND:#" is how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, overload

T = TypeVar("T")
ABSENT = 0


class Reads:
    """Who reads what. What is read while nobody is named is not noted."""

    def __init__(self) -> None:
        self.reading: list[set[str]] = []
        """What those have read who are reading, the innermost last."""
        self.of: dict[str, frozenset[str]] = {}
        """What each reader has read, by the reader's name."""

    def note(self, name: str) -> None:
        """Something is read."""
        if self.reading:
            self.reading[-1].add(name)

    @contextmanager
    def by(self, reader: str, *names: str) -> Iterator[None]:
        """What is read within is read by `reader`, these names to begin with, and not by whoever reads around it."""
        self.reading.append(set(names))
        try:
            yield
        finally:
            self.of[reader] = frozenset(self.reading.pop())


class Watched(Mapping[str, T]):
    """A mapping that notes what is read of it."""

    def __init__(self, kind: str, held: Mapping[str, T], reads: Reads, digest_of: Callable[[T], int]) -> None:
        self._kind, self._held, self._reads, self._digest_of = kind, held, reads, digest_of
        self._prefix, self._reading = f"{kind}:", reads.reading

    def __getitem__(self, key: str) -> T:
        if self._reading:  # as `Reads.note`, which would be a call for each of millions
            self._reading[-1].add(self._prefix + key)
        return self._held[key]

    def get(self, key: str, default: Any = None) -> Any:
        """As a dict's."""
        if self._reading:
            self._reading[-1].add(self._prefix + key)
        return self._held.get(key, default)

    def __contains__(self, key: object) -> bool:
        self._reads.note(f"{self._kind}:{key}")
        return key in self._held

    def __iter__(self) -> Iterator[str]:
        self._reads.note(f"{self._kind}:*")
        return iter(self._held)

    def __len__(self) -> int:
        self._reads.note(f"{self._kind}:#")
        return len(self._held)

    def values(self) -> Any:
        """As a dict's."""
        self._reads.note(f"{self._kind}:*")
        return self._held.values()

    def items(self) -> Any:
        """As a dict's."""
        self._reads.note(f"{self._kind}:*")
        return self._held.items()

    def digest(self, key: str) -> int:
        """What a key gives now, "*" and "#" as above; ABSENT where it gives nothing."""
        if key == "*":
            return hash(tuple(map(self._digest_of, self._held.values())))
        if key == "#":
            return len(self._held)
        value = self._held.get(key)
        return ABSENT if value is None else self._digest_of(value)


class WatchedSequence(Sequence[T]):
    """A sequence that notes that it is read, or that it is counted."""

    def __init__(self, kind: str, held: Sequence[T], reads: Reads, digest_of: Callable[[T], int]) -> None:
        self._kind, self._held, self._reads, self._digest_of = kind, held, reads, digest_of

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        self._reads.note(f"{self._kind}:*")
        return self._held[index]

    def __iter__(self) -> Iterator[T]:
        self._reads.note(f"{self._kind}:*")
        return iter(self._held)

    def __len__(self) -> int:
        self._reads.note(f"{self._kind}:#")
        return len(self._held)

    def __bool__(self) -> bool:
        self._reads.note(f"{self._kind}:?")
        return bool(self._held)

    def digest(self, key: str) -> int:
        """As of `Watched`; "?" is whether there are any."""
        if key == "#":
            return len(self._held)
        if key == "?":
            return int(bool(self._held))
        return hash(tuple(map(self._digest_of, self._held)))


def digest_all(digests: Iterable[int]) -> int:
    """One digest for several, in their order. Hashes of tuples of integers are the same in every process."""
    return hash(tuple(digests))
