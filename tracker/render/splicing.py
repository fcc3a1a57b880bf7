"""Two files of lines, made of one chunk after the other, over those of the last build: chunks that would come out the
same are taken from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tracker.ids import int_digest
from tracker.render.tablefiles import Lines, Tables

_ALWAYS = 0
"""The key of a chunk that is made each time."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of one thing."""

    kind: str
    names: Sequence[str]
    """What they rest on (`tracker.render.reads`); without any they are made each time."""
    make: Callable[[], Iterable[Any]]


def splice(
    tables: Tables,
    name: str,
    old: tuple[bytes | None, bytes | None],
    chunks: Sequence[Chunk],
    render: Callable[[Iterable[Any]], tuple[bytes, bytes]],
) -> tuple[bytes, bytes]:
    """Two files; `render` gives the lines of what a chunk makes, for each of the two.

    `old` are the same files of the last build, None where there is none.
    """
    if tables.digest is None:
        return render(item for chunk in chunks for item in chunk.make())
    keys = [_key_of(chunk, tables.digest) for chunk in chunks]
    last = tables.last.get(name)
    held: dict[int, int] = {}
    if last is not None and old[0] is not None and old[1] is not None:
        held = {key: at for at, key in enumerate(last.keys.tolist()) if key != _ALWAYS}
    first, other = (
        _Spans(body or b"", last.sizes[:, column] if held and last else ())
        for body, column in zip(old, (1, 2), strict=True)
    )
    sizes = []
    for chunk, key in zip(chunks, keys, strict=True):
        at = held.get(key)
        if at is None:
            parts = render(chunk.make())
            sizes.append((1, first.add(parts[0]), other.add(parts[1])))
        else:
            sizes.append((1, first.take(at), other.take(at)))
    tables.made[name] = Lines(np.array(keys, np.int64), np.array(sizes, np.int64).reshape(-1, 3))
    return first.join(), other.join()


class _Spans:
    """A file that is put together: what is taken of an old one, and what is new. Parts of the old that follow on each
    other are taken as one, or a file of tens of megabytes would be copied by the thousand."""

    def __init__(self, old: bytes, sizes: Any) -> None:
        self._old = memoryview(old)
        self._ends: list[int] = [0, *np.cumsum(np.asarray(sizes, np.int64)).tolist()]
        self._parts: list[bytes | memoryview] = []
        self._from = self._to = 0

    def take(self, at: int) -> int:
        """Part number `at` of the old file comes next; gives its size."""
        begin, end = self._ends[at], self._ends[at + 1]
        if begin != self._to:
            self._flush()
            self._from = begin
        self._to = end
        return end - begin

    def add(self, part: bytes) -> int:
        """A new part comes next; gives its size."""
        self._flush()
        self._from = self._to = 0
        self._parts.append(part)
        return len(part)

    def join(self) -> bytes:
        """The file."""
        self._flush()
        return b"".join(self._parts)

    def _flush(self) -> None:
        if self._to > self._from:
            self._parts.append(self._old[self._from : self._to])


def _key_of(chunk: Chunk, digest: Callable[[str], int]) -> int:
    return hash((_digest_of_kind(chunk.kind), *map(digest, chunk.names))) if chunk.names else _ALWAYS


@lru_cache(maxsize=1 << 12)
def _digest_of_kind(kind: str) -> int:
    return int_digest(kind)
