"""The record of a build: which page rests on what, so that the next build makes anew only what came out otherwise.

It is numbers in arrays, since a site of 30,000 pages rests on millions of readings.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any
from zipfile import BadZipFile

import numpy as np

from tracker.render.packedrows import IDS, PackedRows
from tracker.render.tablefiles import Lines

_FORM = "4"


@dataclass(frozen=True)
class BuildRecord:
    """What a build left."""

    program: str = ""
    """Digest of program, templates and settings: with another one nothing of this holds."""
    names: tuple[str, ...] = ()
    digests: Any = field(default_factory=lambda: np.zeros(0, np.int64))
    """What each name gave."""
    reads: PackedRows = field(default_factory=PackedRows)
    """For each reader, a page or a remembered view, an array of indices into `names`: what it read."""
    given: Any = field(default_factory=lambda: np.zeros(0, np.int64))
    """For each reader the digest of what its list gave it."""
    groups: Mapping[str, Sequence[tuple[str, bool]]] = field(default_factory=dict)
    """For each group of pages their paths, and whether the sitemap names them."""
    tables: Mapping[str, Lines] = field(default_factory=dict)
    """How the tables of the downloads are made up."""
    links: PackedRows = field(default_factory=PackedRows)
    """For each page an array of the checksums of the places that it links to (`tracker.render.gates.place_sum`)."""
    places: PackedRows = field(default_factory=PackedRows)
    """For each page an array of the checksums of the places on it."""
    files: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """(size, modification time in ns) of each file of the site as it was left."""

    @cached_property
    def numbers(self) -> dict[str, int]:
        """The index of each name."""
        return {name: number for number, name in enumerate(self.names)}

    def given_to(self, reader: str) -> int | None:
        """The digest of what a reader was given; None for one that is not on record."""
        place = self.reads.place(reader)
        return None if place is None else int(self.given[place])

    def changed(self, now: Any) -> frozenset[str]:
        """The readers of which something that they read is not what it was; `now` is what each name gives now
        (`digests_of`)."""
        if not self.names:
            return frozenset()
        is_changed = now != self.digests
        found: set[str] = set()
        while True:
            new = set(self.reads.rows_with(is_changed[self.reads.numbers])) - found
            if not new:
                return frozenset(found)
            found |= new
            is_changed[:] = False
            is_changed[[self.numbers[name] for name in new if name.startswith("view:") and name in self.numbers]] = True

    def linking(self, sums: frozenset[int]) -> frozenset[str]:
        """The pages that link to one of these places."""
        if not sums:
            return frozenset()
        wanted = np.array(sorted(sums), IDS)
        return frozenset(self.links.rows_with(np.isin(self.links.numbers, wanted)))

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
            given=self.given,
            **_saved("reader", self.reads),
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
                return cls(
                    program=program,
                    names=tuple(_lines(held["names"])),
                    digests=held["digests"],
                    reads=_loaded("reader", held),
                    given=held["given"],
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
    kept: set[str]
    """Readers that are what they were."""
    kept_pages: set[str]
    """The same of pages, which are readers too."""
    reads: PackedRows
    given: list[int]
    groups: Mapping[str, Sequence[tuple[str, bool]]]
    links: PackedRows
    places: PackedRows


class RecordMaker:
    """Gathers the record of a build, on top of what holds of the last one."""

    def __init__(self, program: str, last: BuildRecord, now: Any) -> None:
        """`now` is what each name of the last build's record gives now (`digests_of`)."""
        self._program = program
        self._last, self.now = last, now
        self._names: dict[str, int] = dict(last.numbers)
        self._common = len(self._names)
        self.tables: Mapping[str, Lines] = {}
        self._gather()

    def _gather(self) -> None:
        self._kept: set[str] = set()
        self._kept_pages: set[str] = set()
        self._reads: dict[str, Any] = {}
        self._given: dict[str, int] = {}
        self._groups: dict[str, Sequence[tuple[str, bool]]] = {}
        self._links: dict[str, Any] = {}
        self._places: dict[str, Any] = {}

    def begin(self) -> None:
        """From here on what is gathered is for another process, which has what was gathered before."""
        self._common = len(self._names)
        self._gather()

    def grown(self) -> Grown:
        """What was gathered since."""
        names = list(self._names)[self._common :]
        rows = (PackedRows.of(self._links), PackedRows.of(self._places))
        given = list(self._given.values())
        return Grown(names, self._kept, self._kept_pages, PackedRows.of(self._reads), given, self._groups, *rows)

    def absorb(self, grown: Grown, common: int) -> None:
        """Add what another process gathered since both had `common` names."""
        held = self._names
        fresh = [held.setdefault(name, len(held)) for name in grown.names]
        numbers = np.concatenate([np.arange(common, dtype=IDS), np.array(fresh, IDS)])
        self._kept |= grown.kept
        self._kept_pages |= grown.kept_pages
        self._reads.update(grown.reads.over(numbers))
        self._given.update(zip(grown.reads, grown.given, strict=True))
        self._groups |= grown.groups
        self._links.update(grown.links)
        self._places.update(grown.places)

    def counts_names(self) -> int:
        """How many names there are."""
        return len(self._names)

    def holds(self, name: str) -> bool:
        """Whether this reader was made now."""
        return name in self._reads

    def add_group(self, name: str, pages: Sequence[tuple[str, bool]]) -> None:
        """What a group has."""
        self._groups[name] = pages

    def keep(self, name: str) -> None:
        """A reader is what it was."""
        self._kept.add(name)

    def keep_page(self, path: str) -> None:
        """A page, or another file, is what it was, and leads where it led."""
        self._kept_pages.add(path)

    def add(self, name: str, given: int, read: Iterable[str]) -> None:
        """A reader that was made now."""
        held = self._names
        ids = [held.setdefault(item, len(held)) for item in sorted(read)]
        self._reads[name], self._given[name] = np.array(ids, IDS), given

    def add_links(self, path: str, sums: Sequence[int], places: Sequence[int]) -> None:
        """Where a page that was made now leads, and the places on it."""
        self._links[path], self._places[path] = np.array(sums, IDS), np.array(places, IDS)

    def make(self, digest: Callable[[str], int], files: Mapping[str, tuple[int, int]]) -> BuildRecord:
        """The record, with the files as they were left."""
        last, pages = self._last, self._kept_pages
        readers = last.reads.places((*self._kept, *(f"page:{path}" for path in pages)))
        fresh = list(self._names)[len(last.names) :]
        given = np.array(list(self._given.values()), np.int64)
        return BuildRecord(
            program=self._program,
            names=tuple(self._names),
            digests=np.concatenate([self.now, digests_of(fresh, digest)]),
            reads=last.reads.chosen(readers).joined(PackedRows.of(self._reads)),
            given=np.concatenate([last.given[last.reads.flags(readers)], given]),
            groups=self._groups,
            tables=self.tables,
            links=last.links.chosen(last.links.places(pages)).joined(PackedRows.of(self._links)),
            places=last.places.chosen(last.places.places(pages)).joined(PackedRows.of(self._places)),
            files=files,
        )


