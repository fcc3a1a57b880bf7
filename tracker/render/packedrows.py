"""Rows of numbers by their names, one after the other in one array: tens of thousands that are read from a file and
written to one without an array for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

IDS = np.uint32
"""What the numbers are."""


class PackedRows(Mapping[str, Any]):
    """For each name an array of numbers."""

    def __init__(self, names: Sequence[str] = (), sizes: Any = (), numbers: Any = ()) -> None:
        """`sizes` says how many of the `numbers` each row has."""
        self.names, self.sizes, self.numbers = names, np.asarray(sizes, np.int64), np.asarray(numbers, IDS)
        self.ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.sizes)])

    @classmethod
    def of(cls, rows: Mapping[str, Any]) -> PackedRows:
        """Arrays by their names, packed."""
        values = np.concatenate(list(rows.values())) if rows else ()
        return cls(list(rows), [len(row) for row in rows.values()], values)

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self.names)}

    def place(self, name: str) -> int | None:
        """Which row it is, counted from 0."""
        return self._places.get(name)

    def places(self, names: Iterable[str]) -> list[int]:
        """The places of those of some rows that there are."""
        held = self._places
        return [held[name] for name in names if name in held]

    def __getitem__(self, name: str) -> Any:
        place = self._places[name]
        return self.numbers[self.ends[place] : self.ends[place + 1]]

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)

    def chosen(self, places: Iterable[int]) -> PackedRows:
        """The rows at these places, in the order in which they stand here."""
        is_chosen = self.flags(places)
        names = [self.names[place] for place in np.flatnonzero(is_chosen).tolist()]
        return PackedRows(names, self.sizes[is_chosen], self.numbers[np.repeat(is_chosen, self.sizes)])

    def flags(self, places: Iterable[int]) -> Any:
        """Of each row whether its place is one of these."""
        flags = np.zeros(len(self.names), np.bool_)
        flags[np.fromiter(places, np.int64)] = True
        return flags

    def joined(self, other: PackedRows) -> PackedRows:
        """These rows, then others."""
        sizes, values = np.concatenate([self.sizes, other.sizes]), np.concatenate([self.numbers, other.numbers])
        return PackedRows([*self.names, *other.names], sizes, values)

    def over(self, numbers: Any) -> PackedRows:
        """The same with each number replaced by the one that stands in its place among these."""
        return PackedRows(self.names, self.sizes, numbers[self.numbers])

    def rows_with(self, flags: Any) -> list[str]:
        """The names of the rows that have a value of which the flag is set; `flags` has one for each value."""
        is_filled = self.sizes > 0
        if not is_filled.any():
            return []
        found = np.logical_or.reduceat(flags, self.ends[:-1][is_filled])
        return [self.names[place] for place in np.flatnonzero(is_filled)[found].tolist()]
