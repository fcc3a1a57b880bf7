"""The tables of the downloads as files, over those of the last build: lines that would come out the same are taken
from there, and only the others are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tracker.ids import int_digest
from tracker.render import parquet
from tracker.render.columns import AS_OF, Column, Table
from tracker.render.dispute_records import answers_of, group_answers
from tracker.render.exports import Record, What, csv_lines, export_records, render_records
from tracker.types import Dataset, Dispute, Event

_OWNER: dict[What, str] = {
    "events": "id", "figures": "event", "assertions": "event", "claims": "id", "documents": "id", "disputes": "id",
    "answers": "",
}  # fmt: skip
"""The column of a table that says of which thing a row tells; answers come in groups of their own (`group_answers`).
Tables that are not here are small, and made whole."""


@dataclass(frozen=True)
class Lines:
    """How a table's files are made up: a row for each thing that they tell of, in their order."""

    keys: Any
    """int64: what the thing's lines rest on, as a digest."""
    sizes: Any
    """int64, three columns: how many records, bytes of CSV, bytes of JSON Lines."""


@dataclass(frozen=True)
class TableFiles:
    """A table in all formats that can be written here."""

    csv: bytes
    jsonl: bytes
    parquet: bytes | None
    rows: int
    lines: Lines | None = None
    """None for a table that is made whole."""


@dataclass
class Tables:
    """What stands of the last build, and what is made now. Nothing is taken over where `digest` is not known."""

    digest: Callable[[str], int] | None = None
    """What a thing of the catalogue is now, by its name (`tracker.render.reads`)."""
    last: Mapping[str, Lines] = field(default_factory=dict)
    read: Callable[[str], bytes | None] = lambda path: None
    """A file of the last build, None where there is none or somebody changed it."""
    made: dict[str, Lines] = field(default_factory=dict)

    def remembered(self, name: str) -> dict[int, int]:
        """What the last build found out and kept with `remember`."""
        lines = self.last.get(name)
        return {} if lines is None else dict(zip(lines.keys.tolist(), lines.sizes[:, 0].tolist(), strict=True))

    def remember(self, name: str, found: Mapping[int, int]) -> None:
        """Keep numbers for the next build, each by a digest of what it rests on."""
        values = np.array(list(found.values()), np.int64).reshape(-1, 1)
        self.made[name] = Lines(np.array(list(found), np.int64), values)

    def make(self, dataset: Dataset, table: Table, settle: Callable[[Record], Record]) -> TableFiles:
        """A table's files; `settle` is applied to each record."""
        columns = (*table.columns, AS_OF) if dataset.as_of else table.columns
        making = _Making(dataset, table, columns, settle)
        if self.digest is None or table.what not in _OWNER:
            return making.whole()
        keys = dict(_list_keys(dataset, table.what, self.digest))
        old = self._load(table.what)
        files = making.over(keys, *old) if old else making.whole(keys)
        if files.lines:
            self.made[table.what] = files.lines
        return files

    def _load(self, what: What) -> tuple[Lines, TableFiles] | None:
        lines = self.last.get(what)
        if lines is None:
            return None
        csv, jsonl = self.read(f"downloads/{what}.csv"), self.read(f"downloads/{what}.jsonl")
        columns = self.read(f"downloads/{what}.parquet") if parquet.is_installed() else b""
        if csv is None or jsonl is None or columns is None:
            return None
        return lines, TableFiles(csv, jsonl, columns, int(lines.sizes[:, 0].sum()))


