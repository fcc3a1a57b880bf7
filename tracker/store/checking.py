"""A look through a database: which schema it has, what it holds, and whether what the store promises of it is so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, text
from sqlmodel import col, select

from tracker.errors import SpanMismatch, UnreadableInput
from tracker.ids import sha256_hex
from tracker.records import extraction_from_json
from tracker.store.dialects import for_reading
from tracker.store.engine import connected
from tracker.store.extracting import check_spans
from tracker.store.fulltext.checking import IndexState, find_index, index_faults
from tracker.store.memory_rows import PendingRow
from tracker.store.rows import ClaimRow, DocumentRow, ExtractionRow, PageRow, VersionRow
from tracker.store.schema import HEAD, find_schema
from tracker.store.tables import BATCH_ROWS, count_rows
from tracker.store.work.schema import find_work_schema, is_work_current

MAX_TOLD = 100
"""So many faults are listed; the others are counted."""


@dataclass(frozen=True)
class Checked:
    """What a look has found."""

    place: str
    schema: str | None
    """None: it has no tables yet."""
    newest: str
    """The schema of this version of the program."""
    rows: tuple[tuple[str, int], ...] = ()
    """Of each table; only of a database with the newest schema."""
    extractions: int = 0
    """So many extractions had their spans compared with their texts."""
    faults: tuple[str, ...] = ()
    more_faults: int = 0
    """So many beyond those."""

    index: IndexState | None = None
    """The full-text index; None where nobody has looked for anything yet."""

    @property
    def is_current(self) -> bool:
        """Whether it has the schema that this version of the program works with."""
        return self.schema == self.newest


def check_store(address: str) -> Checked:
    """Look through the database at an address and change nothing: neither its schema nor a row.

    Raises:
        StoreUnusable, StoreLocked: it cannot be read, or is not ours.
    """
    with ExitStack() as stack:
        engine, where = stack.enter_context(connected(address))
        connection = stack.enter_context(for_reading(engine).connect())
        schema = find_schema(connection, where)
        if schema != HEAD:
            return Checked(where, schema, HEAD)
        rows = count_rows(connection)
        listed = _Listed()
        for looked in (_work_faults, _file_faults, _stray_faults, _word_faults, index_faults):
            for fault in looked(connection):
                listed.add(fault)
        return Checked(
            where, schema, HEAD, tuple(rows.items()), rows["extraction"], tuple(listed.faults), listed.more,
            find_index(connection),
        )  # fmt: skip


class _Listed:
    def __init__(self) -> None:
        self.faults: list[str] = []
        self.more = 0

    def add(self, fault: str) -> None:
        if len(self.faults) < MAX_TOLD:
            self.faults.append(fault)
        else:
            self.more += 1


def _file_faults(connection: Connection) -> Iterator[str]:
    """Of SQLite's file itself, as SQLite sees it; a server looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    for (message,) in connection.execute(text(f"PRAGMA integrity_check({MAX_TOLD})")):
        if message != "ok":
            yield f"the file is damaged: {message}"
    for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        yield f"{table}, row {row}: refers to a {parent} that is not there"


def _work_faults(connection: Connection) -> Iterator[str]:
    """Of the tables of workers, which are on a server alone."""
    if connection.dialect.name == "postgresql" and not is_work_current(find_work_schema(connection)):
        yield "the tables of workers are not those of this version; `tracker db upgrade` takes them forward"


def _stray_faults(connection: Connection) -> Iterator[str]:
    """Of rows that name what is not there, or that nothing belongs to."""
    has_version = select(VersionRow.id).where(col(VersionRow.document_id) == col(DocumentRow.id)).exists()
    for (key,) in connection.execute(select(DocumentRow.id).where(~has_version).order_by(col(DocumentRow.id))):
        yield f"document {key}: has no version"
    for row, named, known in (
        (PageRow.url, PageRow.version_id, VersionRow.id),
        (ClaimRow.id, ClaimRow.document_id, DocumentRow.id),
        (PendingRow.document_id, PendingRow.document_id, DocumentRow.id),
    ):
        is_there = select(known).where(col(known) == col(named)).exists()
        strays = select(row, named).where(col(named).is_not(None), ~is_there).order_by(col(row))
        for key, missing in connection.execute(strays):
            yield f"{_name(row)} {key}: refers to {_name(known)} {missing}, which is not there"


def _name(column: Any) -> str:
    return str(column.class_.__tablename__)


def _word_faults(connection: Connection) -> Iterator[str]:
    """Of texts that are not those that were stored, and of spans that do not hold the words that they claim."""
    wanted = (
        select(VersionRow.id, VersionRow.text, VersionRow.text_sha256, ExtractionRow.payload)
        .join(ExtractionRow, col(ExtractionRow.version_id) == col(VersionRow.id), isouter=True)
        .order_by(col(VersionRow.id))
    )
    streamed = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS)
    for key, words, digest, payload in streamed.execute(wanted):
        if sha256_hex(words) != digest:
            yield f"version {key}: its text is not the one that was stored"
        if payload is None:
            continue
        try:
            check_spans(extraction_from_json(payload), words)
        except SpanMismatch as error:
            yield f"extraction of {error.detail}"
        except (UnreadableInput, ValueError, KeyError) as error:
            yield f"extraction of {key}: cannot be read ({' '.join(str(error).split())[:200]})"
