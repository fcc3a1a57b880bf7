"""The database over that of the last build: the rows of what changed go and come, all others stay where they are.

Bytes do not tell: what SQLite lays down where depends on what came before, so both ways end with the same laying out
anew (`building`), which costs a fraction of making the rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from tracker.render.database import tablerows
from tracker.render.database.inserting import insert
from tracker.render.database.rowkeys import Owner
from tracker.render.database.schema import Schema
from tracker.render.database.values import Row, SearchIds, storable_values
from tracker.render.views import Views

T = TypeVar("T")
_OWNED: Mapping[str, Mapping[str, str]] = {
    "document": {
        "_mentions": "version_id IN (SELECT id FROM _versions WHERE document_id IN stale)",
        "_versions": "document_id IN stale",
        "_documents": "id IN stale",
    },
    "claim": {"_claim_parties": "claim_id IN stale", "_quantities": "claim_id IN stale", "_claims": "id IN stale"},
    "event": {
        "_party_rows": "kind = 'figure' AND id IN (SELECT id FROM _figures WHERE event_id IN stale)",
        "_event_claims": "event_id IN stale",
        "_event_sources": "event_id IN stale",
        "_figures": "event_id IN stale",
        "_assertions": "event_id IN stale",
        "_assertion_claims": "event_id IN stale",
        "_events": "id IN stale",
    },
    "dispute": {
        "_dispute_events": "dispute_id IN stale",
        "_dispute_steps": "dispute_id IN stale",
        "_disputes": "id IN stale",
    },
}
"""For each kind of thing the tables with rows of it alone, and which rows are of what is stale, in the order in which
they go."""
_OF_ANSWERS = {"_answers", "_dispute_answers", "_party_rows"}
"""Where rows of answers stand; what else `_party_rows` has goes and comes with its things."""
_LISTED = {"document": ("document",), "claim": ("claim",), "event": ("event", "figure"), "dispute": ("dispute",)}
"""For each kind what `_party_rows` calls its rows."""


@dataclass(frozen=True)
class Carried:
    """What is to be done with the rows that stand."""

    gone: frozenset[Owner]
    anew: frozenset[Owner]
    are_answers_settled: bool = False
    """Whether the rows of answers stay as they are."""


def compare(connection: sqlite3.Connection, views: Views, keys: Mapping[Owner, int], last: Collection[int]) -> Carried:
    """What is not any more and what is to be made anew; `last` are the keys with which the rows were made."""
    query = " UNION ALL ".join(f"SELECT '{kind}', id FROM _{kind}s" for kind in _OWNED)  # noqa: S608
    held: set[Owner] = set(connection.execute(query))
    known = set(last)
    anew = {owner for owner, key in keys.items() if key not in known or owner not in held}
    anew |= {("document", key) for key in _mentioning(connection, views)}
    return Carried(frozenset(held - keys.keys()), frozenset(anew))


def _mentioning(connection: sqlite3.Connection, views: Views) -> Iterator[str]:
    """The documents with a mention of an entity that came to the file or went from it."""
    before = {id_ for (id_,) in connection.execute("SELECT id FROM _entities")}
    moved = before ^ set(views.catalogue.entities)
    for document in views.catalogue.documents.values() if moved else ():
        if any(mention.entity_id in moved for item in document.extractions for mention in item.mentions):
            yield document.id


def carry(connection: sqlite3.Connection, schema: Schema, views: Views, numbers: SearchIds, carried: Carried) -> None:
    """Bring the rows of all tables, but those that describe the file, to what the views say."""
    connection.execute("CREATE TEMP TABLE stale (id TEXT PRIMARY KEY) WITHOUT ROWID")
    for kind, tables in _OWNED.items():
        _remove(connection, kind, tables, [id_ for of, id_ in carried.gone | carried.anew if of == kind])
    connection.execute("DROP TABLE temp.stale")
    for kind, tables in _OWNED.items():
        some = _some(views, kind, frozenset(id_ for of, id_ in carried.anew if of == kind))
        for table, rows in tablerows.table_rows(some, numbers, _LISTED[kind]):
            if table in tables or table == "_party_rows":
                insert(connection, schema, table, rows)
    owned = {table for tables in _OWNED.values() for table in tables} - {"_party_rows"}
    if carried.are_answers_settled:
        owned |= _OF_ANSWERS
    for table, rows in tablerows.table_rows(views, numbers, ("answer",), _count_mentions(connection)):
        if table not in owned:
            _bring_to(connection, schema, table, rows)


def _remove(connection: sqlite3.Connection, kind: str, tables: Mapping[str, str], ids: Collection[str]) -> None:
    connection.execute("DELETE FROM stale")
    connection.executemany("INSERT INTO stale VALUES (?)", ((id_,) for id_ in ids))
    for table, which in tables.items():
        connection.execute(f"DELETE FROM {table} WHERE {which}")  # noqa: S608
    connection.execute("DELETE FROM _party_rows WHERE kind = ? AND id IN stale", (kind,))


def _count_mentions(connection: sqlite3.Connection) -> dict[str, int]:
    return dict(connection.execute("SELECT entity_id, count(*) FROM _mentions GROUP BY entity_id"))


def _bring_to(connection: sqlite3.Connection, schema: Schema, table: str, rows: Iterable[Row]) -> None:
    """Have a table hold these rows, with as few changes as that takes."""
    columns = schema.table_columns(table)
    keys = [columns.index(row[1]) for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    which = " WHERE kind = 'answer'" if table == "_party_rows" else ""
    wanted = {tuple(storable_values(map(row.__getitem__, columns))): row for row in rows}
    held = set(connection.execute(f"SELECT {', '.join(columns)} FROM {table}{which}"))  # noqa: S608
    stale = ([row[place] for place in keys] for row in held - wanted.keys())
    named = " AND ".join(f"{columns[place]} IS ?" for place in keys)
    connection.executemany(f"DELETE FROM {table} WHERE {named}", stale)  # noqa: S608
    insert(connection, schema, table, (row for key, row in wanted.items() if key not in held))


def _some(views: Views, kind: str, ids: frozenset[str]) -> Views:
    """Views that list some things of a kind alone; what these name is found as in the whole."""
    catalogue = views.catalogue
    fields: dict[str, Any] = {}
    if kind == "document":
        fields["documents"] = _Some(catalogue.documents, ids)
    elif kind == "claim":
        told = (catalogue.events_of_claim, catalogue.events_recalled_by, catalogue.events_answered_by)
        named = {event.id for index in told for key in ids for event in index.get(key, ())}
        fields = {"claims": _Some(catalogue.claims, ids), "events": _chosen(catalogue.events, lambda e: e.id in named)}
    elif kind == "event":
        fields["events"] = _chosen(catalogue.events, lambda event: event.id in ids)
    else:
        fields["disputes"] = _chosen(catalogue.disputes, lambda dispute: dispute.id in ids)
    return Views(replace(catalogue, **fields), views.site, stamps=views.stamps)


def _chosen(things: Iterable[T], is_chosen: Callable[[T], bool]) -> tuple[T, ...]:
    return tuple(item for item in things if is_chosen(item))


class _Some(Mapping[str, T]):
    """A mapping that lists some of its keys, and finds all."""

    def __init__(self, whole: Mapping[str, T], keys: frozenset[str]) -> None:
        self._whole, self._keys = whole, keys

    def __getitem__(self, key: str) -> T:
        return self._whole[key]

    def __contains__(self, key: object) -> bool:
        return key in self._whole

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._whole if key in self._keys)

    def __len__(self) -> int:
        return len(self._keys)
