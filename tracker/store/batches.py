"""Values for `IN`, in batches: some builds of SQLite take no more than 999 (sqlite.org/limits.html)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

MOST = 500


def batches(values: Iterable[str], most: int = MOST) -> Iterator[list[str]]:
    """The values, each once, at most `most` at a time."""
    listed = list(dict.fromkeys(values))
    return (listed[start : start + most] for start in range(0, len(listed), most))
