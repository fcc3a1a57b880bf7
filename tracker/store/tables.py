"""All tables with what they hold: how many rows, and a digest of their values that is the same on both databases."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlmodel import SQLModel

from tracker.store import host_rows, memory_rows, rows

assert host_rows and memory_rows and rows  # imported for their tables
BATCH_ROWS = 200
"""Texts and extractions are long: so many of them are in hand at once."""
Row = tuple[Any, ...]


@dataclass(frozen=True)
class TableSum:
    """What a table holds, in short."""

    name: str
    rows: int
    digest: str
    """SHA-256 over all rows in the order of their keys, each as a JSON array of its values on a line."""


def all_tables() -> list[Table]:
    """The tables of the store, each behind those that it refers to."""
    return list(SQLModel.metadata.sorted_tables)


def count_rows(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one() for table in all_tables()
    }


def batches_of(connection: Connection, table: Table) -> Iterator[list[Row]]:
    """The rows of a table in the order of its key, so many at a time, read as they are taken."""
    wanted = select(table).order_by(*table.primary_key.columns)
    result = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS).execute(wanted)
    for part in result.partitions():
        yield [tuple(row) for row in part]


class Digesting:
    """Sums up a table as its rows go by."""

    def __init__(self, table: Table) -> None:
        self._name = table.name
        self._rows = 0
        self._digest = hashlib.sha256()

    def add(self, batch: list[Row]) -> None:
        """Take in further rows, in the order of their key."""
        self._rows += len(batch)
        for row in batch:
            line = json.dumps(row, default=_written, ensure_ascii=True, separators=(",", ":"))
            self._digest.update(f"{line}\n".encode("ascii"))

    def sum(self) -> TableSum:
        """What has gone by so far."""
        return TableSum(self._name, self._rows, self._digest.hexdigest())


def _written(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"no digest of a {type(value).__name__}")


def sum_table(connection: Connection, table: Table, note: Callable[[int], None] = lambda rows: None) -> TableSum:
    """What a table holds; `note` is told of every batch how many rows it had."""
    digesting = Digesting(table)
    for batch in batches_of(connection, table):
        digesting.add(batch)
        note(len(batch))
    return digesting.sum()