@dataclass(frozen=True)
class _Making:
    dataset: Dataset
    table: Table
    columns: Sequence[Column]
    settle: Callable[[Record], Record]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def head(self) -> bytes:
        return render_records([], "csv", self.names).encode()

    def whole(self, keys: Mapping[str, int] | None = None) -> TableFiles:
        """All of it, made now; with the keys of its things also how it is made up."""
        owned = list(self._records_of())
        records = [record for _, record in owned]
        columns = parquet.parquet_bytes(self.columns, records, self.table.meaning) if parquet.is_installed() else None
        if keys is None:
            return TableFiles(
                self.head + b"".join(self._csv(records)), b"".join(self._jsonl(records)), columns, len(records)
            )
        parts = list(self._parts(owned, keys).values())
        lines = _lines(keys, [part.sizes for part in parts])
        body = self.head + b"".join(part.csv for part in parts)
        return TableFiles(body, b"".join(part.jsonl for part in parts), columns, len(records), lines)

    def over(self, keys: Mapping[str, int], last: Lines, old: TableFiles) -> TableFiles:
        """As `whole`, out of the old files as far as these hold."""
        if [*keys.values()] == last.keys.tolist():
            return replace(old, parquet=old.parquet or None, lines=last)
        held = {key: at for at, key in enumerate(last.keys.tolist())}
        wanted = [owner for owner, key in keys.items() if key not in held]
        parts = self._parts(self._records_of(frozenset(wanted)), wanted) if wanted else {}
        old_sizes = last.sizes.tolist()
        order = [held.get(key, owner) for owner, key in keys.items()]
        lines = _lines(keys, [old_sizes[at] if isinstance(at, int) else parts[at].sizes for at in order])
        ends = np.vstack([np.zeros((1, 3), np.int64), np.cumsum(last.sizes, axis=0)]).tolist()
        spans = [parts[run] if isinstance(run, str) else (ends[run[0]], ends[run[1]]) for run in _runs(order)]
        csv = (s.csv if isinstance(s, _Part) else old.csv[self._at(s[0]) : self._at(s[1])] for s in spans)
        jsonl = (s.jsonl if isinstance(s, _Part) else old.jsonl[s[0][2] : s[1][2]] for s in spans)
        columns = None
        if old.parquet:
            rows = [s.records if isinstance(s, _Part) else (s[0][0], s[1][0]) for s in spans]
            columns = parquet.parquet_bytes_over(old.parquet, self.columns, rows, self.table.meaning)
        return TableFiles(self.head + b"".join(csv), b"".join(jsonl), columns, int(lines.sizes[:, 0].sum()), lines)

    def _at(self, sizes: Sequence[int]) -> int:
        """Where in the CSV the line begins before which there are so many bytes of lines."""
        return len(self.head) + sizes[1]

    def _records_of(self, owners: frozenset[str] | None = None) -> Iterator[tuple[str, Record]]:
        """(thing, record) of all records, or of those of some things."""
        what = self.table.what
        if what == "answers":
            reconciled, as_of = self.dataset.reconciled, self.dataset.as_of
            held = {record.id: record for record in reconciled.claims}
            beside = {"as_of": as_of.isoformat()} if as_of else {}
            for group in group_answers(reconciled.events, reconciled.disputes, held):
                if owners is None or group.name in owners:
                    yield from ((group.name, self.settle(record | beside)) for record in answers_of(group, held))
            return
        dataset, column = self.dataset if owners is None else subset(self.dataset, what, owners), _OWNER.get(what)
        for record in export_records(dataset, what):
            yield record[column] if column else "", self.settle(record)

    def _parts(self, owned: Iterable[tuple[str, Record]], owners: Iterable[str]) -> dict[str, _Part]:
        """For each thing its records and lines."""
        own: dict[str, list[tuple[Record, bytes, bytes]]] = {owner: [] for owner in owners}
        listed = list(owned)
        records = [record for _, record in listed]
        for (owner, record), csv, jsonl in zip(listed, self._csv(records), self._jsonl(records), strict=True):
            own[owner].append((record, csv, jsonl))
        return {
            owner: _Part([item[0] for item in items], b"".join(i[1] for i in items), b"".join(i[2] for i in items))
            for owner, items in own.items()
        }

    def _csv(self, records: Sequence[Record]) -> Iterator[bytes]:
        return (line.encode("utf-8", "replace") for line in csv_lines(records, self.names))

    def _jsonl(self, records: Sequence[Record]) -> Iterator[bytes]:
        return (render_records([record], "jsonl").encode("utf-8", "replace") for record in records)


@dataclass(frozen=True, slots=True)
class _Part:
    """What a table has of one thing."""

    records: list[Record]
    csv: bytes
    jsonl: bytes

    @property
    def sizes(self) -> list[int]:
        return [len(self.records), len(self.csv), len(self.jsonl)]


