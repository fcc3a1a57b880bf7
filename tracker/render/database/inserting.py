"""Putting rows into a table of the published database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from operator import itemgetter

from tracker.errors import BuildRefused
from tracker.render.database.schema import Schema
from tracker.render.database.values import Row, storable_values


def insert(connection: sqlite3.Connection, schema: Schema, table: str, rows: Iterable[Row]) -> None:
    """Insert rows.

    Raises:
        BuildRefused: they break the schema.
    """
    columns = schema.table_columns(table)
    sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608
    values_of = itemgetter(*columns)  # every table has several
    try:
        connection.executemany(sql, (storable_values(values_of(row)) for row in rows))
    except sqlite3.IntegrityError as error:
        raise BuildRefused(f"the dataset does not fit the database's table {table}: {error}") from error
