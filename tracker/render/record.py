"""The record of a build: which page rests on what, so that the next build makes anew only what came out otherwise.

It is numbers in arrays, since a site of 30,000 pages rests on millions of readings.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile

import numpy as np

from tracker.render.tablefiles import Lines

_FORM = "3"
_IDS = np.uint32


@dataclass(frozen=True)
class Reader:
    """A page or a remembered view: the digest of what its list gave it, and the names of what it read."""

    given: int
    names: Any
    """An array of indices into `BuildRecord.names`."""


@dataclass(frozen=True)
class BuildRecord:
    """What a build left."""

    program: str = ""
    """Digest of program, templates and settings: with another one nothing of this holds."""
    names: tuple[str, ...] = ()
    digests: Any = field(default_factory=lambda: np.zeros(0, np.int64))
    """What each name gave."""
    readers: Mapping[str, Reader] = field(default_factory=dict)
    groups: Mapping[str, Sequence[tuple[str, bool]]] = field(default_factory=dict)
    """For each group of pages their paths, and whether the sitemap names them."""
    tables: Mapping[str, Lines] = field(default_factory=dict)
    """How the tables of the downloads are made up."""
    links: Mapping[str, Any] = field(default_factory=dict)
    """For each page an array of the checksums of the places that it links to (`tracker.render.gates.place_sum`)."""
    places: Mapping[str, Any] = field(default_factory=dict)
    """For each page an array of the checksums of the places on it."""
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """(size, modification time in ns) of each file of the site as it was left."""

    def changed(self, now: Any) -> frozenset[str]:
        """The readers of which something that they read is not what it was; `now` is what each name gives now
        (`digests_of`)."""
        if not self.names:
            return frozenset()
        rows = [(name, reader.names) for name, reader in self.readers.items() if len(reader.names)]
        if not rows:
            return frozenset()
        readers = [name for name, _ in rows]
        read = np.concatenate([names for _, names in rows])
        starts = np.cumsum([0, *(len(names) for _, names in rows[:-1])])
        is_changed = now != self.digests
        views = {name: number for number, name in enumerate(self.names) if name.startswith("view:")}
        found: set[str] = set()
        while True:
            hit = np.flatnonzero(np.logical_or.reduceat(is_changed[read], starts))
            new = {readers[number] for number in hit.tolist()} - found
            if not new:
                return frozenset(found)
            found |= new
            is_changed[:] = False
            is_changed[[views[name] for name in new if name in views]] = True

    def linking(self, sums: frozenset[int]) -> frozenset[str]:
        """The pages that link to one of these places."""
        if not sums:
            return frozenset()
        wanted = np.array(sorted(sums), _IDS)
        return frozenset(path for path, held in self.links.items() if np.isin(held, wanted).any())

    def to_bytes(self) -> bytes:
        """For a file."""
        made = io.BytesIO()
        named = (self.files, self.groups, self.tables)
        head = json.dumps([_FORM, self.program, *map(list, named)], ensure_ascii=True)
        np.savez(
            made,
            head=_text([head]),
            names=_text(self.names),
            digests=self.digests,
            files=np.array(list(self.files.values()), np.int64).reshape(-1, 2),
            group_sizes=np.array([len(pages) for pages in self.groups.values()], np.int64),
            group_paths=_text(path for pages in self.groups.values() for path, _ in pages),
            group_listed=np.array([flag for pages in self.groups.values() for _, flag in pages], np.bool_),
            given=np.array([reader.given for reader in self.readers.values()], np.int64),
            **_saved("reader", {name: reader.names for name, reader in self.readers.items()}),
            **_saved("link", self.links),
            **_saved("place", self.places),
            **{f"keys_{name}": lines.keys for name, lines in self.tables.items()},
            **{f"sizes_{name}": lines.sizes for name, lines in self.tables.items()},
        )
        return made.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> BuildRecord | None:
        """What `to_bytes` made; None for anything else: then there is no record."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                form, program, *rest = json.loads(_lines(held["head"])[0])
                if form != _FORM:
                    return None
                paths, groups, tables = rest
                given = held["given"].tolist()
                readers = _loaded("reader", held).items()
                return cls(
                    program=program,
                    names=tuple(_lines(held["names"])),
                    digests=held["digests"],
                    readers={name: Reader(number, ids) for (name, ids), number in zip(readers, given, strict=True)},
                    groups=_groups(groups, held),
                    tables={name: Lines(held[f"keys_{name}"], held[f"sizes_{name}"]) for name in tables},
                    links=_loaded("link", held),
                    places=_loaded("place", held),
                    files=dict(zip(paths, map(tuple, held["files"].tolist()), strict=True)),
                )
        except (ValueError, KeyError, OSError, EOFError, IndexError, TypeError, BadZipFile):
            return None


@dataclass(frozen=True)
class Grown:
    """What a process has gathered for a record since it began, as it is sent to another."""

    names: list[str]
    """Those that are new, to be counted on from those that both had."""
    readers: _Packed
    given: list[int]
    groups: Mapping[str, Sequence[tuple[str, bool]]]
    links: _Packed
    places: _Packed