def _lines(keys: Mapping[str, int], sizes: Sequence[Sequence[int]]) -> Lines:
    return Lines(np.array(list(keys.values()), np.int64), np.array(sizes, np.int64).reshape(-1, 3))


def _runs(order: Iterable[int | str]) -> Iterator[tuple[int, int] | str]:
    """Numbers that follow on each other as (first, after the last); names as they are."""
    first = after = 0
    for item in order:
        if isinstance(item, int) and item == after and after > first:
            after += 1
            continue
        if after > first:
            yield first, after
        if isinstance(item, int):
            first, after = item, item + 1
        else:
            first = after = 0
            yield item
    if after > first:
        yield first, after


def subset(dataset: Dataset, what: What, owners: frozenset[str]) -> Dataset:
    """A dataset whose records of a kind are those of some things, and what these rest on."""
    reconciled = dataset.reconciled
    if what == "documents":
        return replace(dataset, documents=tuple(item for item in dataset.documents if item.id in owners))
    if what == "disputes":
        disputes = tuple(item for item in reconciled.disputes if item.id in owners)
        return replace(dataset, reconciled=replace(reconciled, disputes=disputes))
    if what == "claims":
        claims = tuple(item for item in reconciled.claims if item.id in owners)
        events = tuple(event for event in reconciled.events if not owners.isdisjoint(_named_by(event)))
        return replace(dataset, reconciled=replace(reconciled, claims=claims, events=events))
    events = tuple(item for item in reconciled.events if item.id in owners)
    return replace(dataset, reconciled=replace(reconciled, events=events))


def _named_by(event: Event) -> list[str]:
    return [*event.claim_ids, *event.recalled_in, *(item.claim_id for item in event.answers if item.claim_id)]


def _list_keys(dataset: Dataset, what: What, digest: Callable[[str], int]) -> Iterator[tuple[str, int]]:
    """(id, digest of all that its records rest on) of each thing, in the order of the table."""

    def key_of(names: Iterable[str]) -> int:
        return hash(tuple(map(digest, names)))

    reconciled = dataset.reconciled
    if what == "documents":
        yield from ((item.id, key_of((f"documents:{item.id}", f"copies_of:{item.id}"))) for item in dataset.documents)
    elif what == "disputes":
        yield from ((item.id, key_of(_names_of_dispute(item))) for item in reconciled.disputes)
    elif what == "answers":
        claims = {record.id: record for record in reconciled.claims}
        for group in group_answers(reconciled.events, reconciled.disputes, claims):
            names = [f"claims:{entry.claim_id}" for entry, _ in group.entries if entry.claim_id]
            yield group.name, hash((int_digest(repr(group.entries)), *map(digest, names)))
    elif what == "claims":
        for record in reconciled.claims:
            claim = record.claim
            parties = (claim.speaker, claim.on_behalf_of, *claim.accused, *claim.target, *claim.via)
            named = [f"entities:{party}" for party in parties if party]
            kinds = ("claims", "events_of_claim", "events_recalled_by", "events_answered_by")
            named += [f"documents:{record.document_id}", *(f"{kind}:{record.id}" for kind in kinds)]
            yield record.id, key_of(named)
    else:
        held = {record.id: record.document_id for record in reconciled.claims}
        yield from ((event.id, key_of(_names_of_event(event, held))) for event in reconciled.events)


def _names_of_event(event: Event, document_of: Mapping[str, str]) -> Iterator[str]:
    yield f"events_by_id:{event.id}"
    named = dict.fromkeys((*event.claim_ids, *event.recalled_in, *(item.claim_id for item in event.figures)))
    yield from (f"claims:{key}" for key in named)
    yield from (f"documents:{document_of.get(key)}" for key in named)
    yield from (f"entities:{party}" for party in event.actors)


def _names_of_dispute(dispute: Dispute) -> Iterator[str]:
    yield f"dispute:{dispute.id}"
    yield from (f"claims:{key}" for step in dispute.steps for key in step.claim_ids)
