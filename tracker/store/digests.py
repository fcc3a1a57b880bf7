"""Digests of what is stored, so that whoever made something of it knows whether it would come out the same."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from tracker.store.rows import (
    ClaimRow,
    DisputeRow,
    DocumentRow,
    EntityRow,
    EventRow,
    ExtractionRow,
    RevisionRow,
    VersionRow,
)
from tracker.types import Digests


def load_digests(session: Session) -> Digests:
    """Of everything that is published. A document's text counts by its own digest and is not read."""
    return Digests(
        documents=_documents(session),
        claims=_payloads(session, ClaimRow),
        events=_payloads(session, EventRow),
        entities=_payloads(session, EntityRow),
        disputes=_payloads(session, DisputeRow),
    )


def _payloads(session: Session, table: Any) -> dict[str, int]:
    return {key: _digest(payload) for key, payload in _rows(session, select(table.id, table.payload))}


def _documents(session: Session) -> dict[str, int]:
    """Each with its versions, their extractions, and what became of its claims."""
    parts: dict[str, list[str]] = defaultdict(list)
    columns = [column for column in VersionRow.__table__.columns if column.name != "text"]  # type: ignore[attr-defined]
    read = select(VersionRow.document_id, ExtractionRow.payload, *columns)
    versions = read.join(ExtractionRow, col(ExtractionRow.version_id) == col(VersionRow.id))
    revisions = select(RevisionRow.document_id, RevisionRow.payload).order_by(col(RevisionRow.id))
    documents = select(DocumentRow.id, *DocumentRow.__table__.columns)  # type: ignore[attr-defined]
    written = str if session.connection().dialect.name == "sqlite" else _as_on_sqlite
    for query in (versions.order_by(col(VersionRow.id)), revisions, documents):
        for key, *values in _rows(session, query):
            parts[key].append("\x1f".join(map(written, values)))
    return {key: _digest(*own) for key, own in parts.items()}


def _digest(*texts: str) -> int:
    """63 bits of the SHA-256 of texts, which processors work out by themselves: these are all that is stored."""
    told = "".join([f"{len(text)}:{text}" for text in texts]) if len(texts) > 1 else texts[0]
    return int.from_bytes(hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


def _rows(session: Session, query: Any) -> Iterable[Any]:
    """The rows as the driver gives them: nothing is read out of them, so nothing need be made of them."""
    connection = session.connection()
    return connection.exec_driver_sql(str(query.compile(connection)))


def _as_on_sqlite(value: object) -> str:
    """A value as SQLite has it written, out of what PostgreSQL's driver makes of instants and JSON."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return json.dumps(value) if isinstance(value, list) else str(value)
