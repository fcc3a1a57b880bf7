"""Bringing the index up to date: what came, changed or went since the last time is filed, some versions at a time.

Texts are taken apart while others may write; only what comes of it is written alone. Whoever is killed has lost no more
than the part in hand, and the next look goes on there.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from tracker.fulltext.spelling import is_kept
from tracker.fulltext.words import tokens_of
from tracker.store.dialects import for_reading, write_alone
from tracker.store.fulltext.filed import as_tsvector, digest_of_words
from tracker.store.fulltext.tables import DUE, STATE, VERSIONS, find_shape, make_index
from tracker.store.rows import DocumentRow, VersionRow

Note = Callable[[int, int], None]
"""Told of (versions filed, versions in all)."""
_AT_ONCE = 100
_MOST_CHARS = 2_000_000
"""Of the texts in hand, unless one alone is longer."""
_MANY = 1_000
"""So many new rows and the server's planner should hear of it."""
_MOST_KNOWN = 500_000
"""Words of the vocabulary that are remembered as known."""
_TO_VOCABULARY = {
    "sqlite": "INSERT OR IGNORE INTO fulltext_vocabulary SELECT value FROM json_each(:words)",
    "postgresql": "INSERT INTO fulltext_vocabulary SELECT jsonb_array_elements_text(CAST(:words AS jsonb))"
                  " ON CONFLICT DO NOTHING",
}  # fmt: skip


@dataclass(frozen=True)
class _Taken:
    """A version taken apart: its row in the index, and for SQLite its tokens. None for one that is gone."""

    version_id: str
    changes: int
    row: dict[str, Any] | None
    title: str
    text: str
    words: frozenset[str]


def fill_index(engine: Engine, note: Note = lambda done, total: None, *, anew: bool = False) -> int:
    """Make the index where there is none of use (with `anew` in any case) and file all that is due: how many
    versions that were."""
    with for_reading(engine).connect() as connection:
        shape = find_shape(connection)
    if anew or shape is None or not shape.is_usable:
        with engine.begin() as connection:
            write_alone(connection)
            make_index(connection)
    with for_reading(engine).connect() as connection:
        total = connection.execute(select(func.count()).select_from(DUE)).scalar_one()
    known: set[str] = set()
    done = 0
    while done < total and (filed := _file_some(engine, known)):
        done += filed
        note(min(done, total), total)
    if done and engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.exec_driver_sql("SELECT gin_clean_pending_list('fulltext_version_words')")
            if done >= _MANY:
                connection.exec_driver_sql("ANALYZE fulltext_version, fulltext_vocabulary")
    return done


def catch_up(engine: Engine, note: Note = lambda done, total: None) -> int:
    """The same, but where nothing can be written just now (a standby, a run that holds the database) an index that is
    there is left as it is: how many versions are not filed in it yet."""
    try:
        fill_index(engine, note)
    except DBAPIError:
        with for_reading(engine).connect() as connection:
            shape = find_shape(connection)
            if shape is None or not shape.is_usable:
                raise
            return connection.execute(select(func.count()).select_from(DUE)).scalar_one()
    return 0


def _file_some(engine: Engine, known: set[str]) -> int:
    """File the next of those that are due; 0 where none is."""
    with for_reading(engine).connect() as connection:
        taken = _take_some(connection)
    if not taken:
        return 0
    started = time.monotonic()
    with engine.begin() as connection:
        write_alone(connection)
        _file(connection, _unchanged(connection, taken), known)
    time.sleep(min(time.monotonic() - started, 0.1))  # who waits to write gets a turn
    return len(taken)


def _take_some(connection: Connection) -> list[_Taken]:
    columns: list[Any] = [
        DUE.c.version_id, DUE.c.changes, VersionRow.title, VersionRow.text, VersionRow.text_sha256,
        VersionRow.published, VersionRow.language, VersionRow.fetched_at, VersionRow.number, VersionRow.document_id,
        DocumentRow.source,
    ]  # fmt: skip
    wanted = (
        select(*columns)
        .select_from(DUE)
        .join(VersionRow, col(VersionRow.id) == DUE.c.version_id, isouter=True)
        .join(DocumentRow, col(DocumentRow.id) == col(VersionRow.document_id), isouter=True)
        .order_by(DUE.c.version_id)
        .limit(_AT_ONCE)
    )
    taken, chars = [], 0
    with connection.execution_options(stream_results=True, yield_per=10).execute(wanted) as rows:
        for row in rows:
            taken.append(_take(row, connection.dialect.name))
            chars += len(row.text or "")
            if chars > _MOST_CHARS:
                break
    return taken


def _take(due: Any, dialect: str) -> _Taken:
    if due.text is None:
        return _Taken(due.version_id, due.changes, None, "", "", frozenset())
    published: date | None = due.published
    fetched: datetime = due.fetched_at
    row = {
        "version_id": due.version_id, "document_id": due.document_id, "number": due.number, "published": published,
        "day": published or fetched.date(), "language": due.language, "source": due.source,
        "digest": digest_of_words(due.title, due.text_sha256, published, due.language),
    }  # fmt: skip
    title, tokens = tokens_of(due.title), tokens_of(due.text)
    words = frozenset(token for token in {*title, *tokens} if is_kept(token))
    if dialect == "postgresql":
        row["words"], row["wholeness"] = as_tsvector(title, tokens)
        return _Taken(due.version_id, due.changes, row, "", "", words)
    return _Taken(due.version_id, due.changes, row, " ".join(title), " ".join(tokens), words)


def _unchanged(connection: Connection, taken: Sequence[_Taken]) -> list[_Taken]:
    """Those of them that have not changed again while they were taken apart; the others stay due."""
    wanted = select(DUE.c.version_id, DUE.c.changes).where(DUE.c.version_id.in_([item.version_id for item in taken]))
    now = {row.version_id: row.changes for row in connection.execute(wanted)}
    return [item for item in taken if now.get(item.version_id) == item.changes]


def _file(connection: Connection, taken: Sequence[_Taken], known: set[str]) -> None:
    ids = [item.version_id for item in taken]
    connection.execute(delete(VERSIONS).where(VERSIONS.c.version_id.in_(ids)))
    connection.execute(delete(DUE).where(DUE.c.version_id.in_(ids)))
    next_id: int = connection.execute(select(STATE.c.next_id)).scalar_one()
    there = [(number, item) for number, item in enumerate((one for one in taken if one.row), next_id)]
    if not there:
        return
    connection.execute(update(STATE).values(next_id=next_id + len(there)))
    connection.execute(insert(VERSIONS), [{"id": number, **(item.row or {})} for number, item in there])
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("INSERT INTO fulltext_words (rowid, title, text) VALUES (:id, :title, :text)"),
            [{"id": number, "title": item.title, "text": item.text} for number, item in there],
        )
    _learn(connection, {word for _, item in there for word in item.words}, known)


def _learn(connection: Connection, words: set[str], known: set[str]) -> None:
    new = words - known
    if new:
        statement = text(_TO_VOCABULARY[connection.dialect.name])
        connection.execute(statement, {"words": json.dumps(sorted(new), ensure_ascii=False)})
    if len(known) > _MOST_KNOWN:
        known.clear()
    known |= new