def digests_of(names: Iterable[str], digest: Callable[[str], int]) -> Any:
    """An array of what each name gives now, which `digest` says; a view counts by what it reads, and not by itself."""
    return np.array([0 if name.startswith("view:") else digest(name) for name in names], np.int64)


def _groups(names: Sequence[str], held: Any) -> dict[str, list[tuple[str, bool]]]:
    pages = list(zip(_lines(held["group_paths"]), held["group_listed"].tolist(), strict=True))
    ends = [0, *np.cumsum(held["group_sizes"]).tolist()]
    return {name: pages[start:end] for name, (start, end) in zip(names, pairwise(ends), strict=True)}


def _text(lines: Iterable[str]) -> Any:
    """Texts as bytes: a line each where no text has more than one, which is quickest, or else as JSON."""
    held = list(lines)
    text = "\n".join(("", *held))
    if text.count("\n") != len(held) or not held:
        text = json.dumps(held)
    return np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)


def _lines(array: Any) -> list[str]:
    text: str = array.tobytes().decode("utf-8", "surrogatepass")
    held: list[str] = text[1:].split("\n") if text.startswith("\n") else json.loads(text)
    return held


def _saved(name: str, rows: PackedRows) -> dict[str, Any]:
    return {f"{name}_names": _text(rows.names), f"{name}_sizes": rows.sizes, f"{name}_values": rows.numbers}


def _loaded(name: str, held: Any) -> PackedRows:
    rows = PackedRows(_lines(held[f"{name}_names"]), held[f"{name}_sizes"], held[f"{name}_values"])
    if len(rows.sizes) != len(rows.names) or rows.ends[-1] != len(rows.numbers):
        raise ValueError("rows that do not fit together")
    return rows