class RecordMaker:
    """Gathers the record of a build, on top of what holds of the last one."""

    def __init__(self, program: str, last: BuildRecord, now: Any) -> None:
        """`now` is what each name of the last build's record gives now (`digests_of`)."""
        self._program = program
        self._last, self.now = last, now
        self._names: dict[str, int] = {name: number for number, name in enumerate(last.names)}
        self._readers: dict[str, Reader] = {}
        self._groups: dict[str, Sequence[tuple[str, bool]]] = {}
        self._links: dict[str, Any] = {}
        self._places: dict[str, Any] = {}
        self._common = len(self._names)
        self.tables: Mapping[str, Lines] = {}

    def begin(self) -> None:
        """From here on what is gathered is for another process, which has what was gathered before."""
        self._common = len(self._names)
        self._readers, self._groups, self._links, self._places = {}, {}, {}, {}

    def grown(self) -> Grown:
        """What was gathered since."""
        names = list(self._names)[self._common :]
        readers = _packed({name: reader.names for name, reader in self._readers.items()})
        given = [reader.given for reader in self._readers.values()]
        return Grown(names, readers, given, self._groups, _packed(self._links), _packed(self._places))

    def absorb(self, grown: Grown, common: int) -> None:
        """Add what another process gathered since both had `common` names."""
        held = self._names
        fresh = [held.setdefault(name, len(held)) for name in grown.names]
        numbers = np.concatenate([np.arange(common, dtype=_IDS), np.array(fresh, _IDS)])
        for (name, ids), given in zip(_unpacked(grown.readers).items(), grown.given, strict=True):
            self._readers[name] = Reader(given, numbers[ids])
        self._groups |= grown.groups
        self._links |= _unpacked(grown.links)
        self._places |= _unpacked(grown.places)

    def counts_names(self) -> int:
        """How many names there are."""
        return len(self._names)

    def holds(self, name: str) -> bool:
        """Whether this reader was gathered."""
        return name in self._readers

    def add_group(self, name: str, pages: Sequence[tuple[str, bool]]) -> None:
        """What a group has."""
        self._groups[name] = pages

    def keep(self, name: str) -> None:
        """A reader is what it was."""
        self._readers[name] = self._last.readers[name]

    def keep_links(self, path: str) -> None:
        """A page is what it was."""
        if path in self._last.links:
            self._links[path] = self._last.links[path]
        if path in self._last.places:
            self._places[path] = self._last.places[path]

    def add(self, name: str, given: int, read: Iterable[str]) -> None:
        """A reader that was made now."""
        held = self._names
        ids = [held.setdefault(item, len(held)) for item in sorted(read)]
        self._readers[name] = Reader(given, np.array(ids, _IDS))

    def add_links(self, path: str, sums: Sequence[int], places: Sequence[int]) -> None:
        """Where a page that was made now leads, and the places on it."""
        self._links[path], self._places[path] = np.array(sums, _IDS), np.array(places, _IDS)

    def make(self, digest: Callable[[str], int], files: Mapping[str, tuple[int, int]]) -> BuildRecord:
        """The record, with the files as they were left."""
        fresh = list(self._names)[len(self._last.names) :]
        digests = np.concatenate([self.now, digests_of(fresh, digest)])
        return BuildRecord(
            self._program,
            tuple(self._names),
            digests,
            self._readers,
            self._groups,
            self.tables,
            self._links,
            self._places,
            files,
        )


def digests_of(names: Iterable[str], digest: Callable[[str], int]) -> Any:
    """An array of what each name gives now, which `digest` says; a view counts by what it reads, and not by itself."""
    return np.array([0 if name.startswith("view:") else digest(name) for name in names], np.int64)


def _groups(names: Sequence[str], held: Any) -> dict[str, list[tuple[str, bool]]]:
    pages = list(zip(_lines(held["group_paths"]), held["group_listed"].tolist(), strict=True))
    ends = np.cumsum(held["group_sizes"]).tolist()
    return {name: pages[start:end] for name, start, end in zip(names, [0, *ends[:-1]], ends, strict=True)}


def _text(lines: Iterable[str]) -> Any:
    return np.frombuffer(json.dumps(list(lines), ensure_ascii=True).encode(), np.uint8)


def _lines(array: Any) -> list[str]:
    held: list[str] = json.loads(array.tobytes())
    return held


_Packed = tuple[list[str], Any, Any]
"""Arrays by their names: the names, how many values each has, and all values."""


def _packed(rows: Mapping[str, Any]) -> _Packed:
    values = np.concatenate(list(rows.values())) if rows else np.zeros(0, _IDS)
    return list(rows), np.array([len(row) for row in rows.values()], np.int64), values


def _unpacked(packed: _Packed) -> dict[str, Any]:
    names, sizes, values = packed
    ends = [0, *np.cumsum(sizes).tolist()]
    return {key: values[start:end] for key, (start, end) in zip(names, pairwise(ends), strict=True)}


def _saved(name: str, rows: Mapping[str, Any]) -> dict[str, Any]:
    names, sizes, values = _packed(rows)
    return {f"{name}_names": _text(names), f"{name}_sizes": sizes, f"{name}_values": values}


def _loaded(name: str, held: Any) -> dict[str, Any]:
    return _unpacked((_lines(held[f"{name}_names"]), held[f"{name}_sizes"], held[f"{name}_values"]))
