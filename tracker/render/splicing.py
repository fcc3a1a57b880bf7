"""Two files of lines, made of one chunk after the other, over those of the last build: chunks that would come out the
same are taken from there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
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
    starts = np.vstack([np.zeros((1, 3), np.int64), np.cumsum(last.sizes, axis=0)]).tolist() if last else []
    bodies: tuple[list[bytes], list[bytes]] = ([], [])
    sizes = []
    for chunk, key in zip(chunks, keys, strict=True):
        at = held.get(key)
        if at is None:
            parts = render(chunk.make())
        else:
            first, after = starts[at], starts[at + 1]
            parts = ((old[0] or b"")[first[1] : after[1]], (old[1] or b"")[first[2] : after[2]])
        sizes.append((1, len(parts[0]), len(parts[1])))
        bodies[0].append(parts[0])
        bodies[1].append(parts[1])
    tables.made[name] = Lines(np.array(keys, np.int64), np.array(sizes, np.int64).reshape(-1, 3))
    return b"".join(bodies[0]), b"".join(bodies[1])


def _key_of(chunk: Chunk, digest: Callable[[str], int]) -> int:
    return hash((int_digest(chunk.kind), *map(digest, chunk.names))) if chunk.names else _ALWAYS
