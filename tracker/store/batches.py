"""Values for `IN`, in batches: some builds of SQLite take no more than 999 (sqlite.org/limits.html)."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import TypeVar

MOST = 500
_T = TypeVar("_T", bound=Hashable)


def batches(values: Iterable[_T], most: int = MOST) -> Iterator[list[_T]]:
    """The values, each once, at most `most` at a time."""
    listed = list(dict.fromkeys(values))
    return (listed[start : start + most] for start in range(0, len(listed), most))
