"""Whether the index agrees with the texts, and what room it takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlmodel import col

from tracker.store.fulltext.filed import digest_of_words
from tracker.store.fulltext.tables import DUE, VERSIONS, find_shape
from tracker.store.rows import VersionRow

_BYTES = {
    "sqlite": "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'fulltext%' OR name LIKE 'sqlite_autoindex_fulltext%'",
    "postgresql": "SELECT sum(pg_total_relation_size(oid)) FROM pg_class"
                  " WHERE relkind = 'r' AND relname LIKE 'fulltext%' AND pg_table_is_visible(oid)",
}  # fmt: skip
_CAN_TELL = "SELECT count(*) FROM pragma_module_list WHERE name = 'dbstat'"
_STREAMED = 500
_MEND = "`tracker db index --rebuild` makes it anew"


@dataclass(frozen=True)
class IndexState:
    """What an index holds."""

    versions: int
    due: int
    """Versions that came or changed since it was last brought up to date."""
    has_trigrams: bool
    is_usable: bool
    """Otherwise the next look makes it anew."""


def find_index(connection: Connection) -> IndexState | None:
    """What the index holds; None where there is none."""
    shape = find_shape(connection)
    if shape is None:
        return None
    filed, due = (connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (VERSIONS, DUE))
    return IndexState(filed, due, shape.has_trigrams, shape.is_usable)


def count_bytes(connection: Connection) -> int | None:
    """The room that the index takes on the disk; None where this SQLite cannot tell (sqlite.org/dbstat.html)."""
    kind = connection.dialect.name
    if kind == "sqlite" and not connection.execute(text(_CAN_TELL)).scalar_one():
        return None
    return int(connection.execute(text(_BYTES[kind])).scalar() or 0)


def index_faults(connection: Connection) -> Iterator[str]:
    """Of versions that are not filed as they are and that nothing says are due; none where there is no index."""
    shape = find_shape(connection)
    if shape is None or not shape.is_usable:
        return
    due = select(DUE.c.version_id)
    filed = VERSIONS.c
    gone = ~select(col(VersionRow.id)).where(col(VersionRow.id) == filed.version_id).exists()
    for (key,) in connection.execute(select(filed.version_id).where(gone, filed.version_id.not_in(due))):
        yield f"full-text index: files {key}, which is not there; {_MEND}"
    columns: list[Any] = [
        VersionRow.id, VersionRow.title, VersionRow.text_sha256, VersionRow.published, VersionRow.language,
        filed.digest,
    ]  # fmt: skip
    wanted = (
        select(*columns)
        .join(VERSIONS, filed.version_id == col(VersionRow.id), isouter=True)
        .where(col(VersionRow.id).not_in(due))
        .order_by(col(VersionRow.id))
    )
    streamed = connection.execution_options(stream_results=True, yield_per=_STREAMED)
    for key, title, text_sha256, published, language, digest in streamed.execute(wanted):
        if digest is None:
            yield f"full-text index: lacks version {key}; {_MEND}"
        elif digest != digest_of_words(title, text_sha256, published, language):
            yield f"full-text index: files version {key} as it was before; {_MEND}"
